//! WebSocket over HTTP/2: an extended `CONNECT` is judged like a `GET` of its route.

use axum::routing::any;
use http::StatusCode;
use hyper::ext::Protocol;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::service::TowerToHyperService;
use scopes::TokenSource;
use scopes_tests::log::Log;

use super::*;

const USERS: &str = "/api/environments/e1/users";

#[scopes::requires(api::users.read)]
async fn chat() -> StatusCode {
    StatusCode::OK
}

fn chats() -> Router {
    Router::new()
        .route("/api/environments/{id}/users", any(chat))
        .route("/api/health", any(|| async { StatusCode::OK }))
        .route("/api/eventTypes", any(chat))
}

fn extended(target: &str, token: &str) -> Request<Body> {
    let mut request = request("CONNECT", target, token);
    request.extensions_mut().insert(Protocol::from_static("websocket"));
    request
}

/// Target, token and status.
const CASES: [(&str, &str, u16); 6] = [
    (USERS, "reader", 200),
    (USERS, "writer", 403),
    (USERS, "", 401),
    (USERS, "bad", 401),
    ("/api/environments/e2/users", "reader", 403),
    ("/api/health", "", 200),
];

#[tokio::test]
async fn an_extended_connect_is_the_get_of_its_route() {
    let permits_only = chats().layer(authenticate());
    let fused = api::gate(chats()).authenticate(authenticate());
    let layered = api::gate(chats()).layer(authenticate()).layer(tower_http::cors::CorsLayer::new());
    let nested = api::gate(Router::new().fallback_service(fused.clone())).authenticate(authenticate());
    let (log, _listening) = Log::listen();
    for (target, token, expected) in CASES {
        let found = [
            send(&permits_only, extended(target, token)).await.status().as_u16(),
            send(&fused, extended(target, token)).await.status().as_u16(),
            send(&layered, extended(target, token)).await.status().as_u16(),
            send(&nested, extended(target, token)).await.status().as_u16(),
        ];
        assert_eq!(found, [expected; 4], "{target} {token}");
    }
    assert_eq!(log.errors(), [""; 0]);
}

#[tokio::test]
async fn a_plain_connect_is_not_a_get() {
    let gated = api::gate(chats()).authenticate(authenticate());
    assert_eq!(status(&gated, "CONNECT", USERS, "reader").await, 405);
    assert_eq!(status(&gated, "CONNECT", USERS, "").await, 401);
    assert_eq!(status(&gated, "CONNECT", "/api/health", "").await, 401);
    // The protocol alone does not turn other methods into a `GET`.
    for method in ["POST", "DELETE", "connect"] {
        let mut request = extended("/api/health", "reader");
        *request.method_mut() = method.parse().unwrap();
        assert_eq!(send(&gated, request).await.status(), 405, "{method}");
    }
    let permits_only = chats().layer(authenticate());
    assert_eq!(status(&permits_only, "CONNECT", USERS, "reader").await, 500);
}

/// The statuses that an HTTP/2 client gets over one connection.
async fn over_http2<A>(app: A, requests: impl IntoIterator<Item = Request<Body>>) -> Vec<u16>
where
    A: Service<Request<hyper::body::Incoming>, Response = Response<Body>, Error = std::convert::Infallible>,
    A: Clone + Send + 'static,
    A::Future: Send,
{
    let (ours, theirs) = tokio::io::duplex(1 << 16);
    let service = TowerToHyperService::new(app);
    let server = hyper::server::conn::http2::Builder::new(TokioExecutor::new())
        .enable_connect_protocol()
        .serve_connection(TokioIo::new(theirs), service);
    let server = tokio::spawn(server);
    let handshake = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(ours));
    let (mut sender, connection) = handshake.await.unwrap();
    let client = tokio::spawn(connection);
    let mut statuses = Vec::new();
    for request in requests {
        let answer = tokio::time::timeout(std::time::Duration::from_secs(10), sender.send_request(request)).await;
        statuses.push(answer.unwrap().unwrap().status().as_u16());
    }
    client.abort();
    server.abort();
    statuses
}

/// Makes a request with the whole URI, like a client does. Over HTTP/2 its authority becomes a
/// field of its own.
fn sent(method: &str, target: &str, token: &str, is_extended: bool) -> Request<Body> {
    let mut request = if is_extended { extended(target, token) } else { request(method, target, token) };
    *request.uri_mut() = format!("http://api.example.com{target}").parse().unwrap();
    request
}

#[tokio::test]
async fn an_http2_client_opens_one() {
    let requests = || {
        // The server's settings allow an extended `CONNECT`. The client gets them with the first
        // answer.
        let first = sent("GET", "/api/health", "", false);
        let others = CASES.map(|(target, token, _)| sent("CONNECT", target, token, true));
        std::iter::once(first).chain(others)
    };
    let expected: Vec<_> = std::iter::once(200).chain(CASES.map(|(.., status)| status)).collect();
    let permits_only = chats().layer(authenticate());
    assert_eq!(over_http2(permits_only, requests()).await, expected);
    let gated = api::gate(chats()).authenticate(authenticate());
    assert_eq!(over_http2(gated, requests()).await, expected);
}

/// The gate judges the method by which axum chose the handler.
#[tokio::test]
async fn no_layer_makes_one_of_another_method() {
    let become_connect = |mut request: Request<Body>| {
        *request.method_mut() = http::Method::CONNECT;
        request.extensions_mut().insert(Protocol::from_static("websocket"));
        request
    };
    let gated = api::gate(router()).layer(authenticate()).layer(tower::util::MapRequestLayer::new(become_connect));
    assert_eq!(status(&gated, "POST", USERS, "reader").await, 404);
    let inside = chats().layer(tower::util::MapRequestLayer::new(become_connect));
    let gated = api::gate(inside).authenticate(authenticate());
    assert_eq!(status(&gated, "GET", USERS, "reader").await, 200);
    assert_eq!(status(&gated, "POST", USERS, "writer").await, 404);
}

#[tokio::test]
async fn another_site_cannot_open_one_with_a_cookie() {
    let authenticate =
        authenticate().source(TokenSource::cookie("session")).own_origins(["https://own.example"]).unwrap();
    let gated = api::gate(chats()).authenticate(authenticate.clone());
    let permits_only = chats().layer(authenticate);
    for (origin, expected) in [("https://other.example", 403), ("https://own.example", 200)] {
        let request = || {
            let mut request = extended(USERS, "");
            request.headers_mut().insert("cookie", "session=reader".parse().unwrap());
            request.headers_mut().insert("origin", origin.parse().unwrap());
            request
        };
        assert_eq!(send(&gated, request()).await.status(), expected, "{origin}");
        assert_eq!(send(&permits_only, request()).await.status(), expected, "{origin}");
    }
}

mod rooms {
    scopes::scopes! {
        pub(super) mod api;
        rooms.read { #[raw(room)] GET "/rooms/{room}"; }
    }
}

/// The authentication does not refuse a target in advance that the route of `GET` accepts.
#[tokio::test]
async fn a_raw_parameter_is_that_of_the_get() {
    async fn room(permit: Permit<rooms::api::permits::RoomsRead>) -> Result<StatusCode, scopes::Denied> {
        assert_eq!(permit.parameter("room")?, "a/b");
        Ok(StatusCode::OK)
    }
    let layer: Authenticate<rooms::api::Scope> = tokens::authenticate("e1", &[("reader", "rooms.read")]);
    let app = Router::new().route("/rooms/{room}", any(room)).layer(layer);
    assert_eq!(send(&app, extended("/rooms/a%2Fb", "reader")).await.status(), 200);
    assert_eq!(send(&app, extended("/rooms/a%2Fb", "bad")).await.status(), 401);
}
