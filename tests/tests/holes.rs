//! Mistakes that are made in practice, on real axum servers. `scopes-conformance` finds each, and
//! reports nothing without them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::SocketAddr;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use scopes::{NoRoute, Scope};
use scopes_conformance::{Conformance, Report};
use scopes_tests::api::{self, Grant};
use scopes_tests::tokens;
use tower::{Layer, ServiceExt};
use tower_http::normalize_path::NormalizePathLayer;

const CALLERS: [(&str, &str); 3] = [("reader", "users.read"), ("writer", "users.write"), ("auditor", "all.read")];

fn grant(token: &str) -> Option<Grant> {
    let (_, scopes) = CALLERS.iter().find(|(name, _)| *name == token)?;
    Some(Grant::new(scopes.parse::<api::Scopes>().unwrap()).for_tenant("e1").unwrap())
}

fn of(request: &Request) -> Option<Grant> {
    // Two headers are refused, because accepting the first would be another hole.
    let mut all = request.headers().get_all("authorization").iter();
    let only = all.next().filter(|_| all.next().is_none())?;
    grant(only.to_str().ok()?.strip_prefix("Bearer ")?)
}

/// Handlers without guards.
fn router() -> Router {
    let answer = async || "answered";
    Router::new()
        .route("/api/environments/{id}/users", get(answer).post(answer))
        .route("/api/environments/{id}/users/{user}", get(answer))
        .route("/api/users/{user}", get(answer))
        .route("/api/eventTypes", get(answer))
        .route("/api/me", get(answer))
        .route("/api/health", get(answer))
}

/// A guard as people write it by hand; `may` is its rule.
async fn guarded(may: fn(&Request) -> bool, request: Request, next: Next) -> Response {
    if may(&request) { next.run(request).await } else { StatusCode::FORBIDDEN.into_response() }
}

fn right(request: &Request) -> bool {
    decided(request, of(request).as_ref())
}

fn decided(request: &Request, grant: Option<&Grant>) -> bool {
    let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
    api::CATALOGUE.decide(request.method(), target, grant).is_allowed()
}

async fn attacked<A>(app: A) -> Report
where
    A: tower::Service<Request, Response = Response, Error = std::convert::Infallible> + Clone + Send + Sync + 'static,
    A::Future: Send,
{
    let callers = CALLERS.map(|(token, _)| (token, grant(token).unwrap()));
    attacked_as(&api::CATALOGUE, callers, app).await
}

async fn attacked_as<S: Scope, A>(
    catalogue: &scopes::Catalogue<S>,
    callers: impl IntoIterator<Item = (&'static str, scopes::Grant<S>)>,
    app: A,
) -> Report
where
    A: tower::Service<Request, Response = Response, Error = std::convert::Infallible> + Clone + Send + Sync + 'static,
    A::Future: Send,
{
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address: SocketAddr = listener.local_addr().unwrap();
    let service = axum::ServiceExt::<Request>::into_make_service(app);
    let server = tokio::spawn(async move { axum::serve(listener, service).await });
    let start = Conformance::new(address, catalogue);
    let conformance = callers.into_iter().fold(start, |all, (token, grant)| all.token(token, grant));
    let report = tokio::task::spawn_blocking(move || conformance.run()).await.unwrap();
    server.abort();
    report
}

/// Attacks a server whose guard is directly in front of the handlers.
async fn with_guard(may: fn(&Request) -> bool) -> Report {
    attacked(router().layer(from_fn(move |request, next| guarded(may, request, next)))).await
}

#[track_caller]
fn assert_names(report: &Report, class: &str, request: &str) {
    let named = |breach: &&scopes_conformance::Breach| breach.class == class && breach.request == request;
    assert!(report.breaches.iter().any(|breach| named(&breach)), "{class}, {request}: {report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_without_a_hole() {
    with_guard(right).await.assert_complete();
    let app = api::gate(router()).layer(tokens::authenticate::<api::Scope>("e1", &CALLERS));
    attacked(app).await.assert_complete();
}

/// Routes that also match the paths of other routes.
mod wide {
    scopes::scopes! {
        pub(super) mod api;
        users.read { GET "/users/{id}"; }
        users.export { GET "/users/export"; }
        public("the pages") { GET "/{*page}"; }
    }
}

/// A path as declared belongs to one route, even if wider routes match it too.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wider_routes_hide_nothing() {
    use wide::api::{self, Scope};

    let router = Router::new()
        .route("/users/{id}", get(async || "user"))
        .route("/users/export", get(async || "all of them"))
        .route("/{*page}", get(async || "page"));
    let callers = || [("reader", Scope::UsersRead), ("exporter", Scope::UsersExport)];
    let grants = || callers().map(|(token, scope)| (token, api::Grant::new(scope)));
    let authenticate =
        || tokens::authenticate::<Scope>("e1", &[("reader", "users.read"), ("exporter", "users.export")]);
    let gated = api::gate(router.clone()).layer(authenticate());
    attacked_as(&api::CATALOGUE, grants(), gated).await.assert_complete();

    let open = attacked_as(&api::CATALOGUE, grants(), router.clone()).await;
    assert_names(&open, "no token", "GET /users/1");
    assert_names(&open, "unknown token", "GET /users/export, Authorization: Bearer x");

    // The guard asks only for the scope of the wider route.
    let one_for_all = from_fn(async |request: Request, next: Next| {
        let token = request.headers().get("authorization").and_then(|value| value.to_str().ok());
        let reads = token == Some("Bearer reader") || !request.uri().path().starts_with("/users");
        let exports = token == Some("Bearer exporter") && request.uri().path() == "/users/export";
        if reads || exports { next.run(request).await } else { StatusCode::FORBIDDEN.into_response() }
    });
    let report = attacked_as(&api::CATALOGUE, grants(), router.layer(one_for_all)).await;
    assert_names(&report, "missing scope", "GET /users/export");
    assert!(report.breaches.iter().any(|breach| breach.reason.contains("needs users.export")), "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_tenant_is_forgotten() {
    let report = with_guard(|request| decided(request, of(request).map(Grant::for_any_tenant).as_ref())).await;
    assert_names(&report, "other tenant", "GET /api/environments/tenant-2/users");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_scope_is_forgotten() {
    let report = with_guard(|request| {
        let scopes = api::Scopes::all();
        decided(request, of(request).map(|grant| Grant::new(scopes).with_tenants(grant.tenants().clone())).as_ref())
    });
    assert_names(&report.await, "missing scope", "POST /api/environments/e1/users");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn head_is_not_looked_at() {
    let report = with_guard(|request| request.method() == "HEAD" || right(request)).await;
    assert_names(&report, "methods", "HEAD /api/environments/e1/users");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_token_is_anybodys() {
    let report = with_guard(|request| {
        let value = request.headers().get("authorization").map(|value| value.as_bytes().trim_ascii());
        value == Some(b"Bearer") || right(request)
    });
    assert_names(&report.await, "malformed token", "GET /api/environments/e1/users, Authorization: Bearer");
}

/// The guard lets unknown paths through, because they do not belong to the API. Then a layer
/// normalises the path.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn paths_are_normalised_after_the_guard() {
    let guard = from_fn(|request, next| {
        let may: fn(&Request) -> bool = |request| {
            let target = request.uri().path();
            let found = <api::Scope as Scope>::catalogue().at(request.method().as_str(), target.as_bytes());
            matches!(found, Err(NoRoute::NotFound)) || right(request)
        };
        guarded(may, request, next)
    });
    let normalised = NormalizePathLayer::trim_trailing_slash().layer(router());
    let report = attacked(Router::new().fallback_service(normalised).layer(guard)).await;
    assert_names(&report, "slashes", "GET /api/environments/e1/users/");
    let with_slashes = ["slashes", "corpus", "target forms", "two tenants"];
    assert!(report.classes.iter().all(|class| class.breaches == 0 || with_slashes.contains(&class.name)), "{report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_first_of_two_tokens_counts() {
    let report = with_guard(|request| {
        let first = request.headers().get("authorization").and_then(|value| value.to_str().ok());
        decided(request, first.and_then(|value| grant(value.strip_prefix("Bearer ")?)).as_ref())
    });
    let report = report.await;
    let request = "GET /api/me, Authorization: Bearer <token>, Authorization: Bearer x";
    assert_names(&report, "repeated tokens", request);
    assert!(
        report.to_string().contains("answered 200: a token counts that is misplaced, repeated or malformed"),
        "{report}"
    );
}

/// The guard trusts a proxy's header, although there is not a proxy.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_header_says_what_is_checked() {
    let report = with_guard(|request| {
        let Some(target) = request.headers().get("x-original-url") else { return right(request) };
        api::CATALOGUE.decide(request.method(), target.as_bytes(), of(request).as_ref()).is_allowed()
    });
    let request = "GET /api/environments/e1/users, X-Original-URL: /api/health";
    assert_names(&report.await, "headers", request);
}

/// Routes whose paths wider routes match too. The router knows only the wider ones.
mod within {
    scopes::scopes! {
        pub(super) mod api;
        users.read { GET "/users/{id}"; }
        users.export { GET "/users/export"; }
        originals.read { GET "/avatars/{name}.orig"; }
        reports.read { GET "/pages/reports/{*file}"; }
        public("avatars") { GET "/avatars/{name}"; }
        public("the site") { GET "/pages/{*page}"; }
    }
}

/// The guard asks for the scopes of the router's template, and handlers read the value. So it lets
/// through text beside a parameter, a router within a route, and a literal with an escaped letter.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_routers_template_is_asked_for() {
    use axum::extract::{MatchedPath, Path};
    use within::api::{self, Grant};

    const CALLERS: [(&str, &str); 3] = [
        ("reader", "users.read"),
        ("exporter", "users.export"),
        ("auditor", "users.read users.export originals.read reports.read"),
    ];
    let grant = |token: &str| {
        let (_, scopes) = CALLERS.iter().find(|(name, _)| *name == token)?;
        Some(Grant::new(scopes.parse::<api::Scopes>().ok()?))
    };
    let guard = move |request: Request, next: Next| async move {
        let template = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
        // A path of the template, regardless of the value in the request.
        let path = template.unwrap_or_default().replace("{id}", "1").replace("{name}", "1").replace("{*page}", "1");
        let mut headers = request.headers().get_all("authorization").iter();
        let token = headers.next().filter(|_| headers.next().is_none()).and_then(|value| value.to_str().ok());
        let grant = token.and_then(|value| grant(value.strip_prefix("Bearer ")?));
        let is_allowed = api::CATALOGUE.decide(request.method(), &path, grant.as_ref()).is_allowed();
        if is_allowed { next.run(request).await } else { StatusCode::FORBIDDEN.into_response() }
    };
    let users =
        Router::new().route("/users/{id}", get(async || "a user")).route("/users/export", get(async || "all users"));
    let router = Router::new()
        .route("/users/{id}", get(move |request: Request| users.oneshot(request)))
        .route("/avatars/{name}", get(async |Path(name): Path<String>| format!("the avatar {name}")))
        .route("/pages/{*page}", get(async |Path(page): Path<String>| format!("the page {page}")))
        .route_layer(from_fn(guard));
    let callers = CALLERS.map(|(token, _)| (token, grant(token).unwrap()));
    let report = attacked_as(&api::CATALOGUE, callers, router).await;
    assert_names(&report, "text beside", "GET /avatars/1.orig");
    assert_names(&report, "text beside", "GET /avatars/1%2eorig");
    assert_names(&report, "narrower routes", "GET /users/export");
    assert_names(&report, "narrower routes", "GET /pages/reports/1");
    assert_names(&report, "escaped literals", "GET /pages/%72eports/1");
}
