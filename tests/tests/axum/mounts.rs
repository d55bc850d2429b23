//! The API is not mounted where the settings say, or the router sees another path than the client
//! sent.

use axum::middleware::{Next, from_fn};
use axum::response::IntoResponse;
use http::StatusCode;
use scopes::{Settings, requires};
use scopes_tests::log::Log;
use tower::Layer;

use super::*;

/// Handlers without permits, below the base and without it.
fn open() -> Router {
    let open = || get(|| async { "open" });
    Router::new()
        .route("/environments/{id}/users", open())
        .route("/api/environments/{id}/users", open())
        .route("/about", open())
}

/// If the API is mounted elsewhere than the settings say, the gate does not switch itself off.
#[tokio::test]
async fn a_forgotten_mount_opens_nothing() {
    // This holds even if the gate lets paths outside of the base through.
    let gate = |router: Router| api::gate(router).also_serve_outside_base("pages").layer(authenticate());
    for mount in ["/v2/api", "/v2", "/internal", "/{version}/api", "/{version}"] {
        let below = mount.replace("{version}", "v3");
        let gated_inside = Router::new().nest_service(mount, gate(open()));
        let gated_outside = gate(Router::new().nest(mount, open()));
        let opaque = gate(Router::new().nest_service(mount, open()));
        for path in ["/environments/e1/users", "/api/environments/e1/users"] {
            let target = format!("{below}{path}");
            for (token, expected) in [("", 401), ("writer", 404), ("reader", 404), ("all", 404)] {
                assert_eq!(status(&gated_inside, "GET", &target, token).await, expected, "inside, {target} {token}");
                assert_eq!(status(&gated_outside, "GET", &target, token).await, expected, "outside, {target} {token}");
                if target.contains("/api/environments") {
                    assert_eq!(status(&opaque, "GET", &target, token).await, expected, "opaque, {target} {token}");
                }
            }
        }
        let about = format!("{below}/about");
        assert_eq!(status(&gated_inside, "GET", &about, "").await, 200, "{about}");
        assert_eq!(status(&gated_outside, "GET", &about, "").await, 200, "{about}");
    }
    // Nothing is mounted at the place that the settings name.
    let elsewhere = || authenticate().settings(Settings::new().mounted_at("/v2").unwrap());
    let app = api::gate(open()).layer(elsewhere());
    for target in ["/environments/e1/users", "/api/environments/e1/users"] {
        assert_eq!(status(&app, "GET", target, "").await, 401, "{target}");
        assert_eq!(status(&app, "GET", target, "reader").await, 404, "{target}");
    }
    // Report-only settings do not open it either, because the tenant is unknown.
    let reporting = Settings::new().mounted_at("/v2").unwrap().report_only(ReportOnly::Scopes);
    let app = api::gate(open()).layer(authenticate().settings(reporting));
    assert_eq!(status(&app, "GET", "/environments/e2/users", "reader").await, 404);
    // With the right mount in the settings, the API is served.
    let app = Router::new().nest_service("/v2", api::gate(open()).layer(elsewhere()));
    assert_eq!(status(&app, "GET", "/v2/environments/e1/users", "reader").await, 200);
    assert_eq!(status(&app, "GET", "/v2/environments/e2/users", "reader").await, 403);
}

#[tokio::test]
async fn a_forgotten_mount_is_told_once() {
    let (log, _listening) = Log::listen();
    let app = api::gate(Router::new().nest("/v2", open())).layer(authenticate());
    for _ in 0..3 {
        assert_eq!(status(&app, "GET", "/v2/environments/e1/users", "").await, 401);
    }
    let errors = log.errors();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert!(errors[0].contains("`/v2/environments/{id}/users`") && errors[0].contains("`mounted_at`"), "{errors:?}");
}

/// Public routes and routes outside of the catalogue may be mounted anywhere.
#[tokio::test]
async fn a_site_beside_the_api_is_reachable() {
    let page = || get(|| async { "page" });
    let router = Router::new()
        .route("/api/environments/{id}/users", get(list))
        .route("/", page())
        .route("/health", page().post(|| async { "reported" }))
        .route("/blog/{slug}", page())
        .nest("/docs", Router::new().route("/api/{chapter}", page()))
        .nest_service("/static", tower::service_fn(async |_| Ok::<_, std::convert::Infallible>("file".into_response())))
        // The pages have the paths of the API, without the base.
        .fallback(|| async { "page" });
    let app = api::gate(router).also_serve_outside_base("the site is public").layer(authenticate());
    for (method, target) in [
        ("GET", "/"),
        ("GET", "/health"),
        ("POST", "/health"),
        ("GET", "/blog/1"),
        ("GET", "/docs/api/users"),
        ("GET", "/static/app.js"),
        ("GET", "/users/7"),
        ("GET", "/environments/e1/users"),
    ] {
        assert_eq!(status(&app, method, target, "").await, 200, "{method} {target}");
    }
    assert_eq!(status(&app, "GET", "/api/environments/e1/users", "").await, 401);
}

mod files {
    scopes::scopes! {
        pub(super) mod api;
        tenant environment;
        files.read {
            GET "/{environment}/files/{*path}";
            GET "/environments/{environment}/users";
        }
        public("pages") { GET "/{*page}"; }
    }
}

fn files_authenticate() -> Authenticate<files::api::Scope> {
    tokens::authenticate("E1", &[("reader", "files.read")])
}

#[requires(files::api::files.read as permit)]
async fn file(Path((environment, path)): Path<(String, String)>) -> String {
    assert_eq!(permit.tenant(), Some(&*environment));
    assert_eq!(permit.parameter("path").unwrap(), path);
    path
}

/// Reads the first segment as a language and removes it.
async fn without_language(mut request: axum::extract::Request, next: Next) -> axum::response::Response {
    let path = request.uri().path().to_owned();
    if let Some(second) = path[1..].find('/') {
        *request.uri_mut() = path[second + 1..].parse().unwrap();
    }
    next.run(request).await
}

/// If a layer strips a segment in front of a catch-all, only the parameters' values show it.
/// Without the comparison of values, the server would serve another environment's file.
#[tokio::test]
async fn a_stripped_segment_does_not_move_the_tenant() {
    let inner = || Router::new().route("/{environment}/files/{*path}", get(file));
    let gated = || files::api::gate(inner()).layer(files_authenticate());
    let stripped = from_fn(without_language);
    let apps = [
        Router::new().fallback_service(stripped.clone().layer(gated())),
        Router::new().fallback_service(stripped.clone().layer(inner().layer(files_authenticate()))),
        Router::new().nest_service("/v1", stripped.layer(gated())),
    ];
    for target in ["/E1/files/files/secret", "/en/E2/files/secret", "/v1/E1/files/files/secret"] {
        for (app, name) in apps.iter().zip(["gated", "permit", "nested"]) {
            let found = status(app, "GET", target, "reader").await;
            assert!((400..500).contains(&found), "{name} {target} {found}");
        }
    }
    // Mounts alone are fine, even if files have the names of the route's segments.
    let mounted = files_authenticate().settings(Settings::new().mounted_at("/v1").unwrap());
    let mounted = Router::new().nest_service("/v1", files::api::gate(inner()).layer(mounted));
    for target in ["/v1/E1/files/a", "/v1/E1/files/files/secret", "/v1/E1/files/v1/E2/files/a%20b"] {
        assert_eq!(status(&mounted, "GET", target, "reader").await, 200, "{target}");
    }
    assert_eq!(status(&mounted, "GET", "/v1/E2/files/a", "reader").await, 403);
}

/// axum accepts a catch-all value with empty segments. The catalogue does not have a route for it.
#[tokio::test]
async fn a_rest_has_no_empty_segments() {
    let app = files::api::gate(Router::new().route("/{environment}/files/{*path}", get(file)));
    let app = app.layer(files_authenticate());
    for (target, expected) in
        [("/E1/files/a/b", 200), ("/E1/files/a/", 404), ("/E1/files/a//b", 404), ("/E1/files//b", 404)]
    {
        assert_eq!(status(&app, "GET", target, "reader").await, expected, "{target}");
    }
}

/// A router below a public catch-all runs handlers of narrower routes.
#[tokio::test]
async fn a_wide_route_does_not_hide_a_narrower_one() {
    let inner =
        Router::new().route("/environments/{id}/users", get(|| async { "users" })).fallback(|| async { "page" });
    let layered = tower::ServiceBuilder::new().map_request(|request: axum::extract::Request| request).service(inner);
    let app = files::api::gate(Router::new().route_service("/{*any}", layered)).layer(files_authenticate());
    for (target, token, expected) in [
        ("/about", "", 200),
        ("/environments/E1/users", "", 401),
        ("/environments/E2/users", "reader", 403),
        ("/environments/E1/users", "reader", 200),
    ] {
        assert_eq!(status(&app, "GET", target, token).await, expected, "{target} {token}");
    }
}

/// A redirect to the data of another environment discloses it.
#[tokio::test]
async fn an_unbound_route_does_not_redirect_unseen() {
    for (code, expected) in [(200, 500), (303, 500), (304, 500), (101, 500), (404, 404), (503, 503)] {
        let answer = move |_: Permit<permits::UsersRead>| async move { StatusCode::from_u16(code).unwrap() };
        let app = api::gate(Router::new().route("/api/users/{user}", get(answer))).layer(strict());
        assert_eq!(status(&app, "GET", "/api/users/u1", "reader").await, expected, "{code}");
    }
}
