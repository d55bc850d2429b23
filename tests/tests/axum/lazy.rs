//! When the verifier runs. If a route does not need a caller, it runs only if the handler asks, and
//! then once, even if several futures ask and some are cancelled.

use axum::extract::{FromRequestParts, Request as AxumRequest};
use axum::response::IntoResponse;
use http::request::Parts;
use scopes::{Carrier as _, VerifyError};
use scopes_tests::log::Log;
use scopes_tests::probe::{self, dropped_while_it_runs, three_ask};

use super::*;

/// The verifier that waits for the test's permission and counts its runs.
type Probe = probe::Probe<api::Scope>;

/// Makes a probe that may give this number of answers at once.
fn probe_for(answers: usize) -> Probe {
    Probe::new(answers, |token| match token {
        "reader" => Ok(Some(Grant::new(api::Scope::UsersRead).for_tenant("e1")?)),
        "down" => Err(VerifyError::new("the store is away")),
        "panic" => panic!("as it was asked to"),
        _ => Ok(None),
    })
}

fn gated(handler: axum::routing::MethodRouter, probe: &Probe) -> scopes::axum::Gated<api::Scope> {
    api::gate(router_with_health(handler)).authenticate(probe.clone())
}

fn router_with_health(handler: axum::routing::MethodRouter) -> Router {
    Router::new().route("/api/health", handler).route("/api/environments/{id}/users", get(list))
}

#[tokio::test]
async fn a_route_that_needs_no_caller_does_not_wait_for_the_verifier() {
    let probe = probe_for(0);
    let app = gated(get(|| async { "ok" }), &probe);
    for token in ["reader", "down", "panic", "unknown"] {
        assert_eq!(status(&app, "GET", "/api/health", token).await, 200, "{token}");
        assert_eq!(status(&app, "HEAD", "/api/health", token).await, 200, "{token}");
    }
    assert_eq!(probe.asked(), 0);
}

mod shop {
    scopes::scopes! {
        pub mod api;
        orders.read { GET "/orders"; }
        external("the session's own check") { POST "/session"; }
    }
}

/// Another check handles these credentials, which may not be tokens of this API.
#[tokio::test]
async fn an_external_route_does_not_wait_for_the_verifier() {
    let verifier = verifier_fn(async |_: String| -> Result<Option<shop::api::Grant>, VerifyError> {
        panic!("it is asked about a session")
    });
    let router = Router::new().route("/session", axum::routing::post(|| async { "session" }));
    let app = shop::api::gate(router).authenticate(verifier);
    assert_eq!(status(&app, "POST", "/session", "anything").await, 200);
}

#[tokio::test]
async fn what_needs_a_caller_or_hides_a_path_is_verified() {
    for (method, target, token, expected, asked) in [
        ("GET", "/api/environments/e1/users", "reader", 200, 1),
        ("GET", "/api/environments/e2/users", "reader", 403, 1),
        ("GET", "/api/environments/e1/users", "unknown", 401, 1),
        ("GET", "/api/environments/e1/users", "down", 503, 1),
        ("GET", "/api/environments/e1/users", "panic", 500, 1),
        ("GET", "/api/environments/e1/users", "", 401, 0),
        ("GET", "/api/environments/e1/users", "not a token", 400, 0),
        // Otherwise a made-up token would reveal which paths exist.
        ("GET", "/api/nothing", "unknown", 401, 1),
        ("GET", "/api/nothing", "reader", 404, 1),
        ("DELETE", "/api/health", "unknown", 401, 1),
        // A malformed target is refused for every caller.
        ("GET", "/api/environments/e1;x/users", "reader", 400, 0),
        ("GET", "/api/%zz", "unknown", 400, 0),
    ] {
        let probe = probe_for(1);
        let app = gated(get(|| async { "ok" }), &probe);
        assert_eq!(status(&app, method, target, token).await, expected, "{method} {target} {token}");
        assert_eq!(probe.asked(), asked, "{method} {target} {token}");
        assert_eq!(probe.ended(), asked, "{method} {target} {token}");
    }
}

#[tokio::test]
async fn the_handler_of_a_public_route_asks_once() {
    async fn twice(before: Seen, grant: Result<Grant, scopes::Denied>, after: Seen) -> axum::response::Response {
        assert_eq!(before.0, Some("NotAsked"));
        assert_eq!(after.0 == Some("Granted"), grant.is_ok());
        match grant {
            Ok(grant) => grant.scopes().to_string().into_response(),
            Err(denied) => denied.into_response(),
        }
    }
    for (token, expected) in [("reader", 200), ("unknown", 401), ("down", 503), ("panic", 500)] {
        let probe = probe_for(1);
        let app = gated(get(twice), &probe);
        assert_eq!(status(&app, "GET", "/api/health", token).await, expected, "{token}");
        assert_eq!(probe.asked(), 1, "{token}");
    }
    let probe = probe_for(1);
    let app = gated(get(|_: Grant, _: Grant| async { "ok" }), &probe);
    assert_eq!(status(&app, "GET", "/api/health", "reader").await, 200);
    assert_eq!(status(&app, "GET", "/api/health", "").await, 401);
    assert_eq!(probe.asked(), 1);
}

/// The state of the request's credentials.
struct Seen(Option<&'static str>);

impl<State: Sync> FromRequestParts<State> for Seen {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Self, Self::Rejection> {
        Ok(Self(Authentication::<api::Scope>::of(&parts.extensions).map(|authentication| match authentication {
            Authentication::NotAsked => "NotAsked",
            Authentication::Granted(_) => "Granted",
            _ => "other",
        })))
    }
}

#[tokio::test]
async fn extractors_that_ask_at_once_wait_for_one_run() {
    let probe = probe_for(0);
    let asks = probe.clone();
    let handler = async move |request: AxumRequest| {
        let (parts, _) = request.into_parts();
        let ask = || {
            let mut parts = parts.clone();
            async move { Grant::from_request_parts(&mut parts, &()).await.is_ok() }
        };
        three_ask(&asks, ask).await
    };
    let app = gated(get(handler), &probe);
    for (token, expected) in [("reader", "true true"), ("panic", "false false")] {
        let response = send(&app, request("GET", "/api/health", token)).await;
        assert_eq!(text(response).await, expected, "{token}");
    }
    assert_eq!(probe.asked(), 2);
}

#[tokio::test]
async fn a_client_that_goes_away_cancels_the_verifier() {
    let probe = probe_for(0);
    for (handler, target) in
        [(get(|| async { "ok" }), "/api/environments/e1/users"), (get(|_: Grant| async { "ok" }), "/api/health")]
    {
        let app = gated(handler, &probe);
        dropped_while_it_runs(&probe, send(&app, request("GET", target, "reader")));
    }
}

#[tokio::test]
async fn code_that_cannot_wait_for_the_verifier_is_told_so() {
    async fn handler(request: AxumRequest) -> axum::response::Response {
        match request.permit::<permits::UsersRead>() {
            Ok(_) => "ok".into_response(),
            Err(denied) => denied.into_response(),
        }
    }
    let (log, _listening) = Log::listen();
    let probe = probe_for(1);
    assert_eq!(status(&gated(get(handler), &probe), "GET", "/api/health", "reader").await, 500);
    assert_eq!(probe.asked(), 0);
    let errors = log.errors();
    assert!(errors.iter().any(|line| line.contains("cannot wait for the verifier")), "{errors:?}");
}
