//! Requirements and sets, compared with truth tables and `BTreeSet`.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::LazyLock;

use scopes_core::declaration::Declaration;
use scopes_core::{Expression, ExpressionError, Requirement, Scope, ScopeId, ScopeSet, UntypedCatalogue, canonical};

use crate::reached::reach;

/// Scopes of a catalogue whose sets need three words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Wide(u16);

const WIDE: u16 = 130;

static NAMES: LazyLock<Vec<String>> = LazyLock::new(|| (0..WIDE).map(|id| format!("g{}.s{id}", id % 7)).collect());

static CATALOGUE: LazyLock<UntypedCatalogue> = LazyLock::new(|| {
    let mut declaration = Declaration::new("wide");
    for (id, name) in NAMES.iter().enumerate() {
        let scope = declaration.scope(name);
        if id % 10 == 9 {
            // Includes only scopes that do not include others themselves: their numbers do not end
            // in 9.
            scope.including(&NAMES[id - 1]).including(&NAMES[(id * 31 + 4) / 10 * 10 % 130]);
        }
    }
    UntypedCatalogue::from_declaration(&declaration).expect("it has no mistake")
});

impl fmt::Display for Wide {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Scope for Wide {
    type Words = [u64; 3];

    fn id(self) -> ScopeId {
        ScopeId::new(self.0)
    }

    fn from_id(id: ScopeId) -> Option<Self> {
        (id.index() < usize::from(WIDE)).then_some(Self(id.index() as u16))
    }

    fn as_str(self) -> &'static str {
        &NAMES[usize::from(self.0)]
    }

    fn catalogue() -> &'static UntypedCatalogue {
        &CATALOGUE
    }
}

pub(crate) fn check(data: &[u8]) {
    let mut bytes = data.iter().copied();
    let mut budget = 48;
    let left = expression(&mut bytes, &mut budget, 0);
    let right = expression(&mut bytes, &mut budget, 0);
    if let (Some(left), Some(right)) = (dnf(&left), dnf(&right)) {
        compare(&left, &right);
    }
    sets(data);
}

/// Reads an expression. A byte decides what follows: one of twelve scopes, or a list of up to seven
/// members.
fn expression(bytes: &mut impl Iterator<Item = u8>, budget: &mut usize, depth: usize) -> Expression<u16> {
    *budget = budget.saturating_sub(1);
    let byte = bytes.next().unwrap_or_default();
    if byte < 128 || *budget == 0 || depth > 6 {
        return Expression::One(u16::from(byte % 12));
    }
    let members = (0..byte % 8).map(|_| expression(bytes, budget, depth + 1)).collect();
    if byte & 8 == 0 { Expression::Any(members) } else { Expression::All(members) }
}

fn holds(expression: &Expression<u16>, held: u16) -> bool {
    match expression {
        Expression::One(id) => held >> id & 1 == 1,
        Expression::Any(members) => members.iter().any(|member| holds(member, held)),
        Expression::All(members) => members.iter().all(|member| holds(member, held)),
    }
}

fn has_empty(expression: &Expression<u16>) -> bool {
    match expression {
        Expression::One(_) => false,
        Expression::Any(members) | Expression::All(members) => members.is_empty() || members.iter().any(has_empty),
    }
}

fn dnf(written: &Expression<u16>) -> Option<Vec<Vec<u16>>> {
    match written.clone().to_dnf() {
        Ok(terms) => {
            assert!(!has_empty(written), "{written:?}");
            reach("canonical");
            for held in samples() {
                let satisfied = terms.iter().any(|term| term.iter().all(|id| held >> id & 1 == 1));
                assert_eq!(satisfied, holds(written, held), "{written:?} with {held:012b}");
            }
            assert_eq!(canonical(terms.clone()), terms, "canonical is canonical");
            assert!(terms.is_sorted() && !terms.is_empty() && terms.iter().all(|term| !term.is_empty()));
            Some(terms)
        }
        Err(ExpressionError::TooManyTerms) => {
            reach("too many");
            None
        }
        Err(_) => {
            reach("empty");
            assert!(has_empty(written), "{written:?}");
            None
        }
    }
}

/// Sets of the twelve scopes: small ones, large ones, and some in between.
fn samples() -> impl Iterator<Item = u16> {
    (0..256_u16).map(|number| match number % 4 {
        0 => 1 << (number / 4 % 12) | 1 << (number / 8 % 12),
        1 => 0xfff & !(1 << (number / 4 % 12)),
        _ => number.wrapping_mul(0x9e5) & 0xfff,
    })
}

fn bits(term: &[u16]) -> u64 {
    term.iter().fold(0, |bits, id| bits | 1 << id)
}

fn compare(left: &[Vec<u16>], right: &[Vec<u16>]) {
    let requirement = |terms: &[Vec<u16>]| {
        let terms = terms.iter().map(|term| term.iter().map(|&id| ScopeId::new(id)).collect()).collect();
        Requirement::from_alternatives(terms, &CATALOGUE)
    };
    let (a, b) = (requirement(left), requirement(right));
    // Requirements are monotone, so it is enough to compare them on their smallest sets.
    let stricter = |terms: &[Vec<u16>], other: &Requirement| terms.iter().all(|term| other.satisfied_by(&[bits(term)]));
    let (implies, implied) = (stricter(left, &b), stricter(right, &a));
    assert_eq!((a.implies(&b), b.implies(&a)), (implies, implied), "{a:?} and {b:?}");
    assert_eq!(a.equivalent(&b), implies && implied, "{a:?} and {b:?}");
    assert_eq!(a == b, implies && implied, "equal requirements are one value: {a:?} and {b:?}");
    for held in samples() {
        let held = u64::from(held);
        assert!(!(implies && a.satisfied_by(&[held])) || b.satisfied_by(&[held]), "{a:?} and {b:?} with {held:012b}");
    }
    if a.implies(&b) && a != b {
        reach("implies");
    }
    let least = a.least().expect("no requirement is empty").len();
    assert!(a.alternatives().all(|term| term.len() >= least && !term.is_empty()));
}

fn sets(data: &[u8]) {
    let ids =
        |data: &[u8]| data.iter().filter_map(|&id| Wide::from_id(ScopeId::new(u16::from(id)))).collect::<BTreeSet<_>>();
    let (a, b) = data.split_at(data.len() / 2);
    let (a, b) = (ids(a), ids(b));
    let set = |ids: &BTreeSet<Wide>| ids.iter().copied().collect::<ScopeSet<Wide>>();
    let members = |set: ScopeSet<Wide>| set.iter().collect::<BTreeSet<_>>();
    let (x, y) = (set(&a), set(&b));
    assert_eq!(members(x), a);
    assert_eq!(members(x | y), &a | &b);
    assert_eq!(members(x & y), &a & &b);
    assert_eq!(members(x - y), &a - &b);
    assert_eq!(
        (x.is_subset(&y), x.is_superset(&y), x.is_disjoint(&y)),
        (a.is_subset(&b), a.is_superset(&b), a.is_disjoint(&b))
    );
    assert_eq!((x.len(), x.is_empty(), x == y), (a.len(), a.is_empty(), a == b));
    assert_eq!(x.to_string().parse(), Ok(x));
    for id in 0..WIDE {
        assert_eq!(x.contains(Wide(id)), a.contains(&Wide(id)));
    }
    let mut closed = a.clone();
    for id in &a {
        closed.extend(CATALOGUE.scope(id.id()).expect("it is there").members().filter_map(Wide::from_id));
    }
    assert_eq!(members(x.closure()), closed);
    if closed != a {
        reach("closure");
    }
}
