//! Tests of the client with raw answers.

use std::io::Read;

use super::super::client::{Client, Outcome};
use super::*;

const LIMIT: Duration = Duration::from_secs(2);

/// The client does not take a second answer to one request for the answer to the next one.
#[test]
fn every_answer_is_that_of_its_request() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            std::thread::spawn(move || {
                let mut request = [0; 1024];
                while stream.read(&mut request).is_ok_and(|read| read > 0) {
                    let status = if request.starts_with(b"GET /first ") { "201 Created" } else { "202 Accepted" };
                    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
                    stream.write_all(answer.as_bytes()).unwrap();
                    if request.starts_with(b"GET /first ") {
                        std::thread::sleep(Duration::from_millis(20));
                        stream.write_all(b"HTTP/1.1 203 Second\r\nContent-Length: 0\r\n\r\n").unwrap();
                    }
                }
            });
        }
    });
    let mut client = Client::new(address, LIMIT, LIMIT);
    let mut status = |request: &str| match client.send(request.as_bytes(), "GET").unwrap() {
        Outcome::Answered(answer) => answer.status(),
        outcome => panic!("{outcome:?}"),
    };
    assert_eq!(status("GET /first HTTP/1.1\r\n\r\n"), 201);
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(status("GET /second HTTP/1.1\r\n\r\n"), 202);
    // The server has not read the body, so its connection is not used again, whatever the body ends
    // with.
    assert_eq!(status("POST /second HTTP/1.1\r\nContent-Length: 4\r\n\r\n\r\n\r\n"), 202);
    assert!(!client.keeps_its_connection());
}

#[test]
fn a_failure_of_grpc_is_not_a_success() {
    for (code, expected) in [(None, true), (Some("0"), true), (Some("16"), false)] {
        let headers = code.map(|code| ("grpc-status".to_owned(), code.to_owned())).into_iter().collect();
        assert_eq!(Answer { status: 200, headers, body: Vec::new() }.is_success(), expected, "{code:?}");
    }
}

#[test]
fn answers_are_bounded_and_read_to_their_end() {
    for (sent, status, body) in [
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", 200, "ok"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n1;x\r\n!\r\n0\r\n\r\n", 200, "ok!"),
        ("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", 403, ""),
        ("HTTP/1.1 204 No Content\r\n\r\n", 204, ""),
        ("HTTP/1.0 404 Not Found\r\n\r\nuntil the end", 404, "until the end"),
        // The status line arrived, so a handler has run, even if the rest is missing.
        ("HTTP/1.1 200 OK\r\nContent-Type: te", 200, ""),
        ("HTTP/1.1 200\r\n\r\nshort", 200, "short"),
        ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 5\r\n\r\nshort", 200, "short"),
        ("HTTP/1.1 100 Continue\r\nNever:", 0, ""),
        ("HTTP/1.1 70000 OK\r\n\r\n", 0, ""),
        ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", 200, "short"),
        ("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nshort", 200, "short"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n9\r\nshort", 200, "okshort"),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno chunk\r\n", 200, ""),
        ("HTTP/1.1 101 Switching Protocols\r\n\r\n\x01\x02", 101, ""),
        ("nothing of HTTP\r\n\r\n", 0, ""),
        ("", 0, ""),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut request = [0; 64];
            let _ = stream.read(&mut request);
            stream.write_all(sent.as_bytes()).unwrap();
        });
        let outcome = Client::new(address, LIMIT, LIMIT).send(b"GET / HTTP/1.1\r\n\r\n", "GET").unwrap();
        let answer = if let Outcome::Answered(answer) = outcome { answer } else { Answer::default() };
        assert_eq!((answer.status(), &*String::from_utf8_lossy(answer.body())), (status, body), "{sent:?}");
        server.join().unwrap();
    }
}

/// A server for one connection: reads the request, then calls the function.
fn once(answer: impl FnOnce(&mut TcpStream) + Send + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 64]);
        answer(&mut stream);
    });
    address
}

fn asked_once(client: &mut Client, method: &str) -> Answer {
    match client.send(format!("{method} / HTTP/1.1\r\n\r\n").as_bytes(), method).unwrap() {
        Outcome::Answered(answer) => answer,
        outcome => panic!("{outcome:?}"),
    }
}

/// An answer counts even if it has more headers than the client reads.
#[test]
fn headers_without_end_are_cut() {
    let address = once(|stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nX-Handler: it\r\n");
        // One long line, then more lines without end.
        for piece in std::iter::once("X-Long: long".repeat(1_000)).chain(std::iter::repeat("\r\nX: y".repeat(1_000))) {
            if stream.write_all(piece.as_bytes()).is_err() {
                return;
            }
        }
    });
    let answer = asked_once(&mut Client::new(address, LIMIT, LIMIT), "GET");
    assert_eq!((answer.status(), answer.header("x-handler")), (200, Some("it")));
    let size: usize = answer.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    assert!(size <= 64 * 1024 && answer.body().len() <= 256 * 1024, "{size}");
}

/// The client does not wait long for a body that it does not need. For other bodies the normal
/// limit applies.
#[test]
fn bodies_without_end_are_not_waited_for() {
    let slow = |stream: &mut TcpStream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n");
        std::thread::sleep(LIMIT * 2);
    };
    for (method, limit, at_least) in [("GET", 50, 50), ("GET", 400, 400), ("OPTIONS", 50, 2_900)] {
        let mut client = Client::new(once(slow), Duration::from_secs(3), Duration::from_millis(limit));
        let started = std::time::Instant::now();
        let answer = asked_once(&mut client, method);
        assert_eq!((answer.status(), answer.body()), (200, &b"data: 1\n"[..]));
        assert!(started.elapsed() >= Duration::from_millis(at_least), "{method}: {:?}", started.elapsed());
        assert!(method == "OPTIONS" || started.elapsed() < Duration::from_millis(2_500), "{:?}", started.elapsed());
        assert!(!client.keeps_its_connection());
    }
}

/// Servers may or may not treat `head` like `HEAD`.
#[test]
fn a_head_in_other_case_may_have_no_body() {
    let announced = |stream: &mut TcpStream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        std::thread::sleep(LIMIT * 2);
    };
    for (method, is_kept) in [("HEAD", true), ("head", false), ("Head", false)] {
        let mut client = Client::new(once(announced), LIMIT, LIMIT);
        let started = std::time::Instant::now();
        assert_eq!(asked_once(&mut client, method).status(), 200);
        assert!(started.elapsed() < LIMIT / 2, "{method}: {:?}", started.elapsed());
        assert_eq!(client.keeps_its_connection(), is_kept, "{method}");
    }
}

/// A server takes a request slowly, piece by piece, each in time. The limit still applies to the
/// whole.
#[test]
fn writing_ends_in_time() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut piece = vec![0; 256 * 1024];
        while stream.read(&mut piece).is_ok_and(|read| read > 0) {
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    let limit = Duration::from_millis(300);
    let started = std::time::Instant::now();
    let outcome = Client::new(address, limit, limit).send(&vec![b'x'; 64 << 20], "POST").unwrap();
    assert!(matches!(outcome, Outcome::Silent), "{outcome:?}");
    assert!(started.elapsed() < limit * 10, "{:?}", started.elapsed());
}

/// A limit that is too large for a clock.
#[test]
fn the_longest_limit() {
    let address = once(|stream| stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap());
    assert_eq!(asked_once(&mut Client::new(address, Duration::MAX, Duration::MAX), "GET").status(), 204);
}
