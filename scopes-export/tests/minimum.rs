//! The least set of scopes against all sets of scopes.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use scopes_core::{Access, Route, RouteId, ScopeId, UntypedCatalogue};
use scopes_export::json::from_json;
use scopes_export::usage::{Cost, Minimum, Tie, minimum, minimum_in};
use serde_json::json;

const SCOPES: usize = 9;

/// A catalogue: what each scope includes, which are deprecated, and the requirements of its routes.
#[derive(Clone, Debug)]
struct Spec {
    includes: Vec<(usize, usize)>,
    deprecated: BTreeSet<usize>,
    routes: Vec<Vec<BTreeSet<usize>>>,
    used: Vec<bool>,
    keep: Option<usize>,
    held: BTreeSet<usize>,
}

fn spec() -> impl Strategy<Value = Spec> {
    let scopes = prop::collection::btree_set(0..SCOPES, 1..3);
    let requirement = prop::collection::btree_set(scopes, 1..4).prop_map(|any| without_supersets(&any));
    (
        prop::collection::vec((0..SCOPES, 0..SCOPES), 0..5),
        prop::collection::btree_set(0..SCOPES, 0..3),
        prop::collection::vec(requirement, 1..14),
        prop::collection::vec(prop::bool::weighted(0.6), 14),
        prop::option::weighted(0.2, 0..SCOPES),
        prop::collection::btree_set(0..SCOPES, 0..4),
    )
        .prop_map(|(includes, deprecated, routes, used, keep, held)| Spec {
            includes,
            deprecated,
            routes,
            used,
            keep,
            held,
        })
}

/// A declaration with an alternative that never counts is refused.
fn without_supersets(any: &BTreeSet<BTreeSet<usize>>) -> Vec<BTreeSet<usize>> {
    let counts = |all: &&BTreeSet<usize>| !any.iter().any(|less| less != *all && less.is_subset(all));
    any.iter().filter(counts).cloned().collect()
}

fn name(scope: usize) -> String {
    format!("s{scope}")
}

impl Spec {
    /// `None` if the declaration is refused, such as for scopes that include each other.
    fn catalogue(&self) -> Option<UntypedCatalogue> {
        let scope = |scope| {
            let included: BTreeSet<usize> = self
                .includes
                .iter()
                .filter(|(of, other)| *of == scope && of < other)
                .map(|(_, other)| *other)
                .collect();
            let mut object =
                json!({"scope": name(scope), "includes": included.into_iter().map(name).collect::<Vec<_>>()});
            if self.deprecated.contains(&scope) {
                object["deprecated"] = json!("old");
            }
            object
        };
        let route = |(index, any): (usize, &Vec<BTreeSet<usize>>)| {
            let any: Vec<Vec<String>> = any.iter().map(|all| all.iter().copied().map(name).collect()).collect();
            json!({"route": ["GET", format!("/r{index}")], "any_of": any})
        };
        let catalogue = json!({
            "name": "api",
            "scopes": (0..SCOPES).map(scope).collect::<Vec<_>>(),
            "requirements": self.routes.iter().enumerate().map(route).collect::<Vec<_>>(),
            "authenticated": [{"reason": "who am I", "routes": [["GET", "/me"]]}],
        });
        from_json(&catalogue.to_string()).ok()
    }

    fn used(&self, catalogue: &UntypedCatalogue) -> Vec<RouteId> {
        let is_used = |path: &str| match path.strip_prefix("/r") {
            Some(index) => self.used[index.parse::<usize>().unwrap()],
            None => true,
        };
        catalogue.routes().filter(|route| is_used(route.path())).map(Route::id).collect()
    }
}

fn ids(words: u64) -> Vec<ScopeId> {
    (0..SCOPES)
        .filter(|index| words >> index & 1 == 1)
        .map(|index| ScopeId::new(u16::try_from(index).unwrap()))
        .collect()
}

type Numbers = (usize, usize, usize, usize);

/// The least cost and all sets, closed under inclusion, that have it.
fn by_enumeration(
    catalogue: &UntypedCatalogue,
    used: &[RouteId],
    keep: Option<ScopeId>,
    held: u64,
) -> (Numbers, BTreeSet<u64>) {
    let mut best = ((usize::MAX, 0, 0, 0), BTreeSet::new());
    for set in 0..1_u64 << SCOPES {
        let mut words = [set];
        catalogue.close(&mut words);
        let is_open = |id: &RouteId| {
            let route = catalogue.route_at(*id).unwrap();
            !matches!(route.access(), Access::Scoped) || route.requirement().satisfied_by(&words)
        };
        if words != [set] || keep.is_some_and(|id| set >> id.index() & 1 == 0) || !used.iter().all(is_open) {
            continue;
        }
        let scoped = catalogue.routes().filter(|route| matches!(route.access(), Access::Scoped));
        let unused = scoped.filter(|route| is_open(&route.id()) && !used.contains(&route.id())).count();
        let deprecated = ids(set).iter().filter(|id| catalogue.scope(**id).unwrap().deprecation().is_some()).count();
        let added = if held == 0 { 0 } else { (set & !held).count_ones() as usize };
        let cost = (deprecated, unused, set.count_ones() as usize, added);
        if cost < best.0 {
            best = (cost, BTreeSet::new());
        }
        if cost == best.0 {
            best.1.insert(set);
        }
    }
    best
}

fn numbers(cost: Cost) -> Numbers {
    let number = |number: u64| usize::try_from(number).unwrap();
    (number(cost.deprecated()), number(cost.unused_routes()), number(cost.scopes()), number(cost.added()))
}

fn closed(catalogue: &UntypedCatalogue, scopes: &[ScopeId]) -> u64 {
    let mut words = [scopes.iter().fold(0, |set, id| set | 1 << id.index())];
    catalogue.close(&mut words);
    words[0]
}

/// All sets that the ties name.
fn named(catalogue: &UntypedCatalogue, least: &Minimum) -> BTreeSet<u64> {
    let mut sets = vec![Vec::new()];
    let mut in_ties = BTreeSet::new();
    for tie in least.ties() {
        in_ties.extend(tie.chosen().iter().map(|id| id.index()));
        let choices: Vec<&[ScopeId]> =
            std::iter::once(tie.chosen()).chain(tie.instead().iter().map(Vec::as_slice)).collect();
        sets =
            sets.iter().flat_map(|set: &Vec<ScopeId>| choices.iter().map(|choice| [set, *choice].concat())).collect();
    }
    let fixed: Vec<ScopeId> = least.scopes().iter().copied().filter(|id| !in_ties.contains(&id.index())).collect();
    sets.iter().map(|set| closed(catalogue, &[set.as_slice(), &fixed].concat())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, ..ProptestConfig::default() })]

    #[test]
    fn no_set_is_better(spec in spec()) {
        let Some(catalogue) = spec.catalogue() else { return Ok(()) };
        let (used, keep) = (spec.used(&catalogue), spec.keep.and_then(|scope| catalogue.scope_named(&name(scope))));
        let held: Vec<ScopeId> = spec.held.iter().filter_map(|scope| catalogue.scope_named(&name(*scope))).collect();
        let (cost, sets) = by_enumeration(&catalogue, &used, keep, closed(&catalogue, &held));
        let least = minimum(&catalogue, used.iter().copied(), keep, held.iter().copied());
        prop_assert!(least.is_proven());
        prop_assert_eq!(numbers(least.cost()), cost, "{:?}", &least);
        prop_assert!(sets.contains(&closed(&catalogue, least.scopes())));
        if least.ties().iter().all(Tie::has_all) {
            prop_assert_eq!(named(&catalogue, &least), sets, "{:?}", &least);
        } else {
            prop_assert!(named(&catalogue, &least).is_subset(&sets));
        }
        // What the result says about the set.
        prop_assert_eq!(least.opened_without_use().len(), cost.1);
        prop_assert_eq!(least.unscoped().len(), 1);
        for (id, routes) in least.needed_for() {
            let others: Vec<ScopeId> = least.scopes().iter().copied().filter(|other| *other != id).collect();
            let words = [closed(&catalogue, &others)];
            let is_closed = |id: &RouteId| {
                let route = catalogue.route_at(*id).unwrap();
                matches!(route.access(), Access::Scoped) && !route.requirement().satisfied_by(&words)
            };
            let closed: Vec<RouteId> = used.iter().copied().filter(is_closed).collect();
            prop_assert_eq!(routes, closed);
        }
    }

    #[test]
    fn a_search_that_was_given_up_claims_nothing(spec in spec(), steps in 0_u64..200) {
        let Some(catalogue) = spec.catalogue() else { return Ok(()) };
        let used = spec.used(&catalogue);
        let (cost, _) = by_enumeration(&catalogue, &used, None, 0);
        let least = minimum_in(&catalogue, used.iter().copied(), None, None, steps);
        let found = numbers(least.cost());
        prop_assert!(found >= cost);
        match least.bound() {
            Some(bound) => prop_assert!(numbers(bound) <= cost && numbers(bound) < found, "{:?} {:?}", &least, cost),
            None => prop_assert_eq!(found, cost),
        }
    }
}

/// The declarations are seldom refused, and both ends of the search are met.
#[test]
fn the_random_catalogues_are_catalogues() {
    use proptest::strategy::ValueTree as _;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let specs: Vec<Spec> = (0..400).map(|_| spec().new_tree(&mut runner).unwrap().current()).collect();
    let catalogues: Vec<(&Spec, UntypedCatalogue)> =
        specs.iter().filter_map(|spec| Some((spec, spec.catalogue()?))).collect();
    assert!(catalogues.len() > 200, "{}", catalogues.len());
    let found: Vec<(bool, bool)> = catalogues
        .iter()
        .map(|(spec, catalogue)| {
            let used = spec.used(catalogue);
            let given_up = minimum_in(catalogue, used.iter().copied(), None, None, 0);
            (!minimum(catalogue, used, None, None).ties().is_empty(), !given_up.is_proven())
        })
        .collect();
    assert!(found.iter().filter(|(has_ties, _)| *has_ties).count() > 20);
    assert!(found.iter().filter(|(_, is_given_up)| *is_given_up).count() > 20);
}
