//! Sets of scopes of one catalogue: machine words inline, `Copy`, without allocation.
//!
//! Bits never leave the process: a set is always printed, stored and sent as wire names.

use alloc::vec::Vec;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

use crate::scope::{Scope, ScopeId};

mod iter;
mod operators;
#[cfg(feature = "serde")]
mod serialised;
#[cfg(test)]
mod tests;
mod unknown;

pub use iter::ScopeSetIter;
pub(crate) use unknown::Excerpt;
pub use unknown::{LossyScopeSet, Renamed, UnknownScope};
use unknown::{known, named, names, renamed};

/// The storage of a [`ScopeSet`]: an array of machine words with one bit for each scope.
///
/// ```
/// use scopes_core::Words;
/// assert_eq!(<[u64; 2]>::EMPTY.as_slice(), [0, 0]);
/// ```
pub trait Words: Copy + Eq + Ord + Hash + fmt::Debug + Send + Sync + Unpin + 'static {
    /// Words in which no bit is set.
    const EMPTY: Self;

    /// The words; scope 0 is the lowest bit of the first one.
    fn as_slice(&self) -> &[u64];

    /// Mutable access to the words, in the same order.
    fn as_mut_slice(&mut self) -> &mut [u64];
}

impl<const N: usize> Words for [u64; N] {
    const EMPTY: Self = [0; N];

    #[inline]
    fn as_slice(&self) -> &[u64] {
        self
    }

    #[inline]
    fn as_mut_slice(&mut self) -> &mut [u64] {
        self
    }
}

/// A set of scopes of the catalogue of `S`.
///
/// Sets of two catalogues are two types and cannot be mixed. A set does not contain the scopes that
/// its scopes `include`; [`closure`](Self::closure) adds them.
///
/// ```
/// # use std::sync::OnceLock;
/// # use scopes_core::{UntypedCatalogue, Scope, ScopeId, declaration::Declaration};
/// # #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
/// # enum Permission { Read, Write }
/// # impl core::fmt::Display for Permission {
/// #     fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result { f.write_str(self.as_str()) }
/// # }
/// # impl Scope for Permission {
/// #     type Words = [u64; 1];
/// #     fn id(self) -> ScopeId { ScopeId::new(self as u16) }
/// #     fn from_id(id: ScopeId) -> Option<Self> { [Self::Read, Self::Write].get(id.index()).copied() }
/// #     fn as_str(self) -> &'static str { ["users.read", "users.write"][self as usize] }
/// #     fn catalogue() -> &'static UntypedCatalogue {
/// #         static CATALOGUE: OnceLock<UntypedCatalogue> = OnceLock::new();
/// #         CATALOGUE.get_or_init(|| {
/// #             let mut declaration = Declaration::new("api");
/// #             declaration.scope("users.read").route("GET", "/users");
/// #             declaration.scope("users.write").route("POST", "/users");
/// #             UntypedCatalogue::from_declaration(&declaration).unwrap()
/// #         })
/// #     }
/// # }
/// use scopes_core::ScopeSet;
///
/// let held: ScopeSet<Permission> = "users.write users.read".parse()?;
/// assert!(held.contains(Permission::Read));
/// assert_eq!(held.to_string(), "users.read users.write");
///
/// let error = "users.raed".parse::<ScopeSet<Permission>>().unwrap_err();
/// assert_eq!(error.to_string(), "unknown scope `users.raed`, did you mean `users.read`?");
///
/// let lossy = ScopeSet::<Permission>::lossy(["users.read", "root"]);
/// assert_eq!(lossy.known.len(), 1);
/// assert_eq!(lossy.unknown, ["root"]);
/// # Ok::<(), scopes_core::UnknownScope>(())
/// ```
pub struct ScopeSet<S: Scope> {
    words: S::Words,
}

impl<S: Scope> ScopeSet<S> {
    /// The empty set, which has no scope of the catalogue.
    pub const EMPTY: Self = Self { words: S::Words::EMPTY };

    /// The set without a scope, like [`EMPTY`](Self::EMPTY).
    ///
    /// ```
    #[doc = include_str!("../docs/api.txt")]
    /// assert!(api::Scopes::new().is_empty());
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self::EMPTY
    }

    /// Takes the bits unchecked; called by the code that `scopes!` generates.
    ///
    /// A bit beyond the catalogue's scopes must not be set: the set would count and compare it, but
    /// never show it.
    #[doc(hidden)]
    #[must_use]
    pub const fn from_words(words: S::Words) -> Self {
        Self { words }
    }

    /// Returns the bits; scope 0 is the lowest bit of the first word.
    ///
    /// ```
    #[doc = include_str!("../docs/api.txt")]
    /// use api::Scope::{AllRead, UsersRead};
    /// let set = api::Scopes::from_iter([UsersRead, AllRead]);
    /// assert_eq!(set.words(), &[0b101]);
    /// ```
    #[must_use]
    pub const fn words(&self) -> &S::Words {
        &self.words
    }

    /// The bits as a slice, for [`Holder`](crate::Holder) and requirements.
    ///
    /// ```
    #[doc = include_str!("../docs/api.txt")]
    /// use api::Scope::{AllRead, UsersWrite};
    /// let set = api::Scopes::from_iter([UsersWrite, AllRead]);
    /// assert_eq!(set.as_words(), [0b110]);
    /// ```
    #[inline]
    #[must_use]
    pub fn as_words(&self) -> &[u64] {
        self.words.as_slice()
    }

    /// The set of every scope of the catalogue.
    ///
    /// ```
    #[doc = include_str!("../docs/api.txt")]
    /// let all = api::Scopes::all();
    /// assert_eq!(all.to_string(), "users.read users.write all.read");
    /// ```
    #[must_use]
    pub fn all() -> Self {
        S::catalogue().scopes().filter_map(|scope| S::from_id(scope.id())).collect()
    }

    /// Adds a scope; returns `false` if the set had it already.
    ///
    /// ```
    #[doc = include_str!("../docs/api.txt")]
    /// let mut set = api::Scopes::new();
    /// assert!(set.insert(api::Scope::UsersRead));
    /// assert!(!set.insert(api::Scope::UsersRead));
    /// ```
    pub fn insert(&mut self, scope: S) -> bool {
        let (index, bit) = position(scope.id());
        match self.words.as_mut_slice().get_mut(index) {
            Some(word) => {
                let new = *word & bit == 0;
                *word |= bit;
                new
            }
            None => false,
        }
    }

    /// Removes a scope; returns `false` if the set did not have it.
    ///
    /// ```
    #[doc = include_str!("../docs/api.txt")]
    /// let mut set = api::Scopes::all();
    /// assert!(set.remove(api::Scope::UsersWrite));
    /// assert_eq!(set.to_string(), "users.read all.read");
    /// ```
    pub fn remove(&mut self, scope: S) -> bool {
        let (index, bit) = position(scope.id());
        match self.words.as_mut_slice().get_mut(index) {
            Some(word) => {
                let held = *word & bit != 0;
                *word &= !bit;
                held
            }
            None => false,
        }
    }

    /// Whether the set itself has this scope; included scopes do not count.
    ///
    /// ```
    #[doc = include_str!("../docs/api.txt")]
    /// let set = api::Scopes::from(api::Scope::AllRead);
    /// assert!(set.contains(api::Scope::AllRead));
    /// // Whether a caller may read users is a question to the closure.
    /// assert!(!set.contains(api::Scope::UsersRead));
    /// assert!(set.closure().contains(api::Scope::UsersRead));
    /// ```
    #[inline]
    #[must_use]
    pub fn contains(&self, scope: S) -> bool {
        holds(self.as_words(), scope.id())
    }

    /// Whether the set has no scope.
    ///
    /// ```
    #[doc = include_str!("../docs/api.txt")]
    /// let asked: api::Scopes = "".parse()?;
    /// assert!(asked.is_empty());
    /// # Ok::<(), scopes_core::UnknownScope>(())
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.as_words().iter().all(|&word| word == 0)
    }

    /// The number of scopes in the set.
    ///
    /// ```
    #[doc = include_str!("../docs/api.txt")]
    /// let set: api::Scopes = "users.read users.write users.read".parse()?;
    /// assert_eq!(set.len(), 2);
    /// # Ok::<(), scopes_core::UnknownScope>(())
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.as_words().iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether this set has all scopes of `other`.
    ///
    /// ```
    #[doc = include_str!("../docs/api.txt")]
    /// let held = api::Scopes::all();
    /// let asked = api::Scopes::from(api::Scope::UsersRead);
    /// assert!(held.is_superset(&asked) && !asked.is_superset(&held));
    /// ```
    #[inline]
    #[must_use]
    pub fn is_superset(&self, other: &Self) -> bool {
        other.is_subset(self)
    }

    /// Whether `other` has all scopes of this set.
    ///
    /// ```
    #[doc = include_str!("../docs/api.txt")]
    /// // A token may pass on its scopes and the scopes that these include.
    /// let held = api::Scopes::from(api::Scope::AllRead);
    /// let asked = api::Scopes::from(api::Scope::UsersRead);
    /// assert!(asked.is_subset(&held.closure()));
    /// ```
    #[inline]
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.as_words().iter().zip(other.as_words()).all(|(mine, theirs)| mine & !theirs == 0)
    }

    /// Whether the two sets have no scope in common.
    ///
    /// ```
    #[doc = include_str!("../docs/api.txt")]
    /// let reading = api::Scopes::from_iter([api::Scope::UsersRead, api::Scope::AllRead]);
    /// assert!(reading.is_disjoint(&api::Scope::UsersWrite.into()));
    /// assert!(!reading.is_disjoint(&api::Scopes::all()));
    /// ```
    #[must_use]
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.as_words().iter().zip(other.as_words()).all(|(mine, theirs)| mine & theirs == 0)
    }

    /// Iterates over the scopes in declaration order.
    ///
    /// ```
    #[doc = include_str!("../docs/api.txt")]
    /// let set: api::Scopes = "users.write users.read".parse()?;
    /// let scopes: Vec<_> = set.iter().collect();
    /// assert_eq!(scopes, [api::Scope::UsersRead, api::Scope::UsersWrite]);
    /// # Ok::<(), scopes_core::UnknownScope>(())
    /// ```
    #[must_use]
    pub const fn iter(&self) -> ScopeSetIter<S> {
        ScopeSetIter { words: self.words, at: 0 }
    }

    /// Returns the set together with everything that its scopes include. Checks use this closure.
    ///
    /// ```
    #[doc = include_str!("../docs/api.txt")]
    /// // The catalogue declares `all.read includes "*.read"`.
    /// let set = api::Scopes::from(api::Scope::AllRead);
    /// assert_eq!(set.closure().to_string(), "users.read all.read");
    /// ```
    #[must_use]
    pub fn closure(mut self) -> Self {
        S::catalogue().close(self.words.as_mut_slice());
        self
    }

    /// Makes a set of these wire names, or of old names from `#[was(..)]`. Allocates only for an
    /// error.
    ///
    /// ```
    #[doc = include_str!("../docs/api.txt")]
    /// let set = api::Scopes::from_names(["users.read", "users.write"])?;
    /// assert_eq!(set.len(), 2);
    /// let error = api::Scopes::from_names(["users.read", "users.wirte"]).unwrap_err();
    /// assert_eq!(error.nearest, Some("users.write"));
    /// # Ok::<(), scopes_core::UnknownScope>(())
    /// ```
    ///
    /// # Errors
    /// The first name that no scope has. A pattern such as `*.read` and the name of a group are
    /// unknown names, too.
    pub fn from_names<I>(names: I) -> Result<Self, UnknownScope>
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let mut set = Self::EMPTY;
        for name in names {
            set.insert(named(name.as_ref())?);
        }
        Ok(set)
    }

    /// Makes a set of the wire names that are known. Unknown names are returned separately and
    /// grant nothing. Old names from `#[was(..)]` grant the scope of today and are also listed.
    ///
    /// For claims of an issuer that may know more scopes than this build.
    ///
    /// ```
    #[doc = include_str!("../docs/api.txt")]
    /// let lossy = api::Scopes::lossy(["users.read", "openid"]);
    /// assert_eq!(lossy.known.to_string(), "users.read");
    /// assert_eq!(lossy.unknown, ["openid"]);
    /// ```
    #[must_use]
    pub fn lossy<I>(names: I) -> LossyScopeSet<S>
    where
        I: IntoIterator,
        I::Item: AsRef<str>,
    {
        let mut lossy = LossyScopeSet { known: Self::EMPTY, renamed: Vec::new(), unknown: Vec::new() };
        for name in names {
            let name = name.as_ref();
            if let Some(scope) = known(name) {
                lossy.known.insert(scope);
            } else if let Some(renamed) = renamed::<S>(name) {
                lossy.known.insert(renamed.scope);
                lossy.renamed.push(renamed);
            } else {
                lossy.unknown.push(name.into());
            }
        }
        lossy
    }

    /// Like [`lossy`](Self::lossy), for the space-separated form of RFC 6749, section 3.3.
    ///
    /// ```
    #[doc = include_str!("../docs/api.txt")]
    /// let lossy = api::Scopes::parse_lossy("openid users.read");
    /// assert_eq!(lossy.known.to_string(), "users.read");
    /// assert_eq!(lossy.unknown, ["openid"]);
    /// ```
    #[must_use]
    pub fn parse_lossy(text: &str) -> LossyScopeSet<S> {
        Self::lossy(names(text))
    }
}

#[inline]
fn position(id: ScopeId) -> (usize, u64) {
    (usize::from(id.0) / 64, 1 << (id.0 % 64))
}

/// Whether the bit of a scope is set; `false` for a scope beyond the words.
#[inline]
pub(crate) fn holds(words: &[u64], id: ScopeId) -> bool {
    let (index, bit) = position(id);
    words.get(index).is_some_and(|word| word & bit != 0)
}

impl<S: Scope> Clone for ScopeSet<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Scope> Copy for ScopeSet<S> {}

impl<S: Scope> PartialEq for ScopeSet<S> {
    fn eq(&self, other: &Self) -> bool {
        self.words == other.words
    }
}

impl<S: Scope> Eq for ScopeSet<S> {}

/// An arbitrary total order, for use as a key. To compare sets by their scopes, use
/// [`ScopeSet::is_subset`].
impl<S: Scope> Ord for ScopeSet<S> {
    fn cmp(&self, other: &Self) -> core::cmp::Ordering {
        self.words.cmp(&other.words)
    }
}

impl<S: Scope> PartialOrd for ScopeSet<S> {
    fn partial_cmp(&self, other: &Self) -> Option<core::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<S: Scope> Hash for ScopeSet<S> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.words.hash(state);
    }
}

impl<S: Scope> Default for ScopeSet<S> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<S: Scope> fmt::Debug for ScopeSet<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(S::as_str)).finish()
    }
}

/// Writes space-separated wire names in declaration order: the `scope` of RFC 6749, section 3.3.
impl<S: Scope> fmt::Display for ScopeSet<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, scope) in self.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.as_str())?;
        }
        Ok(())
    }
}

/// Reads the space-separated form of RFC 6749, section 3.3, and refuses unknown names. A text
/// without names is the empty set.
impl<S: Scope> FromStr for ScopeSet<S> {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, UnknownScope> {
        Self::from_names(names(text))
    }
}

impl<S: Scope> From<S> for ScopeSet<S> {
    fn from(scope: S) -> Self {
        let mut set = Self::EMPTY;
        set.insert(scope);
        set
    }
}

impl<S: Scope> FromIterator<S> for ScopeSet<S> {
    fn from_iter<I: IntoIterator<Item = S>>(scopes: I) -> Self {
        let mut set = Self::EMPTY;
        set.extend(scopes);
        set
    }
}

impl<S: Scope> Extend<S> for ScopeSet<S> {
    fn extend<I: IntoIterator<Item = S>>(&mut self, scopes: I) {
        for scope in scopes {
            self.insert(scope);
        }
    }
}
