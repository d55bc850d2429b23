//! The smallest addition to a caller's scopes that satisfies a requirement.

use alloc::vec::Vec;

use super::Requirement;
use crate::catalogue::{ScopeInfo, UntypedCatalogue};
use crate::scope::ScopeId;
use crate::set::holds;

impl Requirement {
    /// The scopes that a caller lacks: the smallest addition with which it satisfies the
    /// requirement. Empty if the caller satisfies it already, `None` if no scopes do.
    ///
    /// `held` are the scopes of the caller, with those that they include, as bits. The addition
    /// with which the caller gains the fewest scopes wins, the scopes that come by `includes`
    /// counted. Between equal ones, the one that names fewer scopes wins, then the first
    /// alternative. So a scope that includes others is proposed only if nothing smaller suffices,
    /// and no scope is named beside one that includes it.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// declaration.scope("users.write").including("users.read");
    /// declaration.scope("admin").including("users.write").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let needs = catalogue.routes().next().unwrap().requirement().to_requirement();
    /// let missing = |held| {
    ///     let missing = needs.smallest_addition(&[held], &catalogue).unwrap();
    ///     missing.iter().map(|&id| catalogue.scope(id).unwrap().name()).collect::<Vec<_>>()
    /// };
    /// // `admin` would suffice, too, but gives more.
    /// assert_eq!(missing(0b000), ["users.read"]);
    /// assert!(missing(0b001).is_empty());
    /// ```
    #[must_use]
    pub fn smallest_addition(&self, held: &[u64], catalogue: &UntypedCatalogue) -> Option<Vec<ScopeId>> {
        let additions = self.terms.iter().filter(|term| !term.is_empty());
        let additions = additions.map(|term| Addition::of(term, held, catalogue));
        additions.min_by_key(|addition| (addition.gained, addition.named.len())).map(|addition| addition.named)
    }
}

/// What one alternative adds to a caller's scopes.
struct Addition {
    /// The scopes to add, without those that another one of them includes.
    named: Vec<ScopeId>,
    /// How many scopes the caller gains, the included ones counted.
    gained: usize,
}

impl Addition {
    fn of(alternative: &[ScopeId], held: &[u64], catalogue: &UntypedCatalogue) -> Self {
        let members = |scope: ScopeId| catalogue.scope(scope).into_iter().flat_map(ScopeInfo::members);
        let lacking: Vec<ScopeId> = alternative.iter().copied().filter(|&scope| !holds(held, scope)).collect();
        let mut included: Vec<ScopeId> = lacking.iter().flat_map(|&scope| members(scope)).collect();
        included.sort_unstable();
        let is_named = |scope: &ScopeId| included.binary_search(scope).is_err();
        let named = lacking.iter().copied().filter(is_named).collect();
        let mut gained: Vec<ScopeId> = included.iter().copied().chain(lacking).collect();
        gained.sort_unstable();
        gained.dedup();
        Self { named, gained: gained.into_iter().filter(|&scope| !holds(held, scope)).count() }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]
mod tests {
    use alloc::format;
    use alloc::vec;

    use proptest::prelude::*;

    use super::*;
    use crate::declaration::Declaration;

    /// Scopes 0 to 7. Each may include some of those after it.
    fn catalogue(includes: &[Vec<usize>]) -> UntypedCatalogue {
        let mut declaration = Declaration::new("api");
        for (index, members) in includes.iter().enumerate() {
            let scope = declaration.scope(&format!("s{index}"));
            for member in members.iter().filter(|&&member| member > index && member < includes.len()) {
                let pattern = format!("s{member}");
                if !scope.includes.iter().any(|known| known.value == pattern) {
                    scope.including(&pattern);
                }
            }
        }
        UntypedCatalogue::from_declaration(&declaration).unwrap()
    }

    /// The scopes of a set with those that they include, as bits.
    fn closed(set: u64, catalogue: &UntypedCatalogue) -> u64 {
        let held = catalogue.scopes().filter(|scope| set >> scope.id().index() & 1 == 1);
        held.flat_map(ScopeInfo::members).fold(set, |set, member| set | 1 << member.index())
    }

    proptest! {
        /// No set of scopes at all suffices with fewer gained scopes, and none that gains as few
        /// has fewer names.
        #[test]
        fn no_addition_is_smaller(
            includes in prop::collection::vec(prop::collection::vec(0_usize..8, 0..3), 8),
            alternatives in prop::collection::vec(prop::collection::vec(0_u16..8, 1..4), 1..5),
            held in 0_u64..256,
        ) {
            let catalogue = catalogue(&includes);
            let alternatives = alternatives.iter().map(|term| term.iter().copied().map(ScopeId).collect()).collect();
            let needs = Requirement::from_alternatives(alternatives, &catalogue);
            let held = closed(held, &catalogue);
            let size = |added: u64| ((closed(added, &catalogue) & !held).count_ones(), added.count_ones());
            let suffices = |added: u64| needs.satisfied_by(&[held | closed(added, &catalogue)]);
            let smallest = (0..256).filter(|&added| suffices(added)).map(size).min().unwrap();

            let found = needs.smallest_addition(&[held], &catalogue).unwrap();
            let found = found.iter().fold(0, |set, scope| set | 1 << scope.index());
            prop_assert!(suffices(found));
            prop_assert_eq!(size(found), smallest);
        }
    }

    #[test]
    fn ties_go_to_the_first_alternative() {
        let catalogue = catalogue(&vec![vec![]; 4]);
        let of = |alternatives: &[&[u16]], held: u64| {
            let owned = alternatives.iter().map(|term| term.iter().copied().map(ScopeId).collect()).collect();
            Requirement::from_alternatives(owned, &catalogue).smallest_addition(&[held], &catalogue)
        };
        let ids = |ids: &[u16]| Some(ids.iter().copied().map(ScopeId).collect::<Vec<_>>());
        for (alternatives, held, expected) in [
            (&[&[1][..], &[0]][..], 0, ids(&[0])),
            (&[&[0, 1], &[2, 3]], 0, ids(&[0, 1])),
            (&[&[0, 1], &[2, 3]], 0b1000, ids(&[2])),
            (&[&[0, 1], &[2]], 0b0010, ids(&[0])),
            (&[&[0], &[2]], 0b0100, ids(&[])),
            (&[], 0b1111, None),
        ] {
            assert_eq!(of(alternatives, held), expected, "{alternatives:?} {held:b}");
        }
    }
}
