//! axum.

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::IntoResponse;
use http::{HeaderValue, Request};
use scopes::axum::{Gated, Partial, guarded, handler, router};
use scopes::routes::Covered;
use scopes::{All, Any, Permit, Settings, Stricter, requires};
use tower::ServiceExt;

use super::{CASES, api, authenticate, expected};
use api::permits::{EventsExport, EventsRead, UsersRead, UsersWrite};

#[derive(Clone)]
struct App {
    cancelled: &'static str,
}

#[requires(api::users.read)]
async fn list_users(Path(environment): Path<String>) -> String {
    format!("list {environment}")
}

#[requires(api::users.read)]
async fn get_user(State(_): State<App>, Path((_, user)): Path<(String, String)>) -> String {
    format!("user {user}")
}

// The permit's type is written by hand, in another order than the catalogue's.
async fn either(_: Permit<Any<EventsExport, EventsRead>>) -> &'static str {
    "either"
}

async fn replay_user(permit: Permit<All<UsersWrite, EventsRead>>) -> String {
    format!("replayed {}", permit.parameter("user").unwrap())
}

#[requires(api::users.write as permit)]
async fn cancel_user(State(app): State<App>) -> String {
    format!("{} {}", app.cancelled, permit.parameter("user").unwrap())
}

async fn get_me(_: Permit<Stricter<UsersRead>>) -> &'static str {
    "myself"
}

async fn create_user(_: Permit<UsersWrite>, Path(environment): Path<String>, body: String) -> String {
    format!("create {environment}{body}")
}

#[requires(api::events.export)]
async fn get_file(Path((_, path)): Path<(String, String)>) -> String {
    format!("file {path}")
}

async fn me(grant: api::Grant) -> String {
    grant.subject().unwrap_or_default().to_owned()
}

fn users() -> Partial<api::users::Routes, App> {
    let routes = api::users::Routes {
        list_users: handler(list_users),
        get_user: handler(get_user),
        get_me: handler(get_me),
        create_user: handler(create_user),
        cancel_user: handler(cancel_user),
        replay_user: handler(replay_user),
    };
    // A layer around the routes of one group.
    let tagged = axum::middleware::map_response(async |response: axum::response::Response| {
        ([("x-group", "users")], response).into_response()
    });
    routes.partial().map(|_, handlers| handlers.layer(tagged.clone()))
}

fn others() -> Partial<(api::events::Routes, api::Routes), App> {
    let events = api::events::Routes {
        either: handler(either),
        r#type: guarded(async || "types"),
        purge: guarded(async || "purged"),
        get_cache: guarded(async || "cached"),
        get_file: handler(get_file),
    };
    let rest = api::Routes {
        get_status: guarded(async || "fine"),
        health: handler(async || "ok"),
        me: handler(me),
        hook: handler(async || "hooked"),
    };
    events.partial().merge(rest.partial())
}

fn covered() -> Covered<api::Scope, axum::routing::MethodRouter<App>> {
    api::assert_covered!(users(), others())
}

const APP: App = App { cancelled: "cancelled" };

fn gated() -> Gated<api::Scope> {
    api::gate(router(covered()).with_state(APP)).layer(authenticate())
}

fn request(method: &str, target: &str, scopes: &str) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(target).body(Body::empty()).unwrap();
    if !scopes.is_empty() {
        let token = HeaderValue::try_from(format!("Bearer {scopes}")).unwrap();
        request.headers_mut().insert("authorization", token);
    }
    request
}

#[tokio::test]
async fn every_route_is_served_as_declared() {
    let permits_only = router(covered()).with_state(APP).layer(authenticate());
    for case @ (method, target, scopes, _, text) in CASES {
        for is_gated in [false, true] {
            let request = request(method, target, scopes);
            let response = match is_gated {
                true => gated().oneshot(request).await.unwrap(),
                false => permits_only.clone().oneshot(request).await.unwrap(),
            };
            // The gate covers the base only.
            let is_gated = is_gated && target.starts_with("/api");
            let found = response.status().as_u16();
            // axum distinguishes a wrong method from an unknown path.
            let is_of_get = target.ends_with(":nothing") && !is_gated;
            let expected = if is_of_get { 405 } else { expected(case, is_gated) };
            assert_eq!(found, expected, "{method} {target} {scopes} {is_gated}");
            let is_tagged = response.headers().contains_key("x-group");
            let body = axum::body::to_bytes(response.into_body(), 1 << 16).await.unwrap();
            if found == 200 {
                assert_eq!(body, text, "{method} {target}");
                assert_eq!(is_tagged, target.contains("/users"), "{method} {target}");
            }
        }
    }
}

#[tokio::test]
async fn other_methods_are_refused() {
    let app = router(covered()).with_state(APP).layer(authenticate());
    // The feature `http2` adds `CONNECT` to axum's own `GET`.
    for (method, target, status, allow) in [
        ("DELETE", "/api/v0/e/e1/users", 405, "GET,HEAD,CONNECT,POST"),
        ("GET", "/api/v0/e/e1/users/7:cancel", 200, ""),
        ("PUT", "/api/v0/e/e1/users/7:cancel", 405, "GET,HEAD,POST"),
        ("PUT", "/api/v0/e/e1/users/7", 405, "GET,HEAD"),
        ("LOCK", "/api/v0/e/e1/cache", 405, "GET,HEAD,PURGE"),
        ("PURGE", "/api/v0/e/e1/users", 405, "GET,HEAD,CONNECT,POST"),
    ] {
        let response = app.clone().oneshot(request(method, target, "users.read")).await.unwrap();
        let allowed = response.headers().get("allow").map_or("", |allow| allow.to_str().unwrap());
        assert_eq!((response.status().as_u16(), allowed), (status, allow), "{method} {target}");
    }
    let purged = app.oneshot(request("PURGE", "/api/v0/e/e1/cache", "events.read")).await.unwrap();
    assert_eq!((purged.status().as_u16(), purged.headers().get("allow")), (200, None));
}

/// The catalogue chooses between the routes of `GET` and of `HEAD`. axum alone would look at the
/// routes of `HEAD` first.
mod beside_parameters {
    scopes::scopes! {
        pub(super) mod api;
        routes;
        public("probes") {
            HEAD "/probes/{id}:state" as probe_state;
            HEAD "/probes/v{id}" as probe_version;
            GET "/probes/{id}:replay" as replay;
            GET "/probes/v1{id}" as first_version;
            POST "/probes/{id}:cancel" as cancel;
        }
    }
}

#[tokio::test]
async fn text_beside_parameters_and_head() {
    use beside_parameters::api;

    let named = |name: &'static str| async move || [("x-route", name)];
    let routes = api::Routes {
        probe_state: handler(named("probe_state")),
        probe_version: handler(named("probe_version")),
        replay: handler(named("replay")),
        first_version: handler(named("first_version")),
        cancel: handler(named("cancel")),
    };
    let app: axum::Router = router(api::assert_covered!(routes));
    for (method, target, expected) in [
        ("HEAD", "/probes/7:state", "probe_state"),
        ("HEAD", "/probes/7:replay", "replay"),
        ("GET", "/probes/7:replay", "replay"),
        ("HEAD", "/probes/v2", "probe_version"),
        ("HEAD", "/probes/v12", "first_version"),
        ("POST", "/probes/7:cancel", "cancel"),
        ("GET", "/probes/7:cancel", "405 POST"),
        ("GET", "/probes/v2", "405 HEAD"),
        ("DELETE", "/probes/v12", "405 GET,HEAD"),
        ("GET", "/probes/7", "404 "),
        ("GET", "/probes/:replay", "404 "),
    ] {
        let response = app.clone().oneshot(request(method, target, "")).await.unwrap();
        let header = |name| response.headers().get(name).map_or("", |value| value.to_str().unwrap());
        let refused = format!("{} {}", response.status().as_u16(), header("allow"));
        let found = if response.status().is_success() { header("x-route") } else { &*refused };
        assert_eq!(found, expected, "{method} {target}");
        let at = api::CATALOGUE.at(&method.parse().unwrap(), target).ok();
        assert_eq!(at.map(|at| at.route().name()), response.status().is_success().then_some(expected));
    }
}

#[tokio::test]
async fn nested_below_another_base() {
    let authenticate = authenticate().settings(Settings::new().mounted_at("/v1").unwrap());
    let below = router(covered().mounted_at("/v1")).with_state(APP).layer(authenticate.clone());
    let nested = axum::Router::new().nest("/v1", router(covered().mounted_at("")).with_state(APP)).layer(authenticate);
    for app in [below, nested] {
        for (target, scopes, status) in [
            ("/v1/e/e1/users", "users.read", 200),
            ("/v1/e/e2/users", "users.read", 403),
            ("/v1/e/e1/users/7", "users.read", 200),
            ("/v1/e/e1/users", "users.write", 403),
            ("/api/v0/e/e1/users", "users.read", 404),
        ] {
            let found = app.clone().oneshot(request("GET", target, scopes)).await.unwrap().status();
            assert_eq!(found, status, "{target} {scopes}");
        }
        let response = app.clone().oneshot(request("POST", "/v1/e/e1/users/7:cancel", "users.write")).await.unwrap();
        assert_eq!(response.status(), 200);
    }
}

/// A client opens a WebSocket over HTTP/2 on the route of `GET`.
#[tokio::test]
async fn an_extended_connect_is_the_get_of_its_route() {
    let permits_only = router(covered()).with_state(APP).layer(authenticate());
    for (target, scopes, expected) in [
        ("/api/v0/e/e1/users", "users.read", 200),
        ("/api/v0/e/e1/users", "users.write", 403),
        // axum finds the first route. The text beside the parameter decides the second.
        ("/api/v0/e/e1/users/7", "users.read", 200),
        ("/api/v0/e/e1/users/7:cancel", "users.read", 200),
        ("/api/v0/e/e1/users/7", "", 401),
        ("/api/v0/health", "", 200),
    ] {
        let extended = || {
            let mut request = request("CONNECT", target, scopes);
            request.extensions_mut().insert(hyper::ext::Protocol::from_static("websocket"));
            request
        };
        let status = permits_only.clone().oneshot(extended()).await.unwrap().status();
        assert_eq!(status, expected, "{target} {scopes}");
        let status = gated().oneshot(extended()).await.unwrap().status();
        assert_eq!(status, expected, "{target} {scopes}");
    }
}
