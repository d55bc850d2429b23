//! `|`, `&` and `-` of sets.

use core::ops::{BitAnd, BitAndAssign, BitOr, BitOrAssign, Sub, SubAssign};

use super::{ScopeSet, Words as _};
use crate::scope::Scope;

impl<S: Scope> ScopeSet<S> {
    fn combine(mut self, other: &Self, operation: impl Fn(u64, u64) -> u64) -> Self {
        for (mine, &theirs) in self.words.as_mut_slice().iter_mut().zip(other.as_words()) {
            *mine = operation(*mine, theirs);
        }
        self
    }
}

impl<S: Scope> BitOr for ScopeSet<S> {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        self.combine(&other, |mine, theirs| mine | theirs)
    }
}

impl<S: Scope> BitOr<S> for ScopeSet<S> {
    type Output = Self;

    fn bitor(mut self, scope: S) -> Self {
        self.insert(scope);
        self
    }
}

impl<S: Scope> BitAnd for ScopeSet<S> {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        self.combine(&other, |mine, theirs| mine & theirs)
    }
}

impl<S: Scope> Sub for ScopeSet<S> {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        self.combine(&other, |mine, theirs| mine & !theirs)
    }
}

impl<S: Scope> BitOrAssign for ScopeSet<S> {
    fn bitor_assign(&mut self, other: Self) {
        *self = *self | other;
    }
}

impl<S: Scope> BitOrAssign<S> for ScopeSet<S> {
    fn bitor_assign(&mut self, scope: S) {
        self.insert(scope);
    }
}

impl<S: Scope> BitAndAssign for ScopeSet<S> {
    fn bitand_assign(&mut self, other: Self) {
        *self = *self & other;
    }
}

impl<S: Scope> SubAssign for ScopeSet<S> {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}
