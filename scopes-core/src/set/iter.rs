//! The scopes of a set, one after the other.

use core::fmt;
use core::iter::FusedIterator;

use super::{ScopeSet, Words as _};
use crate::scope::{Scope, ScopeId};

impl<S: Scope> IntoIterator for ScopeSet<S> {
    type Item = S;
    type IntoIter = ScopeSetIter<S>;

    fn into_iter(self) -> ScopeSetIter<S> {
        self.iter()
    }
}

impl<S: Scope> IntoIterator for &ScopeSet<S> {
    type Item = S;
    type IntoIter = ScopeSetIter<S>;

    fn into_iter(self) -> ScopeSetIter<S> {
        self.iter()
    }
}

/// The scopes of a [`ScopeSet`] in declaration order.
///
/// ```
#[doc = include_str!("../docs/api.txt")]
/// let mut scopes = api::Scopes::all().into_iter();
/// assert_eq!(scopes.len(), 3);
/// assert_eq!(scopes.next(), Some(api::Scope::UsersRead));
/// ```
pub struct ScopeSetIter<S: Scope> {
    pub(super) words: S::Words,
    pub(super) at: usize,
}

impl<S: Scope> Iterator for ScopeSetIter<S> {
    type Item = S;

    fn next(&mut self) -> Option<S> {
        while let Some(word) = self.words.as_mut_slice().get_mut(self.at) {
            if *word == 0 {
                self.at += 1;
                continue;
            }
            let bit = word.trailing_zeros() as usize;
            *word &= *word - 1;
            if let Some(scope) = u16::try_from(self.at * 64 + bit).ok().and_then(|id| S::from_id(ScopeId(id))) {
                return Some(scope);
            }
        }
        None
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.words.as_slice().iter().map(|word| word.count_ones() as usize).sum();
        (left, Some(left))
    }
}

impl<S: Scope> ExactSizeIterator for ScopeSetIter<S> {}
impl<S: Scope> FusedIterator for ScopeSetIter<S> {}

impl<S: Scope> Clone for ScopeSetIter<S> {
    fn clone(&self) -> Self {
        Self { words: self.words, at: self.at }
    }
}

impl<S: Scope> fmt::Debug for ScopeSetIter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone().map(S::as_str)).finish()
    }
}
