//! The log explains refusals that only a mistake in the set-up can cause. It does so once per
//! cause, in terms of what the developers wrote, and never repeats what a client sent.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use axum::Router;
use axum::body::Body;
use axum::routing::{any, get};
use http::Request;
use scopes::{Authenticate, Grant, Permit, Scope, requires, verifier_fn};
use scopes_tests::log::Log;
use scopes_tests::tokens;
use tower::ServiceExt as _;

scopes::scopes! {
    pub mod api;
    tenant environment;
    users.read {
        GET "/environments/{environment}/users";
        GET "/environments/{environment}/users/{user}";
    }
    users.write { PUT "/environments/{environment}/users/{user}"; }
    public("liveness probe") { GET "/health"; }
}

#[requires(api::users.read)]
async fn users() -> &'static str {
    "users"
}

fn authenticate<S: Scope>() -> Authenticate<S> {
    tokens::authenticate("e1", &[("reader", "users.read"), ("writer", "users.write")])
}

async fn status(app: &scopes::axum::Gated<api::Scope>, method: &str, target: &str, token: &str) -> u16 {
    let request = Request::builder().method(method).uri(target);
    let request = if token.is_empty() { request } else { request.header("authorization", format!("Bearer {token}")) };
    app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status().as_u16()
}

fn lines(log: &Log) -> Vec<String> {
    let is_told = |line: &&str| line.contains("ERROR") || line.contains("WARN");
    log.take().lines().filter(is_told).map(str::to_owned).collect()
}

#[tokio::test]
async fn a_router_path_that_the_catalogue_lacks() {
    let (log, _listening) = Log::listen();
    let page = || any(|| async { "page" });
    let router = Router::new()
        .route("/environments/{environment}/people/{id}", page())
        .route("/environments/{environment}/users", get(users))
        .route("/health", page());
    for app in [
        api::gate(router.clone()).authenticate(authenticate()),
        api::gate(router).layer(tower::layer::util::Identity::new()).layer(authenticate::<api::Scope>()),
    ] {
        for (method, target, token, expected, told) in [
            // Mistakes of the client.
            ("DELETE", "/environments/e1/users", "reader", 405, None),
            ("GET", "/environments/e1/nothing", "reader", 404, None),
            ("GET", "/environments/e1/users", "", 401, None),
            ("SECRET", "/health", "reader", 405, None),
            // Mistakes of the developers, which are logged for every caller.
            (
                "GET",
                "/environments/e1/people/SECRET",
                "",
                401,
                Some("`/environments/{environment}/people/{id}` for GET"),
            ),
            ("GET", "/environments/e1/people/8", "reader", 404, None),
            ("SECRET", "/environments/e1/people/7", "reader", 404, Some("for another method, which is not a route")),
            ("SECRET2", "/environments/e1/people/7", "reader", 404, None),
        ] {
            assert_eq!(status(&app, method, target, token).await, expected, "{method} {target}");
            let lines = lines(&log);
            assert_eq!(lines.len(), usize::from(told.is_some()), "{method} {target}: {lines:?}");
            assert!(lines.iter().all(|line| line.contains(told.unwrap())), "{lines:?}");
            assert!(lines.iter().all(|line| line.contains("declare it in `scopes!`") && !line.contains("SECRET")));
        }
    }
}

#[tokio::test]
async fn a_catalogue_without_a_base_below_a_prefix() {
    let (log, _listening) = Log::listen();
    let inner = || Router::new().route("/environments/{environment}/users", get(users));
    let nested = api::gate(Router::new().nest("/v2", inner())).authenticate(authenticate());
    for _ in 0..2 {
        assert_eq!(status(&nested, "GET", "/v2/environments/e1/users", "reader").await, 404);
    }
    let lines = lines(&log);
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("if it is meant to be `GET /environments/{environment}/users`"), "{lines:?}");
    assert!(lines[0].contains("say `Settings::mounted_at(\"/v2\")`"), "{lines:?}");

    // The gate is inside of the mount.
    let inside = Router::new().nest_service("/v2", api::gate(inner()).authenticate(authenticate()));
    let request = Request::get("/v2/environments/e1/users").header("authorization", "Bearer reader");
    let response = inside.oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.status(), 404);
    let lines = self::lines(&log);
    assert!(lines.len() == 1 && lines[0].contains("say `Settings::mounted_at(\"/v2\")`"), "{lines:?}");
}

#[tokio::test]
async fn a_raw_service_below_a_mount_that_no_setting_names() {
    let (log, _listening) = Log::listen();
    let inner = tower::service_fn(async |_: Request<Body>| {
        Ok::<_, std::convert::Infallible>(axum::response::IntoResponse::into_response("leak"))
    });
    let gated = tower::Layer::layer(&scopes::tower::Gate::<api::Scope>::new(), inner);
    let app = Router::new().nest_service("/v2", gated).layer(authenticate::<api::Scope>());
    for target in ["/v2/environments/e1/users", "/v2/environments/e1/users/7", "/v2/nothing"] {
        let request = Request::get(target).header("authorization", "Bearer reader").body(Body::empty()).unwrap();
        assert_eq!(app.clone().oneshot(request).await.unwrap().status(), 404, "{target}");
    }
    let lines = lines(&log);
    assert!(lines.len() == 1 && lines[0].contains("do not name that mount"), "{lines:?}");
}

#[tokio::test]
async fn a_grant_without_tenants() {
    let (log, _listening) = Log::listen();
    let router = || {
        Router::new()
            .route("/environments/{environment}/users", get(users))
            .route("/environments/{environment}/users/{user}", get(users))
    };
    // The verifier has forgotten the tenant.
    let forgetful = || {
        Authenticate::<api::Scope>::new(verifier_fn(async |token: String| {
            let grant = Grant::new(api::Scope::UsersRead);
            Ok(Some(if token == "other" { grant.for_tenant("e2")? } else { grant }))
        }))
    };
    let gated = api::gate(router()).authenticate(forgetful());
    for (target, token, told) in [
        ("/environments/e1/users", "other", None),
        ("/environments/e1/users", "reader", Some("`GET /environments/{environment}/users` names the tenant")),
        ("/environments/e2/users", "reader", None),
        ("/environments/e1/users/7", "reader", Some("`GET /environments/{environment}/users/{user}` names the tenant")),
        ("/environments/e1/users/8", "reader", None),
    ] {
        assert_eq!(status(&gated, "GET", target, token).await, 403, "{target}");
        let lines = lines(&log);
        assert_eq!(lines.len(), usize::from(told.is_some()), "{target}: {lines:?}");
        assert!(lines.iter().all(|line| line.contains(told.unwrap()) && line.contains("for_tenant")), "{lines:?}");
    }
    // A permit without a gate logs it, too.
    let permits = router().layer(forgetful());
    for _ in 0..2 {
        let request = Request::get("/environments/e1/users").header("authorization", "Bearer reader");
        let response = permits.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), 403);
    }
    let lines = lines(&log);
    assert!(lines.len() == 1 && lines[0].contains("a grant has no tenants"), "{lines:?}");
}

#[tokio::test]
async fn the_event_of_an_unknown_route_says_what_the_router_has_matched() {
    let (log, _listening) = Log::listen();
    let app = Router::new().route("/people/{id}", get(users));
    let app = api::gate(app).authenticate(authenticate());
    assert_eq!(status(&app, "GET", "/people/SECRET", "reader").await, 404);
    let told = log.take();
    let event = told.lines().find(|line| line.contains("denied: ")).unwrap();
    assert!(event.contains("method=\"GET\"") && event.contains("matched=\"/people/{id}\""), "{event}");
    assert!(!event.contains("template=") && !told.contains("SECRET"), "{told}");
}

async fn paths(_: Permit<api::permits::UsersRead>) -> &'static str {
    "users"
}

#[actix_web::test]
async fn a_second_pattern_of_an_actix_resource() {
    use actix_web::{App, test, web};
    let (log, _listening) = Log::listen();
    let patterns = ["/environments/{environment}/users", "/environments/{environment}/users/{user}"];
    let resource = || web::resource(patterns).route(web::get().to(paths));
    let app = test::init_service(App::new().wrap(authenticate::<api::Scope>()).service(resource())).await;
    for (target, expected, told) in [
        ("/environments/e1/users", 200, false),
        ("/environments/e1/users/SECRET", 404, true),
        ("/environments/e1/users/8", 404, false),
    ] {
        let request = test::TestRequest::get().uri(target).insert_header(("authorization", "Bearer reader"));
        let response = test::call_service(&app, request.to_request()).await;
        assert_eq!(response.status(), expected, "{target}");
        let lines = lines(&log);
        assert_eq!(lines.len(), usize::from(told), "{target}: {lines:?}");
        let says = |line: &String| line.contains("register a resource for each") && !line.contains("SECRET");
        assert!(lines.iter().all(says), "{lines:?}");
    }
}
