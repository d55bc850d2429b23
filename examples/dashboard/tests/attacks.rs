//! Runs the attacks of `scopes-conformance` on the whole server: all routes, tokens in the
//! database, two environments.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, unused_imports, reason = "other tests use the rest")]
mod common;

use common::Server;
use dashboard::catalogue::api;
use dashboard::store::Kind;
use scopes_conformance::{Answer, Conformance, Reached};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_runs_that_should_not() {
    let server = Server::start().await;
    let (live, sandbox) = (server.seed.live.clone(), server.seed.sandbox.clone());
    let mut conformance = Conformance::new(server.address, &api::CATALOGUE).reached(ran);
    let everything: Vec<&str> = api::CATALOGUE.scopes().map(api::Scope::as_str).collect();
    for (scopes, environment) in [
        (&["environment.users.read", "environment.settings.write"][..], &sandbox),
        (&["environment.events.read"], &live),
        (&everything, &live),
    ] {
        let stored = server.token(scopes, environment).await;
        let grant = api::Grant::new(scopes.join(" ").parse::<api::Scopes>().unwrap()).for_tenant(environment).unwrap();
        conformance = conformance.token(stored.raw, grant);
    }
    // The objects that paths name exist.
    for kind in Kind::ALL {
        let id = server.seed.object(*kind, &live).unwrap();
        conformance = conformance.value(format!("{}Id", kind.as_str()), id);
    }
    let spare = server.token(&[], &live).await;
    conformance = conformance.value("tokenId", spare.id);

    let report = tokio::task::spawn_blocking(move || conformance.run()).await.unwrap();
    report.assert_clean();
    println!("{report}");
    assert!(report.reached >= 120, "{report}");
    // Callers without a route's scope, and callers of another environment, have tried each route.
    assert!(report.untried.is_empty(), "{report}");
    server.stop().await;
}

/// Handlers return their route and parameters, except those that make and list tokens.
fn ran(answer: &Answer) -> Reached {
    if !answer.is_success() {
        return Reached::Nothing;
    }
    let body: serde_json::Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    match text(&body["route"]) {
        Some(route) => Reached::Handler { route, tenant: text(&body["parameters"]["environmentId"]) },
        None => Reached::Something,
    }
}
