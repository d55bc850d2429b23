//! The tests of the API itself: the same file before and after, because adopting `scopes` must not
//! change what clients see.

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use tower::ServiceExt;

/// Method, path, token, status, and the body of a success.
type Case = (&'static str, &'static str, &'static str, u16, &'static str);

const CASES: [Case; 21] = [
    ("GET", "/api/health", "", 200, "ok"),
    ("GET", "/api/me", "reader", 200, "a token of A1"),
    ("GET", "/api/me", "", 401, ""),
    ("GET", "/api/me", "unknown", 401, ""),
    ("GET", "/api/accounts/A1/boards", "reader", 200, "the boards of A1"),
    ("GET", "/api/accounts/A1/boards", "other", 403, ""),
    ("GET", "/api/accounts/A2/boards", "other", 200, "the boards of A2"),
    ("GET", "/api/accounts/A1/boards", "", 401, ""),
    ("GET", "/api/accounts/A1/boards/b1", "reader", 200, "b1 of A1"),
    ("GET", "/api/accounts/A1/boards/b1/export", "reader", 200, "b1 of A1 as a file"),
    ("POST", "/api/accounts/A1/boards", "writer", 200, "plan is now a board of A1"),
    ("POST", "/api/accounts/A1/boards", "reader", 403, ""),
    ("GET", "/api/accounts/A1/boards/b1/cards", "reader", 200, "the cards of b1"),
    ("GET", "/api/accounts/A1/boards/b1/cards", "admin", 403, ""),
    ("POST", "/api/accounts/A1/boards/b1/cards", "writer", 200, "plan is now a card of b1"),
    ("POST", "/api/accounts/A1/boards/b1/cards", "bot", 200, "plan is now a card of b1"),
    ("POST", "/api/accounts/A1/boards/b1/cards", "reader", 403, ""),
    ("DELETE", "/api/accounts/A1/boards/b1/cards/c1", "reader", 403, ""),
    ("GET", "/api/accounts/A1/members", "admin", 200, "the members of A1"),
    ("GET", "/api/accounts/A1/members", "writer", 403, ""),
    ("GET", "/api/accounts/A1/members", "", 401, ""),
];

/// Status and body of the answer of any tower service.
pub(crate) async fn ask<S, B>(app: S, method: &str, path: &str, token: &str) -> (u16, String)
where
    S: tower::Service<Request<Body>, Response = axum::http::Response<B>, Error = std::convert::Infallible>,
    B: axum::body::HttpBody<Error: std::fmt::Debug>,
{
    let mut request = Request::builder().method(method).uri(path);
    if !token.is_empty() {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let body = if method == "POST" { Body::from("plan") } else { Body::empty() };
    let answer = app.oneshot(request.body(body).expect("a request")).await.expect("an answer");
    let status = answer.status().as_u16();
    let body = answer.into_body().collect().await.expect("a body").to_bytes();
    (status, String::from_utf8_lossy(&body).into_owned())
}

/// Checks all answers of an app.
pub(crate) async fn answers<S, B>(app: S)
where
    S: tower::Service<Request<Body>, Response = axum::http::Response<B>, Error = std::convert::Infallible> + Clone,
    B: axum::body::HttpBody<Error: std::fmt::Debug>,
{
    for (method, path, token, status, body) in CASES {
        let (found, text) = ask(app.clone(), method, path, token).await;
        assert_eq!(found, status, "{method} {path} with `{token}`");
        if status == 200 {
            assert_eq!(text, body, "{method} {path} with `{token}`");
        }
    }
}
