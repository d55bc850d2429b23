//! Names from outside: which are known, which are unknown, and how an error may repeat them.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::ScopeSet;
use crate::catalogue::ScopeInfo;
use crate::quoted::Quoted;
use crate::scope::Scope;
use crate::suggest;

/// The names in a space-separated text. Only SP separates them: other white space stays part of a
/// name, which is then unknown.
pub(super) fn names(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    core::iter::from_fn(move || {
        while !rest.is_empty() {
            let (name, behind) = rest.split_at_checked(first_space(rest.as_bytes()))?;
            rest = behind.get(1..).unwrap_or_default();
            if !name.is_empty() {
                return Some(name);
            }
        }
        None
    })
}

/// The number of bytes before the first space, read eight at a time: names are so short that a
/// search of the standard library would spend most of its time on starting.
fn first_space(text: &[u8]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    const SPACES: u64 = ONES * b' ' as u64;
    let (words, tail) = text.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let without = u64::from_le_bytes(*word) ^ SPACES;
        // The lowest bit that is left belongs to the first byte that is zero; bits above it may be
        // wrong.
        let zeros = without.wrapping_sub(ONES) & !without & (ONES << 7);
        if zeros != 0 {
            return index * 8 + zeros.trailing_zeros() as usize / 8;
        }
    }
    words.len() * 8 + tail.iter().position(|&byte| byte == b' ').unwrap_or(tail.len())
}

pub(super) fn known<S: Scope>(name: &str) -> Option<S> {
    S::catalogue().scope_named(name).and_then(S::from_id)
}

/// The scope that had this name before.
#[cold]
pub(super) fn renamed<S: Scope>(name: &str) -> Option<Renamed<S>> {
    let (scope, old) = S::catalogue().old_name(name)?;
    S::from_id(scope).map(|scope| Renamed { old, scope })
}

pub(super) fn named<S: Scope>(name: &str) -> Result<S, UnknownScope> {
    match known(name) {
        Some(scope) => Ok(scope),
        None => renamed(name).map(|renamed| renamed.scope).ok_or_else(|| UnknownScope::new::<S>(name)),
    }
}

/// The result of [`ScopeSet::lossy`]: the known scopes, the names that are old, and the names that
/// are unknown.
///
/// ```
#[doc = include_str!("../docs/api.txt")]
/// use scopes_core::LossyScopeSet;
///
/// // Scopes of other services in one claim are not an error.
/// let LossyScopeSet { known, unknown, .. } = api::Scopes::parse_lossy("users.read billing.pay");
/// assert_eq!((known.len(), unknown.len()), (1, 1));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LossyScopeSet<S: Scope> {
    /// The scopes whose names are known, by their name of today or by an old one.
    pub known: ScopeSet<S>,
    /// The names that were old, in their order. If there are any, a token store can write
    /// [`known`](Self::known) in place of the text that it has: `Display` writes today's names.
    pub renamed: Vec<Renamed<S>>,
    /// The names that no scope has, as given and in their order; they grant nothing.
    pub unknown: Vec<String>,
}

/// An old name of a scope that was found in a text, from `#[was(..)]`.
///
/// ```
#[doc = include_str!("../docs/renamed.txt")]
/// // The catalogue declares `#[was("users.view")] users.read`.
/// let stored = api::Scopes::parse_lossy("users.view");
/// let renamed = stored.renamed[0];
/// assert_eq!((renamed.old, renamed.scope), ("users.view", api::Scope::UsersRead));
/// assert_eq!(stored.known.to_string(), "users.read");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Renamed<S: Scope> {
    /// The old name, as the text has it.
    pub old: &'static str,
    /// The scope, with its name of today.
    pub scope: S,
}

/// A name that no scope of the catalogue has.
///
/// ```
#[doc = include_str!("../docs/api.txt")]
/// let error = "users.raed".parse::<api::Scopes>().unwrap_err();
/// assert_eq!(error.to_string(), "unknown scope `users.raed`, did you mean `users.read`?");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnknownScope {
    /// The name; [`Display`](fmt::Display) shows at most 64 characters of it.
    pub name: String,
    /// The wire name that was probably meant.
    pub nearest: Option<&'static str>,
}

/// Longer names get no suggestion. A typing mistake is never this long, and an attacker could make
/// the server compare long names with every scope.
const LONGEST_SUGGESTED_FOR: usize = 256;

impl UnknownScope {
    fn new<S: Scope>(name: &str) -> Self {
        let candidates = S::catalogue().scopes().map(ScopeInfo::name);
        let nearest = if name.len() <= LONGEST_SUGGESTED_FOR { suggest::nearest(name, candidates) } else { None };
        Self { name: name.into(), nearest }
    }
}

impl fmt::Display for UnknownScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "unknown scope `{}`", Excerpt(&self.name))?;
        match self.nearest {
            Some(name) => write!(f, ", did you mean `{name}`?"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for UnknownScope {}

/// A caller's text in a form that an error may repeat: at most 64 characters, with invisible
/// characters escaped. It cannot break lines or hide the text next to it.
pub(crate) struct Excerpt<'a>(pub(crate) &'a str);

impl Excerpt<'_> {
    const LENGTH: usize = 64;
}

impl fmt::Display for Excerpt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rest = self.0.char_indices().nth(Self::LENGTH);
        let (shown, rest) = self.0.split_at(rest.map_or(self.0.len(), |(at, _)| at));
        Quoted(shown).fmt(f)?;
        if rest.is_empty() { Ok(()) } else { f.write_str("…") }
    }
}
