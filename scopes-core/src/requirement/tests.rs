use alloc::string::ToString;
use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::Expression::{All, Any, One};
use super::{Alternatives, Expression, ExpressionError, MAX_TERMS, Requirement, canonical};
use crate::catalogue::UntypedCatalogue;
use crate::declaration::Declaration;
use crate::scope::ScopeId;

/// Scopes 0 to 3, whose dotted names sort in the opposite order: `d`, `c`, `b`, `a`.
fn catalogue() -> UntypedCatalogue {
    let mut declaration = Declaration::new("letters");
    for name in ["d", "c", "b", "a"] {
        declaration.scope(name).route("GET", "/x");
    }
    UntypedCatalogue::from_declaration(&declaration).unwrap()
}

fn requirement(alternatives: &[&[u16]]) -> Requirement {
    let owned = alternatives.iter().map(|term| term.iter().copied().map(ScopeId).collect()).collect();
    Requirement::from_alternatives(owned, &catalogue())
}

#[test]
fn reads_the_head_of_the_pool() {
    for (pool, expected) in [
        (&[][..], &[][..]),
        (&[0], &[]),
        (&[0, 1, 5], &[]),
        (&[1, 1, 5], &[&[5][..]]),
        (&[1, 1, 5, 9, 9], &[&[5]]),
        (&[2, 1, 5, 2, 6, 7, 1, 8], &[&[5], &[6, 7]]),
        (&[1, 0], &[&[]]),
        // Shorter than the numbers announce.
        (&[1], &[]),
        (&[1, 1], &[]),
        (&[1, 2, 5], &[]),
        (&[2, 1, 5], &[]),
        (&[2, 1, 5, 1], &[]),
        (&[u16::MAX, u16::MAX], &[]),
    ] {
        let alternatives = Alternatives::new(pool);
        let read: Vec<Vec<u16>> = alternatives.iter().map(|term| term.ids().map(|id| id.0).collect()).collect();
        assert_eq!(read, expected, "{pool:?}");
        assert_eq!(alternatives.len(), expected.len());
        assert_eq!(alternatives.is_empty(), expected.is_empty());
    }
}

#[test]
fn no_grant_satisfies_an_empty_requirement() {
    let everything = [u64::MAX; 4];
    for pool in [&[][..], &[0], &[1, 0], &[2, 0, 0], &[1, 1], &[1, 2, 5], &[2, 1, 5], &[1, 1, 256], &[1, 2, 5, 256]] {
        assert!(!Alternatives::new(pool).satisfied_by(&everything), "{pool:?}");
        assert!(Alternatives::new(pool).iter().all(|term| !term.satisfied_by(&everything)), "{pool:?}");
    }
    for pool in [&[][..], &[1, 0], &[2, 0, 0]] {
        assert_eq!(Alternatives::new(pool).least(), None);
        assert_eq!(Alternatives::new(pool).to_requirement().alternatives().len(), 0);
    }
    assert!(!requirement(&[]).satisfied_by(&everything));
    assert!(!requirement(&[&[]]).satisfied_by(&everything));
}

#[test]
fn one_scope_suffices_or_all_of_a_term() {
    let (one, other) = ([1 << 5, 0], [0, 1]);
    let both = [1 << 5, 1];
    for (pool, expected) in [
        (&[1, 1, 5][..], [true, false, true]),
        (&[1, 1, 64], [false, true, true]),
        (&[2, 1, 5, 1, 64], [true, true, true]),
        (&[1, 2, 5, 64], [false, false, true]),
        (&[2, 2, 5, 6, 1, 64], [false, true, true]),
    ] {
        let alternatives = Alternatives::new(pool);
        let found = [one, other, both].map(|words| alternatives.satisfied_by(&words));
        assert_eq!(found, expected, "{pool:?}");
        let owned = alternatives.to_requirement();
        assert_eq!([one, other, both].map(|words| owned.satisfied_by(&words)), expected, "{pool:?}");
        assert!(!alternatives.satisfied_by(&[]) && !alternatives.satisfied_by(&[0, 0]));
    }
    let alternatives = Alternatives::new(&[2, 2, 5, 6, 1, 64]);
    assert_eq!([5, 6, 64, 7, 2].map(|id| alternatives.mentions(ScopeId(id))), [true, true, true, false, false]);
}

#[test]
fn the_least_alternative_has_the_fewest_scopes() {
    let least = |pool| Alternatives::new(pool).least().map(|term| term.ids().map(|id| id.0).collect::<Vec<_>>());
    assert_eq!(least(&[3, 2, 1, 2, 1, 7, 1, 3]), Some(vec![7]));
    assert_eq!(requirement(&[&[0, 1], &[2]]).least(), Some(&[ScopeId(2)][..]));
    assert_eq!(requirement(&[&[0], &[3]]).least(), Some(&[ScopeId(3)][..]), "the first by name");
    assert_eq!(requirement(&[]).least(), None);
}

#[test]
fn is_ordered_by_dotted_name() {
    let catalogue = catalogue();
    for (alternatives, expected) in [
        (&[&[0][..], &[3]][..], "a; d"),
        (&[&[0, 3, 0], &[1]], "a d; c"),
        (&[&[0, 3], &[3], &[]], "a"),
        (&[&[1, 2], &[2, 1]], "b c"),
        (&[], ""),
    ] {
        let requirement = requirement(alternatives);
        assert_eq!(requirement.display(&catalogue).to_string(), expected);
    }
    let found = catalogue.routes().next().unwrap().requirement();
    assert_eq!(found.display(&catalogue).to_string(), "a; b; c; d");
    assert_eq!(found.to_requirement(), requirement(&[&[0], &[1], &[2], &[3]]));
}

#[test]
fn canonical_sorts_and_absorbs() {
    for (written, expected) in [
        (vec![], vec![]),
        (vec![vec![]], vec![]),
        (vec![vec![], vec!["a"]], vec![vec!["a"]]),
        (vec![vec!["b", "a", "b"]], vec![vec!["a", "b"]]),
        (vec![vec!["b"], vec!["a"], vec!["b"]], vec![vec!["a"], vec!["b"]]),
        (vec![vec!["a", "b"], vec!["b"]], vec![vec!["b"]]),
        (vec![vec!["a", "c"], vec!["a", "b"]], vec![vec!["a", "b"], vec!["a", "c"]]),
        (vec![vec!["b"], vec!["a", "c"]], vec![vec!["a", "c"], vec!["b"]]),
        (vec![vec!["a", "c", "d"], vec!["a", "b", "c"], vec!["d", "c"]], vec![vec!["a", "b", "c"], vec!["c", "d"]]),
    ] {
        assert_eq!(canonical(written), expected);
    }
}

#[test]
fn empty_and_oversized_expressions_are_errors() {
    let wide = |from: u16, count: u16| Any((from..from + count).map(One).collect());
    let pairs = |count: u16| All((0..count).map(|index| wide(2 * index, 2)).collect());
    for (expression, expected) in [
        (Any(vec![]), Err(ExpressionError::EmptyAny)),
        (All(vec![]), Err(ExpressionError::EmptyAll)),
        (Any(vec![One(1), All(vec![])]), Err(ExpressionError::EmptyAll)),
        (All(vec![One(1), Any(vec![])]), Err(ExpressionError::EmptyAny)),
        (wide(0, 64), Ok(MAX_TERMS)),
        (wide(0, 65), Err(ExpressionError::TooManyTerms)),
        (pairs(6), Ok(64)),
        (pairs(7), Err(ExpressionError::TooManyTerms)),
        // Only the terms that are left after absorption count.
        (All(vec![wide(0, 64), wide(0, 64)]), Ok(64)),
        (Any((0..1000).map(|_| One(1)).collect()), Ok(1)),
    ] {
        assert_eq!(expression.to_dnf().map(|terms| terms.len()), expected);
    }
}

fn expression() -> impl Strategy<Value = Expression<u16>> {
    (0..6_u16).prop_map(One).prop_recursive(4, 24, 4, |inner| {
        let members = proptest::collection::vec(inner, 1..4);
        prop_oneof![members.clone().prop_map(Any), members.prop_map(All)]
    })
}

/// Whether the expression is true for a caller who has the scopes of these bits.
fn holds(expression: &Expression<u16>, held: u64) -> bool {
    match expression {
        One(scope) => held >> scope & 1 == 1,
        Any(members) => members.iter().any(|member| holds(member, held)),
        All(members) => members.iter().all(|member| holds(member, held)),
    }
}

fn table(satisfied: impl Fn(u64) -> bool) -> u64 {
    (0..64).filter(|&held| satisfied(held)).map(|held| 1 << held).sum()
}

fn terms() -> impl Strategy<Value = Vec<Vec<u16>>> {
    proptest::collection::vec(proptest::collection::vec(0..6_u16, 1..4), 0..5)
}

fn pool(terms: &[Vec<u16>]) -> Vec<u16> {
    let mut pool = vec![terms.len() as u16];
    for term in terms {
        pool.push(term.len() as u16);
        pool.extend(term);
    }
    pool
}

fn of(terms: &[Vec<u16>]) -> Requirement {
    let pool = pool(&canonical(terms.to_vec()));
    Alternatives::new(&pool).to_requirement()
}

proptest! {
    #[test]
    fn the_canonical_form_means_what_was_written(expression in expression()) {
        let expected = table(|held| holds(&expression, held));
        if let Ok(terms) = expression.to_dnf() {
            let pool = pool(&terms);
            prop_assert_eq!(table(|held| Alternatives::new(&pool).satisfied_by(&[held])), expected);
            prop_assert_eq!(canonical(terms.clone()), terms);
        }
    }

    #[test]
    fn one_meaning_has_one_canonical_form(a in terms(), b in terms()) {
        let (x, y) = (of(&a), of(&b));
        let (one, other) = (table(|held| x.satisfied_by(&[held])), table(|held| y.satisfied_by(&[held])));
        prop_assert_eq!(x == y, one == other);
        prop_assert_eq!(x.equivalent(&y), one == other);
        prop_assert_eq!(x.implies(&y), one & !other == 0);
    }

    #[test]
    fn any_pool_can_be_read(pool in proptest::collection::vec(0..5_u16, 0..12)) {
        let alternatives = Alternatives::new(&pool);
        prop_assert!(alternatives.len() == usize::from(pool.first().copied().unwrap_or(0)) || alternatives.is_empty());
        let expected = alternatives.iter().any(|term| !term.is_empty() && term.ids().all(|id| id.0 % 2 == 0));
        prop_assert_eq!(alternatives.satisfied_by(&[0b10101]), expected);
    }
}
