//! What a client may take of the server: connections, time and bytes. And which paths lie outside
//! of the gates.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, reason = "other tests use the rest")]
mod common;

use core::num::NonZeroU32;
use std::net::SocketAddr;
use std::time::Duration;

use common::{Request, Server};
use dashboard::seed::Seed;
use dashboard::settings::Settings;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;

const LIMIT: Duration = Duration::from_secs(10);

/// Longer than a test takes.
const LONG: Duration = Duration::from_secs(600);

async fn send(address: SocketAddr, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

/// Reads until the server closes the connection.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let read = timeout(LIMIT, stream.read_to_end(&mut bytes)).await.expect("the server closes the connection");
    // The server resets a connection from which it has not read everything.
    let _reset = read;
    String::from_utf8(bytes).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_hundred_unfinished_heads_are_closed() {
    let short = |settings: &mut Settings| {
        settings.limits.head_time = Duration::from_secs(2);
        settings.limits.connections_per_address = None;
    };
    let server = Server::start_changed(Seed::new(), short).await;
    let mut unfinished = JoinSet::new();
    for at in 0..300 {
        let address = server.address;
        unfinished.spawn(async move {
            // One byte now and then does not help.
            let mut stream = send(address, "GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ").await;
            if at % 2 == 0 {
                tokio::time::sleep(Duration::from_secs(1)).await;
                let _closed = stream.write_all(b"a").await;
            }
            rest(&mut stream).await
        });
    }
    let answered = server.client().send(Request::new("GET", "/health")).await;
    assert_eq!(answered.status, 200, "other clients are served meanwhile");
    let closed = timeout(LIMIT, unfinished.join_all()).await.expect("all are closed");
    assert!(closed.iter().all(String::is_empty) && closed.len() == 300);
    server.stop().await;
}

#[tokio::test]
async fn the_number_of_connections_is_bounded() {
    let server = Server::start_changed(Seed::new(), |settings: &mut Settings| {
        settings.limits.connections = 3;
        settings.limits.head_time = LONG;
    })
    .await;
    let mut idle = Vec::new();
    for _ in 0..3 {
        idle.push(send(server.address, "GET").await);
    }
    let mut client = server.client();
    let waiting = client.send(Request::new("GET", "/health"));
    assert!(timeout(Duration::from_millis(300), waiting).await.is_err(), "it has to wait");
    drop(idle);
    assert_eq!(server.client().send(Request::new("GET", "/health")).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn one_address_cannot_take_all_connections() {
    let server = Server::start_changed(Seed::new(), |settings: &mut Settings| {
        settings.limits.connections = 5;
        settings.limits.connections_per_address = NonZeroU32::new(3);
        settings.limits.head_time = LONG;
    })
    .await;
    let mut idle = Vec::new();
    for _ in 0..3 {
        idle.push(send(server.address, "GET").await);
    }
    for _ in 0..20 {
        // Closed at once, because the time for a head is longer than the test waits.
        let mut further = TcpStream::connect(server.address).await.unwrap();
        assert_eq!(rest(&mut further).await, "");
    }
    // Linux routes all of 127.0.0.0/8 to the machine itself.
    #[cfg(target_os = "linux")]
    {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.2:0".parse().unwrap()).unwrap();
        let mut other = socket.connect(server.address).await.unwrap();
        other.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
        assert!(rest(&mut other).await.starts_with("HTTP/1.1 200 "), "other clients are served meanwhile");
    }
    // A connection that ends leaves its place to another one, as soon as the server sees its end.
    drop(idle.pop());
    let request = "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let answered = async {
        loop {
            let mut stream = TcpStream::connect(server.address).await.unwrap();
            let _closed = stream.write_all(request.as_bytes()).await;
            let answer = rest(&mut stream).await;
            if !answer.is_empty() {
                return answer;
            }
        }
    };
    assert!(timeout(LIMIT, answered).await.unwrap().starts_with("HTTP/1.1 200 "));
    server.stop().await;
}

#[tokio::test]
async fn one_client_of_a_proxy_cannot_take_all_connections() {
    let server = Server::start_changed(Seed::new(), |settings: &mut Settings| {
        settings.limits.connections_per_address = NonZeroU32::new(2);
        settings.behind_proxy = true;
    })
    .await;
    let session = server.session(&server.seed.admin, &server.seed.live);
    let mut waiting = Vec::new();
    for _ in 0..2 {
        let head = format!(
            "POST /api/v0/user/tokens HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 192.0.2.1\r\nAuthorization: Bearer {session}\r\n\
             Content-Type: application/json\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n"
        );
        let mut stream = send(server.address, &head).await;
        // The interim answer shows that the request runs.
        let mut interim = [0; 25];
        timeout(LIMIT, stream.read_exact(&mut interim)).await.unwrap().unwrap();
        waiting.push(stream);
    }
    let mut client = server.client();
    let ready = |address: &str| Request::new("GET", "/ready").header("X-Forwarded-For", address);
    let refused = client.send(ready("192.0.2.1")).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("1")), "{refused:?}");
    assert_eq!(client.send(ready("192.0.2.2")).await.status, 200, "another client of the proxy");
    assert_eq!(client.send(Request::new("GET", "/ready")).await.status, 200, "the proxy itself");
    waiting[0].write_all(b"not  json").await.unwrap();
    let mut status = [0; 12];
    timeout(LIMIT, waiting[0].read_exact(&mut status)).await.unwrap().unwrap();
    assert_eq!((&status, client.send(ready("192.0.2.1")).await.status), (b"HTTP/1.1 400", 200));
    server.stop().await;
}

#[tokio::test]
async fn a_slow_body_is_answered_with_408() {
    let short = |settings: &mut Settings| settings.limits.body_time = Duration::from_millis(500);
    let server = Server::start_changed(Seed::new(), short).await;
    let session = server.session(&server.seed.admin, &server.seed.live);
    let head = format!("POST /api/v0/user/tokens HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {session}\r\n");
    let mut stream =
        send(server.address, &format!("{head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{")).await;
    for _ in 0..4 {
        tokio::time::sleep(Duration::from_millis(50)).await;
        // On a slow machine the time may be over already.
        let _closed = stream.write_all(b" ").await;
    }
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("\r\nconnection: close\r\n"), "{answer}");
    assert!(answer.ends_with(r#"{"error":"the body did not arrive in time"}"#), "{answer}");

    // A body in time is read as always.
    let body = json!({"note": "in time"});
    let request = Request::new("POST", "/api/v0/user/tokens").bearer(&session).json(&body);
    assert_eq!(server.client().send(request).await.status, 201);
    server.stop().await;
}

#[tokio::test]
async fn a_client_that_reads_nothing_is_closed() {
    let short = |settings: &mut Settings| settings.limits.write_time = Duration::from_millis(500);
    let server = Server::start_changed(Seed::new(), short).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let requests = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100);
    let written = timeout(LIMIT, async { while stream.write_all(requests.as_bytes()).await.is_ok() {} });
    written.await.expect("the server closes the connection");
    server.stop().await;
}

#[tokio::test]
async fn heads_are_bounded() {
    let server = Server::start().await;
    let long = format!("GET /health HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n\r\n", "a".repeat(20_000));
    let many = format!("GET /health HTTP/1.1\r\n{}\r\n", "X-Many: a\r\n".repeat(100));
    for head in [long, many] {
        let answer = rest(&mut send(server.address, &head).await).await;
        assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_running_request_is_finished_when_the_server_stops() {
    let server = Server::start().await;
    let session = server.session(&server.seed.admin, &server.seed.live);
    let body = json!({"note": "late"}).to_string();
    let head = format!(
        "POST /api/v0/user/tokens HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {session}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\n\r\n",
        body.len()
    );
    let mut stream = send(server.address, &head).await;
    // The interim answer shows that the handler waits for the body.
    let mut interim = [0; 25];
    timeout(LIMIT, stream.read_exact(&mut interim)).await.unwrap().unwrap();
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    let address = server.address;
    let stopping = tokio::spawn(server.stop());
    while TcpStream::connect(address).await.is_ok() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    stream.write_all(body.as_bytes()).await.unwrap();
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    stopping.await.unwrap();
}

#[tokio::test]
async fn health_asks_neither_a_verifier_nor_the_database() {
    let server = Server::start().await;
    let token = server.token(&["all.read"], &server.seed.live).await.raw;
    let mut client = server.client();
    let get = |target: &str| Request::new("GET", target);
    for credential in [&*token, "dyn_unknown", "x,y"] {
        assert_eq!(client.send(get("/health").bearer(credential)).await.status, 200, "{credential}");
        assert_eq!(client.send(get("/ready").bearer(credential)).await.status, 200, "{credential}");
    }
    // Paths that only look like these belong to the gate, and so do other paths of no catalogue.
    for target in ["/health/", "/Health", "//health", "/%68ealth", "/health/x", "/ready/", "/metrics", "/api/v0/health"]
    {
        assert_eq!(client.send(get(target)).await.status, 401, "{target}");
    }
    assert_eq!(client.send(Request::new("POST", "/health")).await.status, 405);

    server.app.store.close().await;
    let answer = client.send(get("/health")).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"status":"ok"}"#));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let answer = client.send(get("/ready").bearer(&token)).await;
    assert_eq!((answer.status, answer.json()), (503, json!({"status": "the database does not answer"})));
    let users = format!("/api/v0/environments/{}/users", server.seed.live);
    assert_eq!(client.send(get(&users).bearer(&token)).await.status, 503, "the verifier has no database");
    server.stop().await;
}

#[tokio::test]
async fn each_answer_has_the_id_of_its_request() {
    let server = Server::start().await;
    let mut ids = Vec::new();
    for head in ["GET /health", "GET /nowhere", "POST /api/v0/user/tokens"] {
        let own = "X-Request-Id: chosen-by-the-client";
        let text = format!("{head} HTTP/1.1\r\nHost: x\r\n{own}\r\nConnection: close\r\n\r\n");
        let answer = rest(&mut send(server.address, &text).await).await;
        let (_, id) = answer.split_once("\r\nx-request-id: ").unwrap_or_else(|| panic!("{answer}"));
        ids.push(id.split('\r').next().unwrap().to_owned());
    }
    assert!(ids.iter().all(|id| uuid::Uuid::parse_str(id).is_ok()), "{ids:?}");
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 3);
    server.stop().await;
}
