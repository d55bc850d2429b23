//! Sends the lines of `try.txt`, and checks the API document.

#[path = "../../tested.rs"]
mod tested;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

#[tokio::test]
async fn the_lines_to_try_say_what_is_answered() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, super::app()).await });
    tokio::task::spawn_blocking(move || tested::lines(address)).await.unwrap();
}

/// Gets the API document, which needs no token.
async fn document() -> Value {
    let request = Request::get("/openapi.json").body(Body::empty()).unwrap();
    let answer = super::app().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), 200);
    serde_json::from_slice(&answer.into_body().collect().await.unwrap().to_bytes()).unwrap()
}

#[tokio::test]
async fn the_permit_is_not_a_parameter() {
    let document = document().await;
    let operation = &document["paths"]["/environments/{environment}/users"]["get"];
    let names: Vec<_> =
        operation["parameters"].as_array().unwrap().iter().map(|parameter| &parameter["name"]).collect();
    assert_eq!(names, ["environment"]);
    assert_eq!(operation["security"], json!([{ "token": ["users.read"] }]));
    assert!(operation.get("requestBody").is_none(), "{operation}");
}

/// The document lists the routes that `Documented` names. The others are the ones without an
/// attribute of utoipa.
#[tokio::test]
async fn the_document_has_no_route_that_is_not_declared() {
    let served = scopes::export::served::by_openapi(&document().await.to_string()).unwrap();
    assert_eq!(served.len(), 3);
    let found = super::api::CATALOGUE.uncovered(served);
    assert_eq!(found.undeclared().len(), 0, "{found}");
    let undocumented: Vec<String> = found.unserved().map(|route| route.template()).collect();
    assert_eq!(undocumented, ["/me", "/health", "/openapi.json"]);
}
