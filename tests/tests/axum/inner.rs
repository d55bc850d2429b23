//! Routers, gates and layers inside of a gated router, which the gate cannot see through.

use axum::extract::Request as AxumRequest;
use axum::middleware::{Next, from_fn};
use http::Method;

use super::*;

mod chain {
    scopes::scopes! {
        pub(super) mod api;
        base "/c";
        users.read { GET "/users/{id}"; }
        users.export { GET "/users/export"; }
        users.some { GET "/users/ex{end}"; }
        things.write { POST "/things"; }
        authenticated("any caller may look") { GET "/things"; }
    }
}

fn chain_authenticate() -> Authenticate<chain::api::Scope> {
    tokens::authenticate(
        "e1",
        &[
            ("none", ""),
            ("writer", "things.write"),
            ("two", "users.read users.export"),
            ("three", "users.read users.export users.some"),
        ],
    )
}

/// The gate sees only a target, and the permit sees the target and a template. So the permit must
/// not rely on the gate's verdict.
#[tokio::test]
async fn a_permit_sees_more_than_a_gate_without_a_template() {
    let users =
        || Router::new().route("/users/{id}", get(|_: Permit<chain::api::permits::UsersRead>| async { "user" }));
    let gate = chain::api::gate;
    for (what, app) in [
        ("nested", gate(Router::new().nest("/c", users()))),
        ("a service", gate(Router::new().nest_service("/c", users()))),
        ("a fallback", gate(Router::new().fallback_service(Router::new().nest("/c", users())))),
    ] {
        let later = app.clone().layer(from_fn(async |request: AxumRequest, next: Next| next.run(request).await));
        for app in [app.authenticate(chain_authenticate()), later.layer(chain_authenticate())] {
            assert_eq!(status(&app, "GET", "/c/users/%65xport", "two").await, 403, "{what}");
            assert_eq!(status(&app, "GET", "/c/users/%65xport", "three").await, 200, "{what}");
            assert_eq!(status(&app, "GET", "/c/users/7", "two").await, 200, "{what}");
        }
    }
}

/// A layer that runs after the inner router chose the handler. The gate has not seen this choice.
#[tokio::test]
async fn a_method_that_is_changed_in_an_inner_router_gives_no_grant() {
    async fn post_as_get(mut request: AxumRequest, next: Next) -> axum::response::Response {
        if request.headers().contains_key("x-method") {
            *request.method_mut() = Method::GET;
        }
        next.run(request).await
    }
    let posted = |_: chain::api::Grant| async { "posted" };
    let things = || Router::new().route("/things", axum::routing::post(posted)).layer(from_fn(post_as_get));
    for router in [
        Router::new().nest("/c", things()),
        Router::new().nest_service("/c", things()),
        Router::new().fallback_service(Router::new().nest("/c", things())),
    ] {
        let reporting = chain_authenticate().settings(Settings::new().report_only(ReportOnly::Scopes));
        let app = chain::api::gate(router).authenticate(reporting);
        let mut changed = request("POST", "/c/things", "none");
        changed.headers_mut().insert("x-method", "GET".parse().unwrap());
        assert_eq!(send(&app, changed).await.status(), 404);
        assert_eq!(status(&app, "POST", "/c/things", "none").await, 200);
        assert_eq!(status(&app, "POST", "/c/things", "writer").await, 200);
    }
}

mod notes {
    scopes::scopes! {
        pub(super) mod api;
        base "/n";
        tenant account;
        public("it is the front page") { GET "/notes/front"; GET "/health"; }
        notes.read {
            GET "/accounts/{account}/notes";
            #[unbound("the handler compares the account")] GET "/notes/{id}";
        }
    }
}

/// A demand of an inner gate on one caller without credentials does not apply to the next caller.
#[tokio::test]
async fn callers_without_credentials_share_no_owner_check() {
    let note = || Router::new().route("/notes/{id}", get(|| async { "note" }));
    let inner = || notes::api::gate(note());
    let health = Router::new().route("/n/health", get(|| async { "up" }));
    let settings = Settings::new().strict().report_only(ReportOnly::Everything);
    let authenticate = tokens::authenticate::<notes::api::Scope>("e1", &[]).settings(settings);
    let app = notes::api::gate(health.nest_service("/n", inner())).authenticate(authenticate);
    assert_eq!(status(&app, "GET", "/n/health", "").await, 200);
    assert_eq!(status(&app, "GET", "/n/notes/front", "").await, 500);
    assert_eq!(status(&app, "GET", "/n/health", "").await, 200);
}

/// A gate that is added by hand inside of a gated router knows by which method axum chose the
/// handler.
#[tokio::test]
async fn a_gate_by_hand_inside() {
    async fn as_get(mut request: AxumRequest, next: Next) -> axum::response::Response {
        *request.method_mut() = Method::GET;
        next.run(request).await
    }
    let by_hand = || router().layer(Gate::<api::Scope>::new());
    let changed = api::gate(by_hand().layer(from_fn(as_get))).authenticate(authenticate());
    assert_eq!(status(&changed, "GET", "/api/health", "").await, 200);
    assert_eq!(status(&changed, "HEAD", "/api/health", "").await, 401);
    // The outer gate does not need a caller here. The inner gate cannot find out who the caller is.
    assert_eq!(status(&changed, "HEAD", "/api/health", "reader").await, 500);
    assert_eq!(status(&changed, "POST", "/api/environments/e1/users", "writer").await, 404);
    let twice = api::gate(by_hand()).authenticate(authenticate());
    assert_eq!(status(&twice, "GET", "/api/environments/e1/users", "reader").await, 200);
    assert_eq!(status(&twice, "GET", "/api/environments/e1/users", "writer").await, 403);
    assert_eq!(status(&twice, "GET", "/api/health", "").await, 200);
}
