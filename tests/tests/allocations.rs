//! Neither the verdict on a request nor the reading of a token's scopes allocates, nor does the
//! event for the application's hook.

use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};

use allocation_counter::measure;
use http::Method;
use scopes::{Authentication, Carrier, DecisionEvent, Settings};
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

/// What the hook sees of a decision costs no allocation, whatever the caller holds.
#[test]
fn decision_events() {
    let all: Scopes = Scope::ALL.iter().copied().collect();
    let grant = api::Grant::new(all).for_tenant(TENANT).unwrap().with_subject("ada").with_token_id("t-1");
    let permits = |settings: Settings| {
        let mut request = http::Request::get(format!("/api/v0/environments/{TENANT}/users")).body(()).unwrap();
        Authentication::Granted(grant.clone()).store(request.extensions_mut(), &settings.into());
        let counted = allocations(|| {
            for _ in 0..10 {
                black_box(&request.permit::<api::permits::EnvironmentUsersRead>().unwrap());
            }
        });
        drop(request);
        counted
    };
    static SEEN: AtomicUsize = AtomicUsize::new(0);
    let hook = |event: &DecisionEvent<'_>| {
        let granted = event.granted().map(str::len).sum::<usize>();
        SEEN.fetch_add(usize::from(granted > 0 && event.token_id().is_some()), Ordering::Relaxed);
    };
    // The first request also pays for what the library makes once.
    permits(Settings::new());
    let without = permits(Settings::new());
    assert_eq!(permits(Settings::new().on_decision(hook)), without);
    assert_eq!(SEEN.load(Ordering::Relaxed), 10);
}
