//! `api::gate(router).authenticate(..)`: one layer, in any order with other layers.

use axum::extract::Request as AxumRequest;
use axum::middleware::{Next, from_fn};
use http::Method;

use super::*;

const USERS: &str = "/api/environments/e1/users";

/// A layer that changes the method of some requests.
async fn post_as_get(mut request: AxumRequest, next: Next) -> axum::response::Response {
    if request.headers().contains_key("x-method") {
        *request.method_mut() = Method::GET;
    }
    next.run(request).await
}

#[tokio::test]
async fn a_verifier_or_a_layer_authenticates() {
    let verifier = verifier_fn(|token: String| async move {
        Ok((token == "reader").then(|| Grant::new(api::Scope::UsersRead).for_any_tenant()))
    });
    let of_verifier = api::gate(router()).authenticate(verifier);
    let of_layer = api::gate(router()).authenticate(Authenticate::new(verifier));
    let as_layer = api::gate(router()).layer(Authenticate::new(verifier));
    // The last one counts.
    let replaced = api::gate(router()).authenticate(tokens::AcceptsAll).authenticate(verifier);
    for app in [of_verifier, of_layer, as_layer, replaced] {
        assert_eq!(status(&app, "GET", USERS, "reader").await, 200);
        assert_eq!(status(&app, "GET", USERS, "other").await, 401);
        assert_eq!(status(&app, "GET", USERS, "").await, 401);
    }
}

/// If there are two layers of one catalogue, the inner one counts. The layer that was added first
/// is the inner one.
#[tokio::test]
async fn a_second_layer_lies_outside() {
    let inner = api::gate(router()).layer(authenticate()).layer(Authenticate::<api::Scope>::new(tokens::AcceptsAll));
    assert_eq!(status(&inner, "GET", USERS, "unknown").await, 401);
    assert_eq!(status(&inner, "GET", USERS, "reader").await, 200);
}

#[tokio::test]
async fn a_layer_outside_that_changes_the_method_is_refused() {
    let gated = || api::gate(router());
    for app in [
        gated().authenticate(authenticate()).layer(from_fn(post_as_get)),
        gated().layer(from_fn(post_as_get)).authenticate(authenticate()),
        gated().layer(authenticate()).layer(from_fn(post_as_get)),
        gated().layer(from_fn(post_as_get)).layer(authenticate()),
    ] {
        let mut changed = request("POST", USERS, "all");
        changed.headers_mut().insert("x-method", "GET".parse().unwrap());
        assert_eq!(send(&app, changed).await.status(), 404);
        assert_eq!(status(&app, "POST", USERS, "reader").await, 403);
        assert_eq!(status(&app, "GET", USERS, "reader").await, 200);
    }
}

/// A layer inside of the gate may change the method between the gate and the handler.
#[tokio::test]
async fn a_layer_inside_that_changes_the_method_is_refused() {
    let app = api::gate(router().layer(from_fn(post_as_get))).authenticate(authenticate());
    let mut changed = request("POST", USERS, "writer");
    changed.headers_mut().insert("x-method", "GET".parse().unwrap());
    assert_eq!(send(&app, changed).await.status(), 404);
    assert_eq!(status(&app, "GET", USERS, "reader").await, 200);
}

#[tokio::test]
async fn axum_serves_it() {
    let app = api::gate(router()).authenticate(authenticate());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, app).await });
    let answer = tokio::task::spawn_blocking(move || {
        use std::io::{Read, Write};
        let mut stream = std::net::TcpStream::connect(address).unwrap();
        write!(stream, "GET {USERS} HTTP/1.1\r\nhost: h\r\nauthorization: Bearer reader\r\nconnection: close\r\n\r\n")
            .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    });
    assert!(answer.await.unwrap().starts_with("HTTP/1.1 200 "));
    server.abort();
}
