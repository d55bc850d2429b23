//! salvo on loopback: the attribute on its handlers, paths that salvo reads differently than sent,
//! one name for two parameters, hoops in the wrong place.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::net::SocketAddr;

use salvo_core::conn::{Acceptor, Listener, TcpListener};
use salvo_core::prelude::*;
use scopes::salvo::{Authenticate, Gate};
use scopes::{Authentication, Denied, Settings, VerifyError, requires, verifier_fn};
use scopes_tests::catalogues::{escalation, kinds};
use scopes_tests::client::{Answer, Client, Request as Sent, raw};
use scopes_tests::tokens;

use kinds::api;

fn authenticate() -> Authenticate<api::Scope> {
    tokens::authenticate("E1", &[("reader", "items.read"), ("writer", "items.write"), ("exporter", "items.export")])
}

fn strict() -> Authenticate<api::Scope> {
    authenticate().settings(Settings::new().strict())
}

#[requires(api::items.read as permit)]
#[handler]
async fn list(depot: &mut Depot) -> String {
    let grant = depot.get_typed::<Authentication<api::Scope>>().ok().and_then(Authentication::grant);
    assert_eq!(grant.map(api::Grant::scopes), Some(permit.grant().scopes()));
    permit.tenant().unwrap_or_default().to_owned()
}

#[requires(api::items.write)]
#[handler]
async fn create(request: &mut Request) -> String {
    String::from_utf8_lossy(request.payload().await.unwrap()).into_owned()
}

#[requires(api::items.read as permit)]
#[handler]
async fn show(request: &mut Request) -> String {
    format!(
        "{} of {}, {}",
        permit.parameter("item").unwrap_or_default(),
        permit.tenant().unwrap(),
        request.param::<String>("id").unwrap()
    )
}

#[requires(api::items.export)]
#[handler]
async fn export() -> &'static str {
    "export"
}

/// The carrier form.
#[requires(api::items.read as permit)]
#[handler]
async fn anywhere(#[grant] request: &mut Request) -> Result<String, Denied> {
    permit.same_tenant("E1")?;
    Ok(request.uri().path().to_owned())
}

#[handler]
async fn me(grant: api::Grant) -> String {
    grant.scopes().to_string()
}

#[handler]
async fn open() -> &'static str {
    "open"
}

fn router() -> Router {
    let items = Router::with_path("{id}/items")
        .get(list)
        .post(create)
        .push(Router::with_path("export").get(export))
        .push(Router::with_path("{id}").get(show));
    Router::with_path("v1")
        .push(Router::with_path("environments").push(items))
        .push(Router::with_path("items/{id}").get(anywhere))
        .push(Router::with_path("formats").get(list))
        .push(Router::with_path("undeclared").get(list))
        .push(Router::with_path("me").get(me))
        .push(Router::with_path("health").get(open))
}

async fn serve(service: Service) -> SocketAddr {
    let acceptor = TcpListener::new("127.0.0.1:0").bind().await;
    let address = acceptor.holdings()[0].local_addr.clone().into_std().unwrap();
    tokio::spawn(Server::new(acceptor).serve(service));
    address
}

async fn answer(address: SocketAddr, method: &str, target: &str, token: &str) -> Answer {
    let request = Sent::new(method, target);
    let request = if token.is_empty() { request } else { request.token(token) };
    let request = if method == "POST" { request.body("body") } else { request };
    Client::new(address).send(&request).await
}

#[tokio::test]
async fn statuses_and_texts() {
    let plain = serve(Service::new(router().hoop(authenticate()))).await;
    let gated = serve(Service::new(router()).hoop(strict()).hoop(Gate::<api::Scope>::new())).await;
    for (method, target, token, without_gate, with_gate, text) in [
        ("GET", "/v1/environments/E1/items", "", 401, 401, ""),
        ("GET", "/v1/environments/E1/items", "bad", 401, 401, ""),
        ("GET", "/v1/environments/E1/items", "a b", 400, 400, ""),
        ("GET", "/v1/environments/E1/items", "down", 503, 503, ""),
        ("GET", "/v1/environments/E1/items", "writer", 403, 403, ""),
        ("GET", "/v1/environments/E2/items", "reader", 403, 403, ""),
        ("GET", "/v1/environments/E1/items", "reader", 200, 200, "E1"),
        ("GET", "/v1/environments/%45%31/items", "reader", 200, 200, "E1"),
        ("HEAD", "/v1/environments/E1/items", "reader", 405, 405, ""),
        ("POST", "/v1/environments/E1/items", "reader", 403, 403, ""),
        ("POST", "/v1/environments/E1/items", "writer", 200, 200, "body"),
        // One name for two parameters: the handler sees the last, the permit knows both.
        ("GET", "/v1/environments/E1/items/E2", "reader", 200, 200, "E2 of E1, E2"),
        ("GET", "/v1/environments/E2/items/E1", "reader", 403, 403, ""),
        // salvo decodes before it matches.
        ("GET", "/v1/environments/E1/items/export", "exporter", 200, 200, "export"),
        ("GET", "/v1/environments/E1/items/export", "reader", 403, 403, ""),
        ("GET", "/v1/environments/E1/items/%65xport", "reader", 403, 403, ""),
        ("GET", "/v1/environments/E1/items/%65xport", "exporter", 200, 200, "export"),
        ("GET", "/v1/environments/E1/items/a%2Fb", "reader", 400, 400, ""),
        ("GET", "/v1/environments/E1/items/..", "reader", 400, 400, ""),
        // salvo drops slashes, so it is unknown which segment names the tenant.
        ("GET", "/v1/environments//E1/items", "reader", 404, 404, ""),
        ("GET", "//v1/environments/E1/items", "reader", 404, 404, ""),
        ("GET", "/v1/environments/E1/items/", "reader", 404, 404, ""),
        ("GET", "/v1/environments/E2/items/", "reader", 404, 404, ""),
        ("GET", "/v1/items/7", "", 401, 401, ""),
        ("GET", "/v1/items/7", "reader", 200, 200, "/v1/items/7"),
        ("GET", "/v1/me", "", 401, 401, ""),
        ("GET", "/v1/me", "writer", 200, 200, "items.write"),
        ("GET", "/v1/health", "", 200, 200, "open"),
        // Mistakes of the developers.
        ("GET", "/v1/formats", "exporter", 500, 500, ""),
        ("GET", "/v1/undeclared", "reader", 500, 404, ""),
        ("GET", "/v1/undeclared", "", 401, 401, ""),
        // A path without a route.
        ("GET", "/v1/none", "", 404, 401, ""),
        ("GET", "/v1/none", "reader", 404, 404, ""),
        ("PUT", "/v1/environments/E1/items", "reader", 405, 405, ""),
        ("GET", "/none", "", 404, 401, ""),
        ("GET", "/none", "reader", 404, 404, ""),
    ] {
        for (address, expected) in [(plain, without_gate), (gated, with_gate)] {
            let answer = answer(address, method, target, token).await;
            let what = format!("{method} {target} {token} {}", address == gated);
            assert_eq!(answer.status, expected, "{what}: {}", answer.text());
            if expected == 200 {
                assert_eq!(answer.text(), text, "{what}");
            }
        }
    }
    let answer = answer(plain, "GET", "/v1/environments/E1/items", "writer").await;
    assert_eq!(
        answer.header("www-authenticate"),
        Some("Bearer realm=\"api\", error=\"insufficient_scope\", scope=\"items.read\"")
    );
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.text(), r#"{"error":"missing scope `items.read`"}"#);
}

#[tokio::test]
async fn no_body_is_read_for_the_refused() {
    let address = serve(Service::new(router().hoop(authenticate()))).await;
    for (authorization, expected) in
        [("", 401), ("Authorization: Bearer reader\r\n", 403), ("Authorization: Bearer down\r\n", 503)]
    {
        let bytes =
            format!("POST /v1/environments/E1/items HTTP/1.1\r\nHost: a\r\n{authorization}Content-Length: 9\r\n\r\n");
        assert_eq!(raw(address, bytes.as_bytes()).await.map(|answer| answer.status), Some(expected));
    }
}

#[tokio::test]
async fn missing_layer() {
    let plain = serve(Service::new(router())).await;
    let gated = serve(Service::new(router()).hoop(Gate::<api::Scope>::new()).hoop(authenticate())).await;
    for address in [plain, gated] {
        let answer = answer(address, "GET", "/v1/environments/E1/items", "reader").await;
        assert_eq!((answer.status, &*answer.text()), (500, r#"{"error":"internal server error"}"#));
    }
}

#[tokio::test]
async fn the_gate_alone_goes_by_what_salvo_has_matched() {
    use escalation::api::{Grant, Scope};
    let verifier = verifier_fn(async |token: String| -> Result<Option<Grant>, VerifyError> {
        Ok(Some(Grant::new(token.parse::<escalation::api::Scopes>()?)))
    });
    let router = Router::with_path("users")
        .push(Router::with_path("export").get(open))
        .push(Router::with_path("{user}").get(open));
    let service = Service::new(router).hoop(Authenticate::<Scope>::new(verifier)).hoop(Gate::<Scope>::new());
    let address = serve(service).await;
    for (target, token, expected) in [
        ("/users/export", "users.read", 403),
        ("/users/%65xport", "users.read", 403),
        ("/users/expor%74", "users.read", 403),
        ("/users/%65xport", "users.export", 200),
        ("/users/7", "users.read", 200),
        ("//users/export", "users.read", 404),
        ("/users/export/", "users.export", 404),
    ] {
        assert_eq!(answer(address, "GET", target, token).await.status, expected, "{target} {token}");
    }
}

/// Changes the request after the routing.
#[handler]
async fn rewrite(request: &mut Request) {
    if let Some(target) = request.header::<String>("x-target") {
        *request.uri_mut() = target.parse().unwrap();
    }
    if let Some(method) = request.header::<String>("x-method") {
        *request.method_mut() = method.parse().unwrap();
    }
}

#[requires(api::items.read)]
#[handler]
async fn file() -> &'static str {
    "file"
}

#[handler]
async fn granted(grant: api::Grant) -> &'static str {
    drop(grant);
    "granted"
}

async fn rewritten(address: SocketAddr, target: &str, instead: &str) -> u16 {
    let header = format!("x-target: {instead}");
    let request = Sent::new("GET", target).token("reader").header(header);
    Client::new(address).send(&request).await.status
}

/// The handler gets the values that salvo found before any hoop ran.
#[tokio::test]
async fn a_target_changed_after_the_routing_reaches_no_handler() {
    let router = || router().push(Router::with_path("environments/{id}/files/{**path}").get(file));
    let plain = serve(Service::new(router()).hoop(rewrite).hoop(authenticate())).await;
    let gated = Service::new(router()).hoop(rewrite).hoop(authenticate()).hoop(Gate::<api::Scope>::new());
    let gated = serve(gated).await;
    for (target, instead, expected) in [
        ("/v1/environments/E1/items", "/v1/environments/E1/items", 200),
        ("/v1/environments/E1/items", "/v1/environments/%45%31/items?q", 200),
        ("/v1/environments/E2/items", "/v1/environments/E1/items", 404),
        // salvo keeps the last of two parameters with one name. No handler gets `E2` from it, and
        // the permit says `E1`.
        ("/v1/environments/E2/items/7", "/v1/environments/E1/items/7", 200),
        ("/v1/environments/E1/items/8", "/v1/environments/E1/items/7", 404),
        ("/v1/items/8", "/v1/items/7", 404),
        ("/v1/environments/E1/files/a%20b/c", "/v1/environments/E1/files/a%20b/c", 200),
        ("/v1/environments/E2/files/a", "/v1/environments/E1/files/a", 404),
        ("/v1/environments/E1/files/a/b", "/v1/environments/E1/files/a/c", 404),
        ("/v1/environments/E2/items", "/v1/me", 404),
    ] {
        for address in [plain, gated] {
            let found = rewritten(address, target, instead).await;
            assert_eq!(found, expected, "{target} as {instead} {}", address == gated);
        }
    }
    // Outside of the base nothing is checked, unless salvo has matched a route of the API.
    assert_eq!(rewritten(gated, "/v1/environments/E2/items", "/none").await, 404);
}

/// The type of a permit says which handler runs. A grant does not.
#[tokio::test]
async fn a_grant_without_a_permit_needs_a_gate() {
    let router = || Router::with_path("v1/environments/{id}/items").get(list).post(granted);
    let plain = serve(Service::new(router()).hoop(rewrite).hoop(authenticate())).await;
    let posted = Sent::new("POST", "/v1/environments/E1/items").token("reader").header("x-method: GET");
    assert_eq!(Client::new(plain).send(&posted).await.status, 500);
    let gated = serve(Service::new(router()).hoop(strict()).hoop(Gate::<api::Scope>::new())).await;
    assert_eq!(answer(gated, "POST", "/v1/environments/E1/items", "writer").await.status, 200);
    assert_eq!(answer(gated, "POST", "/v1/environments/E1/items", "reader").await.status, 403);
}

#[tokio::test]
async fn a_forgotten_mount_opens_nothing() {
    for mount in ["v2/v1", "v2", "{version}/v1"] {
        let router = || {
            let router = Router::with_path(format!("{mount}/environments/{{id}}/items")).get(open);
            Router::new().push(router).push(Router::with_path("about/{id}").get(open))
        };
        let pages = Gate::<api::Scope>::new().also_serve_outside_base("pages");
        let closed = Service::new(router()).hoop(authenticate()).hoop(Gate::<api::Scope>::new());
        let (address, closed) =
            (serve(Service::new(router()).hoop(authenticate()).hoop(pages)).await, serve(closed).await);
        let target = format!("/{}/environments/E1/items", mount.replace("{version}", "v2"));
        assert_eq!(answer(address, "GET", &target, "").await.status, 401, "{target}");
        assert_eq!(answer(address, "GET", &target, "reader").await.status, 404, "{target}");
        assert_eq!(answer(address, "GET", "/about/1", "").await.status, 200);
        assert_eq!(answer(closed, "GET", "/about/1", "").await.status, 401);
        assert_eq!(answer(closed, "GET", "/about/1", "reader").await.status, 404);
    }
}

#[handler]
async fn not_compared(response: &mut Response) {
    response.headers_mut().insert("cdn-cache-control", "max-age=60".parse().unwrap());
    response.headers_mut().insert("etag", "\"of-another-tenant\"".parse().unwrap());
    response.headers_mut().insert("x-outer", "changed".parse().unwrap());
    response.render("leak");
}

#[handler]
async fn outer(response: &mut Response) {
    response.headers_mut().insert("x-outer", "kept".parse().unwrap());
}

/// A handler's headers are removed with its body. They may disclose data, or let a cache keep the
/// denial.
#[tokio::test]
async fn a_strict_gate_replaces_the_handlers_headers_too() {
    let router = Router::with_path("v1/items/{id}").get(not_compared);
    let gate = Gate::<api::Scope>::new();
    let address = serve(Service::new(router).hoop(outer).hoop(strict()).hoop(gate)).await;
    let answer = answer(address, "GET", "/v1/items/7", "reader").await;
    assert_eq!((answer.status, &*answer.text()), (500, r#"{"error":"internal server error"}"#));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!((answer.header("cdn-cache-control"), answer.header("etag")), (None, None));
    assert_eq!(answer.header("x-outer"), Some("kept"));
}

/// Marks the request like a server of HTTP/2.
#[handler]
async fn extended(request: &mut Request) {
    request.extensions_mut().insert(hyper::ext::Protocol::from_static("websocket"));
}

#[handler]
async fn connect(request: &mut Request) {
    *request.method_mut() = salvo_core::http::Method::CONNECT;
}

/// A WebSocket over HTTP/2 is judged as the `GET` of its route.
#[tokio::test]
async fn an_extended_connect_is_the_get_of_its_route() {
    let router = || Router::with_path("v1/environments/{id}/items").goal(list);
    let gate = Gate::<api::Scope>::new;
    let websockets = || Service::new(router()).hoop(connect).hoop(extended).hoop(authenticate());
    let plain = serve(websockets()).await;
    let gated = serve(websockets().hoop(gate())).await;
    for (target, token, expected) in [
        ("/v1/environments/E1/items", "reader", 200),
        ("/v1/environments/E1/items", "writer", 403),
        ("/v1/environments/E2/items", "reader", 403),
        ("/v1/environments/E1/items", "", 401),
    ] {
        for address in [plain, gated] {
            assert_eq!(answer(address, "GET", target, token).await.status, expected, "{target} {token}");
        }
    }
    let unmarked = serve(Service::new(router()).hoop(connect).hoop(authenticate()).hoop(gate())).await;
    assert_eq!(answer(unmarked, "GET", "/v1/environments/E1/items", "reader").await.status, 405);
}
