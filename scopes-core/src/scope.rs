//! The identity of a scope, untyped and typed.

use core::any::TypeId;
use core::fmt::{Debug, Display};
use core::hash::Hash;

use crate::catalogue::UntypedCatalogue;
use crate::set::Words;

/// The position of a scope in its catalogue, in declaration order.
///
/// An id means nothing outside its catalogue and is never serialised: wire names are.
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
pub trait Scope: Copy + Eq + Ord + Hash + Debug + Display + Send + Sync + Unpin + 'static {
    /// As many machine words as the catalogue's scopes need: `[u64; N]`.
    type Words: Words;

    /// The scope's position in declaration order.
    fn id(self) -> ScopeId;

    /// The scope at a position, if there is one.
    fn from_id(id: ScopeId) -> Option<Self>;

    /// The wire name, such as `environment.users.read`.
    fn as_str(self) -> &'static str;

    /// The compiled catalogue that this scope belongs to.
    fn catalogue() -> &'static UntypedCatalogue;

    /// The type that a grant's principal must have, and its name, if the catalogue declares one.
    #[doc(hidden)]
    #[inline(always)]
    fn principal() -> Option<(TypeId, &'static str)> {
        None
    }
}
