//! The axum and tower adapters in process.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod allow;
mod extended_connect;
mod extractors;
mod fused;
mod gate;
mod inner;
mod layers;
mod lazy;
mod mounts;
mod readings;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::routing::get;
use http::{Request, Response};
use scopes::axum::guard;
use scopes::tower::{Authenticate, Gate};
use scopes::{Authentication, Permit, ReportOnly, Settings, verifier_fn};
use scopes_tests::api::{self, Grant, permits};
use scopes_tests::tokens;
use tower::{Service, ServiceExt};

fn authenticate() -> Authenticate<api::Scope> {
    tokens::authenticate(
        "e1",
        &[("reader", "users.read"), ("writer", "users.write"), ("none", ""), ("all", "all.read")],
    )
}

/// The authentication under `strict`: it replaces the answer of a handler that has not compared the
/// owner.
fn strict() -> Authenticate<api::Scope> {
    authenticate().settings(Settings::new().strict())
}

async fn list(_: Permit<permits::UsersRead>) -> &'static str {
    "list"
}
async fn create(_: Permit<permits::UsersWrite>, body: String) -> String {
    body
}
async fn show(permit: Permit<permits::UsersRead>, Path((environment, user)): Path<(String, String)>) -> String {
    assert_eq!(permit.tenant(), Some(&*environment));
    assert_eq!(permit.parameter("user").unwrap(), user);
    user
}
async fn compared(permit: Permit<permits::UsersRead>, Path(user): Path<String>) -> Result<String, scopes::Denied> {
    permit.same_tenant(if user == "other" { "e2" } else { "e1" })?;
    Ok(user)
}
async fn not_compared(_: Permit<permits::UsersRead>) -> &'static str {
    "leak"
}
async fn me(grant: Grant) -> String {
    grant.scopes().to_string()
}

fn router() -> Router {
    Router::new()
        .route("/api/environments/{id}/users", get(list).post(create))
        .nest("/api/environments/{id}", Router::new().route("/users/{user}", get(show)))
        .route("/api/users/{user}", get(compared))
        .route("/api/eventTypes", get(guard::<permits::EventsRead, _>(|| async { "types" })))
        .route("/api/me", get(me))
        .route("/api/health", get(|| async { "ok" }))
        .route("/api/undeclared", get(|| async { "undeclared" }))
        .route("/index.html", get(|| async { "index" }))
}

fn request(method: &str, target: &str, token: &str) -> Request<Body> {
    let request = Request::builder().method(method).uri(target);
    let request = if token.is_empty() { request } else { request.header("authorization", format!("Bearer {token}")) };
    request.body(Body::empty()).unwrap()
}

async fn send<S>(app: &S, request: Request<Body>) -> Response<Body>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = std::convert::Infallible> + Clone,
{
    app.clone().oneshot(request).await.unwrap()
}

async fn status<S>(app: &S, method: &str, target: &str, token: &str) -> u16
where
    S: Service<Request<Body>, Response = Response<Body>, Error = std::convert::Infallible> + Clone,
{
    send(app, request(method, target, token)).await.status().as_u16()
}

async fn text(response: Response<Body>) -> String {
    String::from_utf8(axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn statuses_with_and_without_a_gate() {
    let permits_only = router().layer(authenticate());
    let gated = api::gate(router()).layer(authenticate());
    for (method, target, token, plain, with_gate) in [
        ("GET", "/api/environments/e1/users", "", 401, 401),
        ("GET", "/api/environments/e1/users", "bad", 401, 401),
        ("GET", "/api/environments/e1/users", "a b", 400, 400),
        ("GET", "/api/environments/e1/users", "down", 503, 503),
        ("GET", "/api/environments/e1/users", "writer", 403, 403),
        ("GET", "/api/environments/e1/users", "reader", 200, 200),
        ("GET", "/api/environments/e1/users", "all", 200, 200),
        ("GET", "/api/environments/e2/users", "reader", 403, 403),
        ("HEAD", "/api/environments/e1/users", "", 401, 401),
        ("HEAD", "/api/environments/e1/users", "writer", 403, 403),
        ("HEAD", "/api/environments/e1/users", "reader", 200, 200),
        ("POST", "/api/environments/e1/users", "reader", 403, 403),
        ("POST", "/api/environments/e1/users", "writer", 200, 200),
        ("GET", "/api/environments/e1/users/u1", "", 401, 401),
        ("GET", "/api/environments/e1/users/u1", "writer", 403, 403),
        ("GET", "/api/environments/e1/users/u1", "reader", 200, 200),
        ("GET", "/api/environments/e1/users/u1?x=%2F", "reader", 200, 200),
        ("GET", "/api/environments/%65%31/users/u1", "reader", 200, 200),
        ("GET", "/api/environments/e2/users/u1", "reader", 403, 403),
        ("GET", "/api/environments/e1/users/a%2Fb", "reader", 400, 400),
        ("GET", "/api/environments/e1/users/..", "reader", 400, 400),
        ("GET", "/api/environments/e1/users/a;b", "", 400, 400),
        ("GET", "/api/users/u1", "reader", 200, 200),
        ("GET", "/api/users/other", "reader", 403, 403),
        ("GET", "/api/eventTypes", "", 401, 401),
        ("GET", "/api/eventTypes", "reader", 403, 403),
        ("GET", "/api/eventTypes", "all", 200, 200),
        ("GET", "/api/me", "", 401, 401),
        ("GET", "/api/me", "none", 200, 200),
        ("GET", "/api/health", "", 200, 200),
        ("GET", "/api/health", "bad", 200, 200),
        // A route that the router serves, but the catalogue does not know. Without a gate and
        // without debug assertions it is served.
        ("GET", "/api/undeclared", "", 500, 401),
        ("GET", "/api/undeclared", "all", 500, 404),
        // A path that neither the router nor the catalogue knows.
        ("GET", "/api/none", "", 404, 401),
        ("GET", "/api/none", "reader", 404, 404),
        ("PUT", "/api/environments/e1/users", "", 405, 401),
        ("PUT", "/api/environments/e1/users", "reader", 405, 405),
        ("get", "/api/environments/e1/users", "reader", 405, 405),
        ("GET", "//api/environments/e1/users", "", 404, 401),
        ("GET", "/%61pi/environments/e1/users", "reader", 404, 404),
        ("GET", "/x/../api/health", "reader", 404, 400),
        // Outside of the base.
        ("GET", "/index.html", "", 200, 401),
        ("GET", "/index.html", "all", 200, 404),
        ("GET", "/none", "", 404, 401),
        ("OPTIONS", "*", "", 404, 401),
    ] {
        assert_eq!(status(&permits_only, method, target, token).await, plain, "plain {method} {target} {token}");
        assert_eq!(status(&gated, method, target, token).await, with_gate, "gated {method} {target} {token}");
    }
    let response = send(&gated, request("PUT", "/api/environments/e1/users", "reader")).await;
    assert_eq!(response.headers()["allow"], "GET, HEAD, POST");
    let response = send(&gated, request("HEAD", "/api/environments/e1/users", "writer")).await;
    assert!(response.headers()["www-authenticate"].to_str().unwrap().contains("insufficient_scope"));
    assert_eq!(text(response).await, "");
}

#[tokio::test]
async fn challenges() {
    let app = api::gate(router()).layer(authenticate().settings(Settings::new().realm("dashboard").unwrap()));
    for (token, expected) in [
        ("", "Bearer realm=\"dashboard\""),
        ("bad", "Bearer realm=\"dashboard\", error=\"invalid_token\""),
        ("a b", "Bearer realm=\"dashboard\", error=\"invalid_request\""),
        ("writer", "Bearer realm=\"dashboard\", error=\"insufficient_scope\", scope=\"users.read\""),
    ] {
        let response = send(&app, request("GET", "/api/environments/e1/users", token)).await;
        let challenge = response.headers()["www-authenticate"].to_str().unwrap();
        assert!(
            challenge.starts_with(expected) && (!token.is_empty() || challenge == expected),
            "{token}: {challenge}"
        );
    }
}
