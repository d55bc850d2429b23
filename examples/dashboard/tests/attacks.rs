//! Runs the attacks of `scopes-conformance` on the whole server: all routes, tokens in the
//! database, two environments.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, unused_imports, reason = "other tests use the rest")]
mod common;

use common::Server;
use common::script::{names_of, steps};
use dashboard::catalogue::api;
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
    // The objects that paths name exist: the script has made them, and has not deleted any.
    let (mut client, mut names) = (server.client(), names_of(&live));
    let token = server.token(&everything, &live).await.raw;
    for step in
        steps().iter().filter(|step| step.method != "DELETE" && !step.path.ends_with("/revoke") && step.status < 300)
    {
        let response = client.send(step.request(&names).bearer(&token)).await;
        assert!(matches!(response.status, 200..300 | 404 | 409), "{step:?} {response:?}");
        if response.status == step.status {
            step.remember(&response, &mut names);
        }
    }
    for (name, value) in &names {
        if api::CATALOGUE.routes().any(|route| route.path().contains(&format!("{{{name}}}"))) && name != "environmentId"
        {
            conformance = conformance.value(name, value);
        }
    }
    for step in steps() {
        if let Some(body) = step.sent(&names) {
            let route = format!("{} {}", step.method, template(step.path));
            conformance = conformance.body_of(route, "application/json", body);
        }
    }

    let report = tokio::task::spawn_blocking(move || conformance.run()).await.unwrap();
    report.assert_clean();
    println!("{report}");
    assert!(report.reached >= 120, "{report}");
    // Callers without a route's scope, and callers of another environment, have tried each route.
    assert!(report.untried.is_empty(), "{report}");
    server.stop().await;
}

/// The template of a path of the documents.
fn template(path: &str) -> String {
    let segments = path.split('/').map(|segment| match segment.strip_prefix(':') {
        Some(name) => format!("{{{name}}}"),
        None => segment.to_owned(),
    });
    format!("/api/v0{}", segments.collect::<Vec<_>>().join("/"))
}

/// A handler has run if the answer is a success, or if it names the field that is wrong: only
/// handlers read bodies and objects.
fn ran(answer: &Answer) -> Reached {
    let body: serde_json::Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    let names_field = body["error"].as_str().is_some_and(|error| error.starts_with('`'));
    if answer.is_success() || matches!(answer.status(), 400 | 409) && names_field {
        return Reached::Something;
    }
    Reached::Nothing
}
