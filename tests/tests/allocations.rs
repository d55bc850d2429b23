//! Neither the verdict on a request nor the reading of a token's scopes allocates.

use std::hint::black_box;

use allocation_counter::measure;
use http::Method;
use scopes_tests::catalogues::dashboard::api::{self, Scope, Scopes};

const TENANT: &str = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";

/// Counts the allocations of the work.
fn allocations(work: impl FnMut()) -> u64 {
    measure(work).count_total
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations(|| drop(black_box(Box::new(1)))), 1);
}

#[test]
fn route_and_verdict() {
    let all: Scopes = Scope::ALL.iter().copied().collect();
    let grants = [(all, TENANT), (all, "E2"), (Scopes::EMPTY, TENANT)]
        .map(|(scopes, tenant)| api::Grant::new(scopes).for_tenant(tenant).unwrap());
    let mut seen = [0; 2];
    for route in api::CATALOGUE.routes() {
        let target = route.template().replace("{environmentId}", TENANT).replace(['{', '}'], "");
        let method = Method::from_bytes(route.method().as_bytes()).unwrap();
        for target in [
            target.clone(),
            format!("{target}?page=2"),
            format!("{target}/more"),
            format!("{target}/%2F"),
            target + ";a",
        ] {
            for grant in &grants {
                let counted = allocations(|| {
                    let found = api::CATALOGUE.at(&method, &target);
                    seen[usize::from(found.is_ok())] += 1;
                    black_box(&api::CATALOGUE.decide(&method, &target, Some(grant)));
                });
                assert_eq!(counted, 0, "{method} {target}");
            }
        }
    }
    assert!(seen.iter().all(|&times| times > 128), "{seen:?}");
}

#[test]
fn sets() {
    let names: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    let (oauth, json) = (names.join(" "), serde_json::to_string(&names).unwrap());
    let mut sets = [Scopes::EMPTY; 2];
    assert_eq!(allocations(|| sets[0] = oauth.parse().unwrap()), 0);
    assert_eq!(allocations(|| sets[1] = serde_json::from_str(&json).unwrap()), 0);
    assert!(sets.iter().all(|set| set.len() == names.len()));
    assert_eq!(allocations(|| assert!((sets[0] | sets[1]).is_superset(&(sets[0] - sets[1])))), 0);
}
