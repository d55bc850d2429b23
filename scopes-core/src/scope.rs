//! The identity of a scope, untyped and typed.

use core::any::TypeId;
use core::fmt::{Debug, Display};
use core::hash::Hash;

use crate::catalogue::UntypedCatalogue;
use crate::set::Words;

/// The position of a scope in its catalogue, in declaration order.
///
/// An id means nothing outside its catalogue. Programs store and send wire names, never ids.
///
/// ```
/// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// # let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "/users");
/// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
/// let id = catalogue.scope_named("users.read").unwrap();
/// assert_eq!(catalogue.scope(id).unwrap().name(), "users.read");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScopeId(pub(crate) u16);

impl ScopeId {
    /// The id of a position. For the code that `scopes!` generates.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(index: u16) -> Self {
        Self(index)
    }

    /// The position in declaration order, counted from 0.
    ///
    /// ```
    #[doc = include_str!("docs/api.txt")]
    /// use scopes_core::Scope;
    /// // A row of a table for each scope.
    /// let mut used = vec![0; api::Scope::catalogue().scopes().len()];
    /// used[api::Scope::UsersWrite.id().index()] += 1;
    /// assert_eq!(used, [0, 1, 0]);
    /// ```
    #[inline]
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// A scope of one catalogue: the `Scope` enum that `scopes!` generates.
///
/// The type *is* the catalogue's identity: sets, grants and permits are generic over it, so that
/// two catalogues never mix. Implemented by `scopes!` only.
///
/// ```
#[doc = include_str!("docs/api.txt")]
/// use scopes_core::Scope;
///
/// // Code for any catalogue is generic over its scopes.
/// fn names<S: Scope>() -> Vec<&'static str> {
///     S::catalogue().scopes().map(|scope| scope.name()).collect()
/// }
/// assert_eq!(names::<api::Scope>(), ["users.read", "users.write", "all.read"]);
/// ```
pub trait Scope: Copy + Eq + Ord + Hash + Debug + Display + Send + Sync + Unpin + 'static {
    /// The machine words that hold one bit for each scope of the catalogue: `[u64; N]`.
    type Words: Words;

    /// The scope's position in declaration order.
    ///
    /// ```
    #[doc = include_str!("docs/api.txt")]
    /// use scopes_core::Scope;
    /// assert_eq!(api::Scope::AllRead.id().index(), 2);
    /// ```
    fn id(self) -> ScopeId;

    /// The scope at a position, if there is one.
    ///
    /// ```
    #[doc = include_str!("docs/api.txt")]
    /// use scopes_core::Scope;
    /// let id = api::Scope::catalogue().scope_named("users.write").unwrap();
    /// assert_eq!(api::Scope::from_id(id), Some(api::Scope::UsersWrite));
    /// ```
    fn from_id(id: ScopeId) -> Option<Self>;

    /// The wire name, such as `environment.users.read`.
    ///
    /// ```
    #[doc = include_str!("docs/api.txt")]
    /// use scopes_core::Scope;
    /// assert_eq!(api::Scope::UsersRead.as_str(), "users.read");
    /// ```
    fn as_str(self) -> &'static str;

    /// The compiled catalogue that this scope belongs to.
    ///
    /// ```
    #[doc = include_str!("docs/api.txt")]
    /// use scopes_core::Scope;
    /// assert_eq!(api::Scope::catalogue().routes().len(), 2);
    /// ```
    fn catalogue() -> &'static UntypedCatalogue;

    /// The type that a grant's principal must have, and its name, if the catalogue declares one.
    #[doc(hidden)]
    #[inline(always)]
    fn principal() -> Option<(TypeId, &'static str)> {
        None
    }
}
