//! What a person sees when a page cannot be shown: a page, whichever layer refuses the request. The
//! API answers the same with JSON.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, reason = "other tests use the rest")]
mod common;

use core::num::NonZeroU32;
use std::time::Duration;

use common::visitor::{NEW, TOKENS, Visitor, form, post};
use common::{Request, Response, Server};
use dashboard::page::session::one_time_code;
use dashboard::seed::Seed;
use dashboard::settings::{Rates, Settings};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Ten requests at once, and then one in six seconds.
const TEN: Option<NonZeroU32> = NonZeroU32::new(10);

fn assert_page(response: &Response, status: u16, title: &str) {
    assert_eq!(response.status, status, "{response:?}");
    assert_eq!(response.header("content-type"), Some("text/html; charset=utf-8"), "{response:?}");
    assert_eq!(response.header("cache-control"), Some("no-store"), "{response:?}");
    assert!(response.header("content-security-policy").unwrap().contains("default-src 'none'"), "{response:?}");
    assert_eq!(response.header("x-frame-options"), Some("DENY"), "{response:?}");
    assert!(response.body.contains(&format!("<h1>{title}</h1>")), "{title}: {response:?}");
    assert!(response.body.contains(r#"href="/dashboard/assets/page.css""#), "in the style of the others");
}

fn assert_too_many(response: &Response) {
    assert_page(response, 429, "Too many requests");
    let seconds = response.header("retry-after").unwrap();
    assert!(response.body.contains(&format!("Try again in {seconds} second")), "{response:?}");
}

#[tokio::test]
async fn too_many_requests_of_an_address() {
    let change = |settings: &mut Settings| settings.rates = Rates { address: TEN, ..Rates::UNLIMITED };
    let server = Server::start_changed(Seed::new(), change).await;
    let mut client = server.client();
    for _ in 0..10 {
        assert_eq!(client.send(Request::new("GET", "/dashboard/sign-in")).await.status, 200);
    }
    for target in ["/dashboard/sign-in", TOKENS, NEW, "/dashboard", "/dashboard/nothing", "/dashboard/assets/nothing"] {
        assert_too_many(&client.send_until_limited(Request::new("GET", target)).await);
    }
    assert_too_many(&client.send_until_limited(post("/dashboard/sign-in", "code=x")).await);
    // Otherwise the page would lack its style.
    for file in ["page.css", "page.js", "scopes-picker.js"] {
        assert_eq!(client.send(Request::new("GET", &format!("/dashboard/assets/{file}"))).await.status, 200, "{file}");
    }
    // The API has the same limit, and answers programs.
    let refused = client.send_until_limited(Request::new("GET", "/api/v0/user/tokens")).await;
    assert_eq!((refused.status, refused.error().as_str()), (429, "Too Many Requests"));
    server.stop().await;
}

#[tokio::test]
async fn too_many_requests_of_a_person_and_too_many_wrong_codes() {
    let change = |settings: &mut Settings| settings.rates = Rates { token: TEN, failures: TEN, address: None };
    let server = Server::start_changed(Seed::new(), change).await;
    let mut visitor = Visitor::of(&server).await;
    for _ in 0..10 {
        assert_eq!(visitor.get(TOKENS).await.status, 200);
    }
    let again = Request::new("GET", TOKENS).header("Cookie", &visitor.cookie);
    assert_too_many(&visitor.client.send_until_limited(again).await);
    for _ in 0..10 {
        let refused = server.client().send(post("/dashboard/sign-in", "code=wrong")).await;
        assert_page(&refused, 401, "Sign in");
    }
    assert_too_many(&server.client().send_until_limited(post("/dashboard/sign-in", "code=wrong")).await);
    server.stop().await;
}

#[tokio::test]
async fn requests_that_cannot_be_answered() {
    let server = Server::start().await;
    let mut visitor = Visitor::of(&server).await;
    let once = visitor.once(NEW).await;
    let large = form(&once, &"x".repeat(20_000), "7", &["environment.users.read"]);
    assert_page(&visitor.send(post(TOKENS, &large)).await, 413, "This form is too large");
    let foreign = Request::new("POST", TOKENS).header("Sec-Fetch-Site", "cross-site");
    assert_page(&visitor.send(foreign).await, 403, "Another site sent this request");
    for target in ["/dashboard/nothing", "/dashboard/assets/nothing.css"] {
        assert_page(&visitor.get(target).await, 404, "This page does not exist");
    }
    for target in ["/dashboard", "/dashboard/"] {
        let led = server.client().send(Request::new("GET", target)).await;
        assert_eq!((led.status, led.header("location")), (303, Some(TOKENS)), "{target}");
    }
    for method in ["PUT", "DELETE", "PATCH"] {
        let other = Request::new(method, TOKENS).header("Sec-Fetch-Site", "same-origin");
        let refused = visitor.send(other).await;
        assert_page(&refused, 405, "This page cannot do that");
        assert!(refused.header("allow").is_some_and(|allowed| allowed.contains("GET")), "{refused:?}");
    }
    assert_page(&visitor.get("/dashboard/%zz").await, 400, "This address cannot be read");
    assert_page(&visitor.get(&format!("{TOKENS}?after=a&after=b")).await, 400, "This form cannot be read");
    let twice = Request::new("GET", TOKENS).header("Cookie", &visitor.cookie);
    assert_page(&visitor.send(twice).await, 400, "This address cannot be read");
    server.stop().await;
}

#[tokio::test]
async fn a_server_without_its_database() {
    let server = Server::start().await;
    let mut visitor = Visitor::of(&server).await;
    let code = one_time_code(&server.app, &server.seed.admin, &server.seed.live).await.unwrap();
    server.app.store.close().await;
    assert_page(&visitor.get(TOKENS).await, 503, "The server cannot answer now");
    let failed = server.client().send(post("/dashboard/sign-in", &format!("code={code}"))).await;
    assert_page(&failed, 500, "The server has failed");
    assert_eq!(failed.header("set-cookie"), None);
    server.stop().await;
}

#[tokio::test]
async fn a_form_that_does_not_arrive() {
    let short = |settings: &mut Settings| settings.limits.body_time = Duration::from_millis(200);
    let server = Server::start_changed(Seed::new(), short).await;
    let head = "POST /dashboard/sign-in HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: same-origin\r\n\
                Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\ncode=";
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut answer)).await;
    // The server resets a connection from which it has not read everything.
    let _reset = read.expect("the server closes the connection");
    let answer = String::from_utf8(answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("\r\nconnection: close\r\n"), "{answer}");
    assert!(answer.contains("\r\ncontent-type: text/html; charset=utf-8\r\n"), "{answer}");
    assert!(answer.contains("<h1>The form did not arrive</h1>"), "{answer}");
    server.stop().await;
}
