//! When the verifier runs: never for a route that needs no caller, unless the handler asks, and then
//! once, whoever asks and is cancelled.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use axum::extract::{FromRequestParts, Request as AxumRequest};
use axum::response::IntoResponse;
use http::request::Parts;
use scopes::{Carrier as _, VerifyError};
use scopes_tests::log::Log;
use tokio::sync::Semaphore;

use super::*;

/// Answers when it is let, and counts.
#[derive(Clone)]
struct Probe(Arc<Counts>);

struct Counts {
    asked: AtomicUsize,
    dropped: AtomicUsize,
    let_go: Semaphore,
}

/// Counts the runs that came to an end, finished or not.
struct Running(Arc<Counts>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.dropped.fetch_add(1, Ordering::SeqCst);
    }
}

impl Probe {
    /// Lets so many answers go.
    fn new(answers: usize) -> Self {
        let (asked, dropped) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Self(Arc::new(Counts { asked, dropped, let_go: Semaphore::new(answers) }))
    }

    fn asked(&self) -> usize {
        self.0.asked.load(Ordering::SeqCst)
    }

    fn dropped(&self) -> usize {
        self.0.dropped.load(Ordering::SeqCst)
    }
}

impl scopes::Verifier<api::Scope> for Probe {
    async fn verify(&self, token: &str) -> Result<Option<Grant>, VerifyError> {
        self.0.asked.fetch_add(1, Ordering::SeqCst);
        let _running = Running(Arc::clone(&self.0));
        self.0.let_go.acquire().await?.forget();
        match token {
            "reader" => Ok(Some(Grant::new(api::Scope::UsersRead).for_tenant("e1")?)),
            "down" => Err(VerifyError::new("the store is away")),
            "panic" => panic!("as it was asked to"),
            _ => Ok(None),
        }
    }
}

fn gated(handler: axum::routing::MethodRouter, probe: &Probe) -> scopes::axum::Gated<api::Scope> {
    api::gate(router_with_health(handler)).authenticate(probe.clone())
}

fn router_with_health(handler: axum::routing::MethodRouter) -> Router {
    Router::new().route("/api/health", handler).route("/api/environments/{id}/users", get(list))
}

/// Polls once, as a server does before it goes on with other connections.
fn poll<T>(future: &mut std::pin::Pin<Box<impl Future<Output = T> + ?Sized>>) -> Poll<T> {
    future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

#[tokio::test]
async fn a_route_that_needs_no_caller_does_not_wait_for_the_verifier() {
    let probe = Probe::new(0);
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

/// Something else checks these credentials, which need not be tokens of ours.
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
        // Else an invented token would tell a path that there is from one that there is not.
        ("GET", "/api/nothing", "unknown", 401, 1),
        ("GET", "/api/nothing", "reader", 404, 1),
        ("DELETE", "/api/health", "unknown", 401, 1),
        // A malformed target is refused whoever sends it.
        ("GET", "/api/environments/e1;x/users", "reader", 400, 0),
        ("GET", "/api/%zz", "unknown", 400, 0),
    ] {
        let probe = Probe::new(1);
        let app = gated(get(|| async { "ok" }), &probe);
        assert_eq!(status(&app, method, target, token).await, expected, "{method} {target} {token}");
        assert_eq!(probe.asked(), asked, "{method} {target} {token}");
        assert_eq!(probe.dropped(), asked, "{method} {target} {token}");
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
        let probe = Probe::new(1);
        let app = gated(get(twice), &probe);
        assert_eq!(status(&app, "GET", "/api/health", token).await, expected, "{token}");
        assert_eq!(probe.asked(), 1, "{token}");
    }
    let probe = Probe::new(1);
    let app = gated(get(|_: Grant, _: Grant| async { "ok" }), &probe);
    assert_eq!(status(&app, "GET", "/api/health", "reader").await, 200);
    assert_eq!(status(&app, "GET", "/api/health", "").await, 401);
    assert_eq!(probe.asked(), 1);
}

/// What the request says of its credentials.
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
    async fn handler(request: AxumRequest) -> axum::response::Response {
        let (parts, _) = request.into_parts();
        let asked = || {
            let mut parts = parts.clone();
            Box::pin(async move { Grant::from_request_parts(&mut parts, &()).await.is_ok() })
        };
        let (mut first, mut second, third) = (asked(), asked(), asked());
        // The one that has polled the verifier last is cancelled: the others still get the answer.
        assert!(poll(&mut second).is_pending() && poll(&mut first).is_pending());
        drop(first);
        LET_GO.add_permits(1);
        let (second, third) = tokio::join!(second, third);
        format!("{second} {third}").into_response()
    }
    static LET_GO: Semaphore = Semaphore::const_new(0);
    let (probe, app) = {
        let probe = Probe::new(0);
        let waits = probe.clone();
        let verifier = verifier_fn(move |token: String| {
            waits.0.asked.fetch_add(1, Ordering::SeqCst);
            async move {
                LET_GO.acquire().await?.forget();
                assert_ne!(token, "panic", "as it was asked to");
                Ok(Some(Grant::new(api::Scope::UsersRead)))
            }
        });
        (probe, api::gate(router_with_health(get(handler))).authenticate(verifier))
    };
    for (token, expected) in [("reader", "true true"), ("panic", "false false")] {
        let response = send(&app, request("GET", "/api/health", token)).await;
        assert_eq!(text(response).await, expected, "{token}");
    }
    assert_eq!(probe.asked(), 2);
}

#[tokio::test]
async fn a_client_that_goes_away_cancels_the_verifier() {
    let probe = Probe::new(0);
    for (handler, target) in
        [(get(|| async { "ok" }), "/api/environments/e1/users"), (get(|_: Grant| async { "ok" }), "/api/health")]
    {
        let app = gated(handler, &probe);
        let mut response = Box::pin(send(&app, request("GET", target, "reader")));
        assert!(poll(&mut response).is_pending());
        let (asked, dropped) = (probe.asked(), probe.dropped());
        assert_eq!(asked, dropped + 1, "{target}");
        drop(response);
        assert_eq!(probe.dropped(), asked, "{target}");
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
    let probe = Probe::new(1);
    assert_eq!(status(&gated(get(handler), &probe), "GET", "/api/health", "reader").await, 500);
    assert_eq!(probe.asked(), 0);
    let errors = log.errors();
    assert!(errors.iter().any(|line| line.contains("cannot wait for the verifier")), "{errors:?}");
}
