//! The axum and tower adapters in process: extractors, gate, nesting, layers, report-only, owner checks.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::pin::Pin;
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Path;
use axum::routing::{get, post};
use http::{Request, Response};
use scopes::axum::guard;
use scopes::tower::{Authenticate, Gate, Level};
use scopes::{Authentication, ByPrefix, Permit, Settings, VerifyError, verifier_fn};
use scopes_tests::api::{self, Grant, permits};
use tower::util::BoxCloneSyncService;
use tower::{Layer, Service, ServiceBuilder, ServiceExt};

async fn verify(token: String) -> Result<Option<Grant>, VerifyError> {
    let scopes = match token.as_str() {
        "reader" => vec![api::Scope::UsersRead],
        "writer" => vec![api::Scope::UsersWrite],
        "none" => vec![],
        "all" => vec![api::Scope::AllRead],
        "down" => return Err(VerifyError::new("the store is away")),
        _ => return Ok(None),
    };
    Ok(Some(Grant::new(scopes.into_iter().collect()).for_tenant("e1")?))
}

fn authenticate() -> Authenticate<api::Scope> {
    Authenticate::new(verifier_fn(verify))
}

async fn list(_: Permit<permits::UsersRead>) -> &'static str {
    "list"
}
async fn create(_: Permit<permits::UsersWrite>, body: String) -> String {
    body
}
async fn show(permit: Permit<permits::UsersRead>, Path((environment, user)): Path<(String, String)>) -> String {
    assert_eq!(permit.tenant(), Some(&*environment));
    assert_eq!(permit.parameter("user").as_deref(), Some(&*user));
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
        // What the router serves and the catalogue does not know.
        ("GET", "/api/undeclared", "", 200, 401),
        ("GET", "/api/undeclared", "all", 200, 404),
        // What neither knows.
        ("GET", "/api/none", "", 404, 401),
        ("GET", "/api/none", "reader", 404, 404),
        ("PUT", "/api/environments/e1/users", "", 405, 401),
        ("PUT", "/api/environments/e1/users", "reader", 405, 405),
        ("get", "/api/environments/e1/users", "reader", 405, 405),
        ("GET", "//api/environments/e1/users", "", 404, 401),
        ("GET", "/%61pi/environments/e1/users", "reader", 404, 404),
        ("GET", "/x/../api/health", "reader", 404, 400),
        // Outside of the base.
        ("GET", "/index.html", "", 200, 200),
        ("GET", "/none", "", 404, 404),
        ("OPTIONS", "*", "", 404, 404),
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
async fn everywhere() {
    let app = api::gate(router()).layer(authenticate()).everywhere();
    for (target, token, expected) in
        [("/index.html", "", 401), ("/index.html", "all", 404), ("/api/health", "", 200), ("/none", "", 401)]
    {
        assert_eq!(status(&app, "GET", target, token).await, expected, "{target} {token}");
    }
}

struct Untouchable;
impl http_body::Body for Untouchable {
    type Data = Bytes;
    type Error = axum::Error;
    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, axum::Error>>> {
        panic!("the body was read")
    }
}

#[tokio::test]
async fn no_body_is_read_for_the_refused() {
    for app in [
        BoxCloneSyncService::new(router().layer(authenticate()).into_service::<Untouchable>()),
        BoxCloneSyncService::new(api::gate(router()).layer(authenticate())),
    ] {
        for (token, expected) in [("", 401), ("reader", 403), ("down", 503)] {
            let mut request = request("POST", "/api/environments/e1/users", token).map(|_| Untouchable);
            request.headers_mut().insert("content-length", "7".parse().unwrap());
            assert_eq!(app.clone().oneshot(request).await.unwrap().status().as_u16(), expected);
        }
    }
}

#[tokio::test]
async fn missing_layer() {
    let gated = api::gate(router().layer(authenticate()));
    for (target, expected) in [
        ("/api/environments/e1/users", 500),
        ("/api/none", 500),
        ("/api/health", 200),
        ("/api/a;b", 400),
        ("/index.html", 500),
    ] {
        assert_eq!(status(&gated, "GET", target, "reader").await, expected, "{target}");
    }
    let response = send(&router(), request("GET", "/api/environments/e1/users", "reader")).await;
    assert_eq!(response.status(), 500);
    assert_eq!(text(response).await, r#"{"error":"internal server error"}"#);
}

#[tokio::test]
async fn the_inner_of_two_layers_counts() {
    let nobody = || Authenticate::<api::Scope>::new(verifier_fn(|_| async { Ok(None) }));
    let inner_knows = router().layer(authenticate()).layer(nobody());
    let inner_does_not = router().layer(nobody()).layer(authenticate());
    assert_eq!(status(&inner_knows, "GET", "/api/environments/e1/users", "reader").await, 200);
    assert_eq!(status(&inner_does_not, "GET", "/api/environments/e1/users", "reader").await, 401);
    // A gate in between leaves nothing behind either.
    let gated = api::gate(router().layer(nobody())).layer(authenticate());
    assert_eq!(status(&gated, "GET", "/api/environments/e1/users", "reader").await, 401);
}

#[tokio::test]
async fn cors_lies_outside() {
    let cors = tower_http::cors::CorsLayer::permissive();
    let app = api::gate(router()).layer(authenticate()).layer(cors);
    let mut preflight = request("OPTIONS", "/api/environments/e1/users", "");
    preflight.headers_mut().insert("origin", "https://a.example".parse().unwrap());
    preflight.headers_mut().insert("access-control-request-method", "GET".parse().unwrap());
    let response = send(&app, preflight).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    assert_eq!(status(&app, "OPTIONS", "/api/environments/e1/users", "").await, 200);
    let mut real = request("GET", "/api/environments/e1/users", "");
    real.headers_mut().insert("origin", "https://a.example".parse().unwrap());
    let response = send(&app, real).await;
    assert_eq!(response.status(), 401);
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
}

fn open_router() -> Router {
    // Handlers without permits: only the gate speaks.
    let open = || async { "open" };
    Router::new()
        .route("/api/environments/{id}/users", get(open).post(open))
        .route("/api/users/{user}", get(open))
        .route("/api/undeclared", get(open))
        .route("/api/environments/{id}/users/{user}", get(list))
}

#[tokio::test]
async fn report_only_levels() {
    let users = "/api/environments/e1/users";
    let other = "/api/environments/e2/users";
    //                                    enforced, Scopes, Tenants, Everything
    for (target, token, expected) in [
        (users, "reader", [200, 200, 200, 200]),
        (users, "writer", [403, 200, 200, 200]),
        ("/api/undeclared", "writer", [404, 200, 200, 200]),
        (other, "reader", [403, 403, 200, 200]),
        (other, "writer", [403, 403, 200, 200]),
        (users, "", [401, 401, 401, 200]),
        (users, "bad", [401, 401, 401, 200]),
        (users, "down", [503, 503, 503, 200]),
        ("/api/undeclared", "", [401, 401, 401, 200]),
        (users, "a b", [400, 400, 400, 400]),
        ("/api/environments/e1;x/users", "reader", [400, 400, 400, 400]),
        // The permit is never relaxed.
        ("/api/environments/e1/users/u1", "writer", [403, 403, 403, 403]),
        ("/api/environments/e1/users/u1", "", [401, 401, 401, 401]),
    ] {
        for (level, expected) in
            [None, Some(Level::Scopes), Some(Level::Tenants), Some(Level::Everything)].into_iter().zip(expected)
        {
            let gated = api::gate(open_router()).layer(authenticate());
            let app = match level {
                None => gated,
                Some(level) => gated.report_only(level),
            };
            assert_eq!(status(&app, "GET", target, token).await, expected, "{level:?} {target} {token}");
        }
    }
    let unauthenticated = api::gate(open_router()).report_only(Level::Everything);
    assert_eq!(status(&unauthenticated, "GET", users, "reader").await, 500);
}

#[tokio::test]
async fn report_only_parts() {
    let gated = || api::gate(open_router()).layer(authenticate());
    let scope = gated().report_only_scope(api::Scope::UsersRead);
    let route = gated().report_only_route(&http::Method::GET, "/api/environments/{x}/users").unwrap();
    for (method, target, token, of_scope, of_route) in [
        ("GET", "/api/environments/e1/users", "writer", 200, 200),
        ("GET", "/api/environments/e2/users", "writer", 403, 403),
        ("POST", "/api/environments/e1/users", "reader", 403, 403),
        ("GET", "/api/users/u1", "writer", 200, 403),
        ("GET", "/api/undeclared", "writer", 404, 404),
        ("GET", "/api/environments/e1/users", "", 401, 401),
    ] {
        assert_eq!(status(&scope, method, target, token).await, of_scope, "scope {method} {target} {token}");
        assert_eq!(status(&route, method, target, token).await, of_route, "route {method} {target} {token}");
    }
    let error = gated().report_only_route(&http::Method::GET, "/environments/{x}/users").unwrap_err();
    assert_eq!(error.to_string(), "the catalogue has no route `GET /environments/{x}/users`");
}

#[tokio::test]
async fn strict_owner_check() {
    let router = || Router::new().route("/api/users/{user}", get(not_compared));
    let lax = api::gate(router()).layer(authenticate());
    let strict = api::gate(router()).layer(authenticate()).strict();
    assert_eq!(status(&lax, "GET", "/api/users/u1", "reader").await, 200);
    let response = send(&strict, request("GET", "/api/users/u1", "reader")).await;
    assert_eq!(response.status(), 500);
    assert!(!text(response).await.contains("leak"));
    let good = api::gate(self::router()).layer(authenticate()).strict();
    assert_eq!(status(&good, "GET", "/api/users/u1", "reader").await, 200);
    assert_eq!(status(&good, "GET", "/api/users/other", "reader").await, 403);
    // A handler without a permit cannot have compared.
    let open = api::gate(open_router()).layer(authenticate()).strict();
    assert_eq!(status(&open, "GET", "/api/users/u1", "reader").await, 500);
    // A permit without a gate.
    let plain = router().layer(authenticate());
    assert_eq!(status(&plain, "GET", "/api/users/u1", "reader").await, 200);
}

#[tokio::test]
async fn gated_inside_another_router() {
    let app = Router::new()
        .route("/status", get(|| async { "up" }))
        .fallback_service(api::gate(router()).layer(authenticate()));
    for (target, token, expected) in [
        ("/status", "", 200),
        ("/api/environments/e1/users/u1", "", 401),
        ("/api/environments/e1/users/u1", "reader", 200),
        ("/api/none", "", 401),
    ] {
        assert_eq!(status(&app, "GET", target, token).await, expected, "{target} {token}");
    }
    // Nested: the router sees what is left of the path, the gate the whole of it.
    let inner = Router::new().route("/environments/{id}/users/{user}", get(show));
    let app = Router::new().nest_service("/api", api::gate(inner).layer(authenticate()));
    for (target, token, expected) in [
        ("/api/environments/e1/users/u1", "", 401),
        ("/api/environments/e1/users/u1", "writer", 403),
        ("/api/environments/e1/users/u1", "reader", 200),
        ("/api/environments/e2/users/u1", "reader", 403),
        ("/api/none", "", 401),
        ("/api/none", "reader", 404),
    ] {
        assert_eq!(status(&app, "GET", target, token).await, expected, "nested {target} {token}");
    }
}

#[tokio::test]
async fn mounted_elsewhere() {
    let router = Router::new()
        .route("/v1/environments/{id}/users", get(list))
        .route("/api/environments/{id}/users", get(|| async { "old" }));
    let app = api::gate(router).layer(authenticate().mounted_at("/v1").unwrap());
    for (target, token, expected) in [
        ("/v1/environments/e1/users", "", 401),
        ("/v1/environments/e1/users", "reader", 200),
        ("/v1/api/environments/e1/users", "reader", 404),
        ("/api/environments/e1/users", "", 200),
    ] {
        assert_eq!(status(&app, "GET", target, token).await, expected, "{target} {token}");
    }
}

#[tokio::test]
async fn without_axums_match() {
    // A service that is no router: the route is found by the raw target.
    let handler = tower::service_fn(|request: Request<Body>| async move {
        let stored = scopes::Carrier::<api::Scope>::permit::<permits::UsersRead>(&request);
        Ok::<_, std::convert::Infallible>(match stored {
            Ok(_) => Response::new(Body::from("ok")),
            Err(denied) => denied.into(),
        })
    });
    let app = ServiceBuilder::new().layer(authenticate()).layer(Gate::<api::Scope>::new()).service(handler);
    for (method, target, token, expected) in [
        ("GET", "/api/environments/e1/users", "reader", 200),
        ("HEAD", "/api/environments/e1/users", "reader", 200),
        ("GET", "http://h/api/environments/e1/users", "reader", 200),
        ("GET", "/api/environments/e1/users", "writer", 403),
        ("GET", "/api/environments/e2/users", "reader", 403),
        ("GET", "/api/environments/e1/users/%2e%2e", "reader", 400),
        ("POST", "/api/environments/e1/users", "writer", 500),
        ("DELETE", "/api/environments/e1/users", "writer", 405),
    ] {
        assert_eq!(status(&app, method, target, token).await, expected, "{method} {target} {token}");
    }
    let long = format!("/api/environments/e1/users/{}", "a".repeat(8192));
    assert_eq!(status(&app, "GET", &long, "reader").await, 414);
    // Bodies that are not made of strings.
    let bytes =
        tower::service_fn(|_: Request<Body>| async { Ok::<_, std::convert::Infallible>(Response::new(vec![1_u8])) });
    let app = authenticate().layer(Gate::<api::Scope>::new().body_with(String::into_bytes).layer(bytes));
    let response = app.oneshot(request("GET", "/api/none", "")).await.unwrap();
    assert_eq!((response.status().as_u16(), &response.body()[..9]), (401, &b"{\"error\":"[..]));
}

#[tokio::test]
async fn decisions_are_told() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    let settings = Settings::new().on_decision(move |decided| {
        log.lock().unwrap().push(format!(
            "{:?} {} {} [{}] [{}] {:?}",
            decided.point(),
            decided.method(),
            decided.template().unwrap_or_default(),
            decided.required(),
            decided.held().join(" "),
            decided.outcome(),
        ));
    });
    let app = api::gate(router()).layer(authenticate().settings(settings)).report_only(Level::Scopes);
    for (target, token) in [
        ("/api/environments/e1/users", "reader"),
        ("/api/environments/e1/users", "writer"),
        ("/api/me?secret", ""),
        ("/index.html", ""),
    ] {
        status(&app, "GET", target, token).await;
    }
    let seen = seen.lock().unwrap();
    assert_eq!(
        *seen,
        [
            "Gate GET /api/environments/{environment}/users [users.read] [users.read] Allowed",
            "Permit GET /api/environments/{environment}/users [users.read] [users.read] Allowed",
            "Gate GET /api/environments/{environment}/users [users.read] [users.write] Reported(ScopeMissing)",
            "Permit GET /api/environments/{environment}/users [users.read] [users.write] Denied(ScopeMissing)",
            "Gate GET /api/me [] [] Denied(CredentialsAbsent)",
        ]
    );
}

#[tokio::test]
async fn one_verifier_by_prefix() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = |add: usize| {
        let calls = Arc::clone(&calls);
        verifier_fn(move |_| {
            calls.fetch_add(add, Ordering::SeqCst);
            async { Ok(None::<Grant>) }
        })
    };
    let app = router().layer(Authenticate::new(ByPrefix::new("dyn_", counted(1), counted(100))));
    for (token, total) in [("dyn_x", 1), ("ey", 101), ("Dyn_x", 201), ("", 201), ("dyn_", 202)] {
        assert_eq!(status(&app, "GET", "/api/environments/e1/users", token).await, 401);
        assert_eq!(calls.load(Ordering::SeqCst), total, "{token}");
    }
}

#[tokio::test]
async fn the_token_is_kept_out_of_debug() {
    let handler = tower::service_fn(|request: Request<Body>| async move {
        Ok::<_, std::convert::Infallible>(Response::new(Body::from(format!("{request:?}"))))
    });
    let app = authenticate().layer(handler);
    let response = send(&app, request("GET", "/api/environments/e1/users", "reader")).await;
    let shown = text(response).await;
    assert!(!shown.contains("reader") && shown.contains("Sensitive"), "{shown}");
}

#[tokio::test]
async fn handler_tests() {
    let permit = scopes::test::permit::<permits::UsersRead>("e1");
    assert_eq!(list(permit).await, "list");
    let grant = Grant::new(api::Scope::UsersRead.into()).for_tenant("e1").unwrap();
    assert_eq!(compared(scopes::test::permit_of(&grant, None), Path("u".into())).await.unwrap(), "u");
    assert!(compared(scopes::test::permit_of(&grant, None), Path("other".into())).await.is_err());
    let app = api::gate(router()).layer(scopes::test::Authenticated::new(grant));
    assert_eq!(status(&app, "GET", "/api/environments/e1/users", "").await, 200);
    let app = api::gate(router()).layer(scopes::test::Authenticated::<api::Scope>::with(Authentication::Absent));
    assert_eq!(status(&app, "GET", "/api/environments/e1/users", "").await, 401);
}

#[test]
fn debug_and_bounds() {
    fn sound<T: Clone + Send + Sync + 'static>() {}
    sound::<Authenticate<api::Scope>>();
    sound::<Gate<api::Scope>>();
    sound::<scopes::axum::Gated<api::Scope>>();
    let _ = post(guard::<permits::UsersRead, _>(|Path(x): Path<u32>, body: String| async move { format!("{x}{body}") }))
        as axum::routing::MethodRouter;
}

#[tokio::test]
async fn served_live_with_connect_info() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let router = Router::new().route(
        "/api/health",
        get(|axum::extract::ConnectInfo(address): axum::extract::ConnectInfo<std::net::SocketAddr>| async move {
            address.ip().to_string()
        }),
    );
    let app = api::gate(router).layer(authenticate());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let _ = axum::serve(tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap(), app.clone().into_make_service());
    let service =
        axum::ServiceExt::<axum::extract::Request>::into_make_service_with_connect_info::<std::net::SocketAddr>(app);
    let server = tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(b"GET /api/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("127.0.0.1"), "{answer}");
    server.abort();
}

#[tokio::test]
async fn a_catch_all_serves_no_declared_route() {
    // The catalogue would find `users`, but another handler would run.
    let app = api::gate(Router::new().route("/{*rest}", get(|| async { "page" }))).layer(authenticate());
    for (target, token, expected) in
        [("/page", "", 200), ("/api/environments/e1/users", "", 401), ("/api/environments/e1/users", "reader", 404)]
    {
        assert_eq!(status(&app, "GET", target, token).await, expected, "{target} {token}");
    }
}

#[tokio::test]
async fn challenges() {
    let app = api::gate(router()).layer(authenticate().realm("dashboard").unwrap());
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

/// A layer that changes the method runs after axum has chosen the handler by it.
#[derive(Clone)]
struct Override;

impl<I> Layer<I> for Override {
    type Service = Overriding<I>;

    fn layer(&self, inner: I) -> Overriding<I> {
        Overriding(inner)
    }
}

#[derive(Clone)]
struct Overriding<I>(I);

impl<I: Service<Request<Body>>> Service<Request<Body>> for Overriding<I> {
    type Response = I::Response;
    type Error = I::Error;
    type Future = I::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), I::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> I::Future {
        *request.method_mut() = http::Method::GET;
        self.0.call(request)
    }
}

#[tokio::test]
async fn a_method_changed_behind_the_dispatch_reaches_no_handler() {
    async fn posted() -> &'static str {
        "posted"
    }
    let router = Router::new().route("/api/environments/{id}/users", get(list).post(posted));
    let app = api::gate(router).layer(authenticate()).layer(Override);
    let request = |method: &str| {
        let request = Request::builder().method(method).uri("/api/environments/e1/users");
        request.header("authorization", "Bearer reader").body(Body::empty()).unwrap()
    };
    assert_eq!(app.clone().oneshot(request("GET")).await.unwrap().status(), 200);
    assert_eq!(app.oneshot(request("POST")).await.unwrap().status(), 404);
}
