//! Rate limits: 429 with `Retry-After`, for a token, for an address, and for credentials that are
//! not good.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, reason = "other tests use the rest")]
mod common;

use core::num::NonZeroU32;
use std::time::Duration;

use common::{Client, Request, Response, Server};
use dashboard::seed::Seed;
use dashboard::settings::{Rates, Settings};
use dashboard::verifiers::TOKENS;
use scopes::tokens::TokenFormat;

async fn start(rates: Rates) -> Server {
    Server::start_changed(Seed::new(), |settings: &mut Settings| settings.rates = rates).await
}

/// Ten requests at once, and then one in six seconds.
const TEN: Option<NonZeroU32> = NonZeroU32::new(10);

fn assert_limited(response: &Response) {
    assert_eq!((response.status, response.error().as_str()), (429, "Too Many Requests"), "{response:?}");
    let seconds: u64 = response.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=7).contains(&seconds), "{response:?}");
    assert_eq!(response.header("cache-control"), Some("no-store"));
}

async fn get(client: &mut Client, target: &str, token: &str) -> Response {
    client.send(Request::new("GET", target).bearer(token)).await
}

#[tokio::test]
async fn a_token_has_a_rate_of_its_own() {
    let server = start(Rates { token: TEN, ..Rates::UNLIMITED }).await;
    let users = format!("/api/v0/environments/{}/users", server.seed.live);
    let other_tenant = format!("/api/v0/environments/{}/users", server.seed.sandbox);
    let (one, two) = (server.token(&["environment.users.read"], &server.seed.live).await, TOKENS.generate().unwrap());
    let mut client = server.client();
    // Requests that the gate denies count as well, because the token is verified for them.
    for target in [&other_tenant, &users, &users, &users, &other_tenant, &users, &users, &users, &users, &users] {
        let expected = if *target == users { 200 } else { 403 };
        assert_eq!(get(&mut client, target, &one.raw).await.status, expected);
    }
    assert_limited(&client.send_until_limited(Request::new("GET", &users).bearer(&one.raw)).await);

    // Another token of the same address is not limited, and one that is not good has no rate.
    let other = server.token(&["environment.users.read"], &server.seed.live).await;
    assert_eq!(get(&mut client, &users, &other.raw).await.status, 200);
    for _ in 0..20 {
        assert_eq!(get(&mut client, &users, two.reveal()).await.status, 401);
    }

    // The sessions of an administrator share one rate.
    for _ in 0..10 {
        let session = server.session(&server.seed.admin, &server.seed.live);
        assert_eq!(get(&mut client, "/api/v0/user/tokens", &session).await.status, 200);
    }
    let session = server.session(&server.seed.admin, &server.seed.sandbox);
    assert_limited(&client.send_until_limited(Request::new("GET", "/api/v0/user/tokens").bearer(&session)).await);
    server.stop().await;
}

#[tokio::test]
async fn an_address_has_a_rate_before_its_credentials_are_looked_at() {
    let server = start(Rates { address: TEN, ..Rates::UNLIMITED }).await;
    let users = format!("/api/v0/environments/{}/users", server.seed.live);
    let token = server.token(&["all.read"], &server.seed.live).await.raw;
    let mut client = server.client();
    for _ in 0..10 {
        assert_eq!(client.send(Request::new("GET", "/nowhere")).await.status, 401);
    }
    // Without a database the verifier would answer 503.
    server.app.store.close().await;
    for request in
        [Request::new("GET", &users).bearer(&token), Request::new("GET", "/ready"), Request::new("GET", &users)]
    {
        // Another address cannot be made up.
        assert_limited(&client.send_until_limited(request.header("X-Forwarded-For", "192.0.2.7")).await);
    }
    assert_eq!(client.send(Request::new("GET", "/health")).await.status, 200, "supervisors are not limited");
    server.stop().await;
}

#[tokio::test]
async fn credentials_that_are_not_good_have_a_rate() {
    let server = start(Rates { failures: TEN, ..Rates::UNLIMITED }).await;
    let users = format!("/api/v0/environments/{}/users", server.seed.live);
    let token = server.token(&["environment.users.read"], &server.seed.live).await.raw;
    let mut client = server.client();
    for _ in 0..30 {
        assert_eq!(get(&mut client, &users, &token).await.status, 200, "good credentials do not count");
    }
    for _ in 0..10 {
        let guessed = TOKENS.generate().unwrap();
        assert_eq!(get(&mut client, &users, guessed.reveal()).await.status, 401);
    }
    let guessed = TOKENS.generate().unwrap();
    assert_limited(&client.send_until_limited(Request::new("GET", &users).bearer(guessed.reveal())).await);
    assert_limited(&get(&mut client, &users, &token).await);
    assert_limited(&get(&mut client, "/api/v0/user/tokens", "not.a.session").await);
    server.stop().await;
}

/// A cookie with the form of a session, which no session has.
fn guessed_cookie(request: Request) -> Request {
    let session = TokenFormat::new("session_").generate().unwrap();
    request.header("Cookie", &format!("dashboard-session={}", session.reveal()))
}

#[tokio::test]
async fn guessed_sessions_of_pages_have_the_rate_of_other_credentials() {
    let server = start(Rates { failures: TEN, ..Rates::UNLIMITED }).await;
    let mut client = server.client();
    let page = || Request::new("GET", "/dashboard/developer/api");
    for _ in 0..30 {
        assert_eq!(client.send(page()).await.status, 303, "a browser without a session has guessed nothing");
    }
    for _ in 0..10 {
        let answer = client.send(guessed_cookie(page())).await;
        assert_eq!((answer.status, answer.header("location")), (303, Some("/dashboard/sign-in")));
    }
    assert_eq!(client.send_until_limited(guessed_cookie(page())).await.status, 429);
    assert_eq!(client.send(Request::new("GET", "/dashboard/sign-in")).await.status, 429);
    server.stop().await;
}

#[tokio::test]
async fn only_requests_that_read_a_file_of_the_pages_have_no_rate() {
    let server = start(Rates { address: TEN, ..Rates::UNLIMITED }).await;
    let mut client = server.client();
    let file = |method: &str| guessed_cookie(Request::new(method, "/dashboard/assets/page.css"));
    let own = |method: &str| file(method).header("Sec-Fetch-Site", "same-origin");
    for method in ["GET", "HEAD"] {
        for _ in 0..20 {
            assert_eq!(client.send(own(method)).await.status, 200);
        }
    }
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "X"] {
        for _ in 0..10 {
            let status = client.send(own(method)).await.status;
            assert!(matches!(status, 303 | 403 | 405 | 429), "{method} {status}");
        }
        assert_eq!(client.send_until_limited(own(method)).await.status, 429, "{method}");
    }
    // Without a database a verifier would answer 503.
    server.app.store.close().await;
    for method in ["GET", "HEAD"] {
        assert_eq!(client.send(file(method)).await.status, 200, "no verifier is asked about {method}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_client_that_waits_is_served_again() {
    // One in a second, which also a slow machine exceeds.
    let server = start(Rates { address: NonZeroU32::new(60), ..Rates::UNLIMITED }).await;
    let mut client = server.client();
    let refused = loop {
        let answer = client.send(Request::new("GET", "/ready")).await;
        if answer.status != 200 {
            break answer;
        }
    };
    assert_limited(&refused);
    let seconds = refused.header("retry-after").unwrap().parse().unwrap();
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    assert_eq!(client.send(Request::new("GET", "/ready")).await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn a_proxy_says_which_client_it_serves() {
    let settings = |settings: &mut Settings| {
        settings.rates = Rates { address: TEN, ..Rates::UNLIMITED };
        settings.behind_proxy = true;
    };
    let server = Server::start_changed(Seed::new(), settings).await;
    let mut client = server.client();
    let from = |address: &str| Request::new("GET", "/ready").header("X-Forwarded-For", address);
    for at in 0..10 {
        // The client has sent the first address itself.
        assert_eq!(client.send(from(&format!("198.51.100.{at}, 192.0.2.7"))).await.status, 200);
    }
    assert_limited(&client.send_until_limited(from("192.0.2.7")).await);
    assert_eq!(client.send(from("192.0.2.8")).await.status, 200);
    server.stop().await;
}
