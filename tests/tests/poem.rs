//! poem in process: the attribute on its handlers, nesting, repeated names, poem-openapi, and the
//! place of the gate.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(clippy::needless_pass_by_value, reason = "a handler's arguments are what the framework gives")]

use poem::http::uri::Scheme;
use poem::http::{Method, StatusCode};
use poem::web::{LocalAddr, Path, RemoteAddr};
use poem::{Body, Endpoint, EndpointExt, Request, RequestParts, Response, Route, get, handler};
use poem_openapi::payload::PlainText;
use poem_openapi::{OpenApi, OpenApiService};
use scopes::poem::{Authenticate, Gate};
use scopes::{Denied, Permit, Settings, requires};
use scopes_tests::api::{self, Grant, permits};
use scopes_tests::tokens;

fn authenticate() -> Authenticate<api::Scope> {
    tokens::authenticate("e1", &[("reader", "users.read"), ("writer", "users.write")])
}

#[requires(api::users.read)]
#[handler]
fn list(Path(environment): Path<String>) -> String {
    environment
}

#[requires(api::users.write)]
#[handler]
async fn create(Path(_): Path<String>, body: String) -> String {
    body
}

#[requires(api::users.read as permit)]
#[handler]
async fn show(Path((environment, user)): Path<(String, String)>) -> String {
    assert_eq!(permit.tenant(), Some(&*environment));
    user
}

/// The carrier form: the handler asks the request itself.
#[handler]
async fn carried(request: &Request) -> poem::Result<String> {
    let permit = asked(request)?;
    Ok(permit)
}

#[requires(api::users.read as permit)]
fn asked(#[grant] request: &Request) -> Result<String, Denied> {
    Ok(format!("{:?} {}", permit.tenant(), request.method()))
}

#[handler]
fn unguarded() -> &'static str {
    "open"
}

#[handler]
fn me(grant: Grant) -> String {
    grant.scopes().to_string()
}

struct Described;

#[OpenApi]
impl Described {
    #[oai(path = "/environments/:environment/users", method = "get")]
    async fn list(
        &self,
        permit: Permit<permits::UsersRead>,
        environment: poem_openapi::param::Path<String>,
    ) -> PlainText<String> {
        assert_eq!(permit.tenant(), Some(&**environment));
        PlainText(environment.0)
    }
}

fn app() -> impl Endpoint<Output = Response> {
    let users = Route::new().at("/:id/users/:id", get(show)).at("/:id/users", get(list).post(create));
    Route::new()
        .nest("/api/environments", users)
        .nest("/api/health", Route::new().at("/", get(unguarded)))
        .nest("/api/me", Route::new().at("/", get(me)))
        .at("/api/users/:id", get(carried))
        .at("/api/eventTypes", get(list))
        .at("/api/undeclared/:id", get(list))
        .with(authenticate())
        .boxed()
}

fn request(method: &Method, target: &str, token: &str) -> Request {
    let request = Request::builder().method(method.clone()).uri_str(target);
    if token.is_empty() {
        request.finish()
    } else {
        request.header("authorization", format!("Bearer {token}")).finish()
    }
}

async fn status(app: &impl Endpoint<Output = Response>, method: Method, target: &str, token: &str) -> StatusCode {
    app.get_response(request(&method, target, token)).await.status()
}

#[tokio::test]
async fn statuses() {
    let app = app();
    for (method, target, token, expected) in [
        (Method::GET, "/api/environments/e1/users", "", 401),
        (Method::GET, "/api/environments/e1/users", "bad", 401),
        (Method::GET, "/api/environments/e1/users", "a b", 400),
        (Method::GET, "/api/environments/e1/users", "down", 503),
        (Method::GET, "/api/environments/e1/users", "writer", 403),
        (Method::GET, "/api/environments/e2/users", "reader", 403),
        (Method::GET, "/api/environments/e1/users", "reader", 200),
        (Method::GET, "/api/environments/%65%31/users", "reader", 200),
        (Method::GET, "/api/environments/e1/users/", "reader", 404),
        (Method::GET, "/api/environments/e1;x/users", "reader", 400),
        (Method::HEAD, "/api/environments/e1/users", "", 401),
        (Method::HEAD, "/api/environments/e1/users", "writer", 403),
        (Method::HEAD, "/api/environments/e1/users", "reader", 200),
        (Method::POST, "/api/environments/e1/users", "reader", 403),
        (Method::POST, "/api/environments/e1/users", "writer", 200),
        // Both parameters have one name; the tenant is the first.
        (Method::GET, "/api/environments/e1/users/e2", "reader", 200),
        (Method::GET, "/api/environments/e2/users/e1", "reader", 403),
        (Method::GET, "/api/health", "", 200),
        (Method::GET, "/api/me", "", 401),
        (Method::GET, "/api/me", "writer", 200),
        (Method::GET, "/api/users/u1", "", 401),
        (Method::GET, "/api/users/u1", "reader", 200),
        // The catalogue demands `events.read` here. The second route is not in the catalogue.
        (Method::GET, "/api/eventTypes", "reader", 500),
        (Method::GET, "/api/undeclared/e1", "reader", 500),
        (Method::GET, "/api/undeclared/e1", "", 401),
        (Method::GET, "/api/none", "", 404),
    ] {
        let found = status(&app, method.clone(), target, token).await;
        assert_eq!(found.as_u16(), expected, "{method} {target} {token}");
    }
}

#[tokio::test]
async fn the_challenge_arrives() {
    let app = app();
    let response = app.get_response(request(&Method::GET, "/api/environments/e1/users", "writer")).await;
    let challenge = response.headers()["www-authenticate"].to_str().unwrap();
    assert!(challenge.contains("insufficient_scope") && challenge.contains("users.read"), "{challenge}");
    assert_eq!(response.headers()["accepted-scopes"], "users.read");
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.into_body().into_string().await.unwrap(), r#"{"error":"missing scope `users.read`"}"#);
}

#[tokio::test]
async fn no_body_is_read_for_the_refused() {
    struct Untouchable;
    impl tokio::io::AsyncRead for Untouchable {
        fn poll_read(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
            _: &mut tokio::io::ReadBuf<'_>,
        ) -> std::task::Poll<std::io::Result<()>> {
            panic!("the body was read")
        }
    }
    let app = app();
    for (token, expected) in [("", 401), ("reader", 403), ("down", 503)] {
        let mut request = request(&Method::POST, "/api/environments/e1/users", token);
        request.set_body(Body::from_async_read(Untouchable));
        assert_eq!(app.get_response(request).await.status().as_u16(), expected);
    }
}

/// A request as a server makes it. A request that is built by hand lacks `original_uri`.
fn received(method: &str, target: &str, token: &str) -> Request {
    let request = http::Request::builder().method(method).uri(target);
    let (parts, ()) = request.header("authorization", format!("Bearer {token}")).body(()).unwrap().into_parts();
    let parts = RequestParts::from((parts, LocalAddr::default(), RemoteAddr::default(), Scheme::HTTP));
    Request::from_parts(parts, Body::empty())
}

#[tokio::test]
async fn received_requests() {
    let app = app();
    for (method, target, token, expected) in [
        ("GET", "/api/environments/e1/users", "reader", 200),
        ("GET", "http://a/api/environments/e1/users/u1?x", "reader", 200),
        ("GET", "/api/environments/e2/users", "reader", 403),
        ("GET", "/api/health/", "reader", 200),
        ("GET", "/api/me", "reader", 200),
        ("GET", "/api/me/", "reader", 404),
    ] {
        let response = app.get_response(received(method, target, token)).await;
        assert_eq!(response.status().as_u16(), expected, "{method} {target}");
    }
}

#[tokio::test]
async fn missing_layer() {
    let app = Route::new().at("/api/environments/:id/users", get(list));
    let response = app.get_response(received("GET", "/api/environments/e1/users", "reader")).await;
    assert_eq!(response.status(), 500);
    assert_eq!(response.into_body().into_string().await.unwrap(), r#"{"error":"internal server error"}"#);
}

#[tokio::test]
async fn poem_openapi() {
    let service = OpenApiService::new(Described, "users", "1").server("http://localhost/api");
    let document = service.spec();
    assert!(!document.contains("ermit"), "{document}");
    let app = Route::new().nest("/api", service).with(authenticate());
    for (target, token, expected) in [
        ("/api/environments/e1/users", "", 401),
        ("/api/environments/e1/users", "writer", 403),
        ("/api/environments/e2/users", "reader", 403),
        ("/api/environments/e1/users", "reader", 200),
    ] {
        let response = app.get_response(request(&Method::GET, target, token)).await;
        assert_eq!(response.status().as_u16(), expected, "{target} {token}");
        assert_eq!(response.headers().contains_key("www-authenticate"), expected == 401 || token == "writer");
    }
}

#[tokio::test]
async fn gates_belong_inside_of_the_routes() {
    let gate = || Gate::<api::Scope>::new();
    let inside = Route::new()
        .at("/api/environments/:id/users", get(unguarded).with(gate()))
        .at("/api/users/:id", get(unguarded).with(gate()))
        .at("/api/undeclared", get(unguarded).with(gate()))
        .at("/api/health", get(unguarded).with(gate()))
        .at("/index.html", get(unguarded).with(gate()))
        .at("/about.html", get(unguarded).with(gate().also_serve_outside_base("pages")))
        .with(authenticate().settings(Settings::new().strict()));
    for (target, token, expected) in [
        ("/api/environments/e1/users", "", 401),
        ("/api/environments/e1/users", "writer", 403),
        ("/api/environments/e2/users", "reader", 403),
        ("/api/environments/e1/users", "reader", 200),
        // The owner was not compared.
        ("/api/users/u1", "reader", 500),
        ("/api/undeclared", "", 401),
        ("/api/undeclared", "reader", 404),
        ("/api/health", "", 200),
        ("/index.html", "", 401),
        ("/index.html", "reader", 404),
        ("/about.html", "", 200),
    ] {
        let response = inside.get_response(request(&Method::GET, target, token)).await;
        assert_eq!(response.status().as_u16(), expected, "{target} {token}");
        assert_eq!(response.header("cache-control"), (expected != 200).then_some("no-store"), "{target} {token}");
    }
    let outside = Route::new().at("/api/health", get(unguarded)).with(gate()).with(authenticate());
    assert_eq!(status(&outside, Method::GET, "/api/health", "").await.as_u16(), 500);
}

#[tokio::test]
async fn a_forgotten_mount_opens_nothing() {
    for mount in ["/v2/api", "/v2", "/internal"] {
        let gate = || Gate::<api::Scope>::new().also_serve_outside_base("pages");
        let gated = |path| Route::new().at(path, get(unguarded).with(gate()));
        let app = Route::new().nest(mount, gated("/environments/:id/users")).nest("/about", gated("/:id"));
        let app = app.with(authenticate());
        let target = format!("{mount}/environments/e1/users");
        assert_eq!(status(&app, Method::GET, &target, "").await.as_u16(), 401, "{target}");
        assert_eq!(status(&app, Method::GET, &target, "reader").await.as_u16(), 404, "{target}");
        assert_eq!(status(&app, Method::GET, "/about/1", "").await.as_u16(), 200);
    }
}

mod files {
    scopes::scopes! {
        pub(super) mod api;
        tenant environment;
        files.read { GET "/{environment}/files/{*path}"; }
    }
}

#[requires(files::api::files.read as permit)]
#[handler]
fn file(Path((environment, path)): Path<(String, String)>) -> String {
    assert_eq!(permit.tenant(), Some(&*environment));
    path
}

/// If a middleware strips a segment in front of a catch-all, only the parameters' values show it.
/// Without the comparison of values, the server would serve another environment's file.
#[tokio::test]
async fn a_stripped_segment_does_not_move_the_tenant() {
    let authenticate = || tokens::authenticate::<files::api::Scope>("e1", &[("reader", "files.read")]);
    let stripped =
        Route::new().at("/:environment/files/*path", get(file)).around(async |endpoint, mut request: Request| {
            let path = request.uri().path().to_owned();
            if let Some(second) = path[1..].find('/') {
                *request.uri_mut() = path[second + 1..].parse().unwrap();
            }
            endpoint.call(request).await
        });
    let stripped = stripped.with(authenticate());
    for target in ["/e1/files/files/secret", "/en/e2/files/secret"] {
        assert_eq!(status(&stripped, Method::GET, target, "reader").await.as_u16(), 404, "{target}");
    }
    // Mounts alone are fine.
    let mounted = Route::new().nest("/v1", Route::new().at("/:environment/files/*path", get(file)));
    let mounted = mounted.with(authenticate().settings(Settings::new().mounted_at("/v1").unwrap()));
    for (target, expected) in [("/v1/e1/files/a%20b", 200), ("/v1/e1/files/files/secret", 200), ("/v1/e2/files/a", 403)]
    {
        assert_eq!(status(&mounted, Method::GET, target, "reader").await.as_u16(), expected, "{target}");
    }
}

/// A WebSocket over HTTP/2 is judged as the `GET` of its route.
#[tokio::test]
async fn an_extended_connect_is_the_get_of_its_route() {
    let users = "/api/environments/:id/users";
    let plain = Route::new().at(users, list).with(authenticate()).boxed();
    let gated = Route::new().at(users, list.with(Gate::<api::Scope>::new())).with(authenticate()).boxed();
    for (is_extended, target, token, without_gate, with_gate) in [
        (true, "/api/environments/e1/users", "reader", 200, 200),
        (true, "/api/environments/e1/users", "writer", 403, 403),
        (true, "/api/environments/e2/users", "reader", 403, 403),
        (true, "/api/environments/e1/users", "", 401, 401),
        (false, "/api/environments/e1/users", "reader", 500, 405),
    ] {
        for (app, expected) in [(&plain, without_gate), (&gated, with_gate)] {
            let mut request = request(&Method::CONNECT, target, token);
            if is_extended {
                request.extensions_mut().insert(hyper::ext::Protocol::from_static("websocket"));
            }
            assert_eq!(app.get_response(request).await.status().as_u16(), expected, "{is_extended} {target} {token}");
        }
    }
}
