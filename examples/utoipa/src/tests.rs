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
    assert!(operation.get("requestBody").is_none(), "{operation}");
}

#[tokio::test]
async fn the_catalogue_says_what_an_operation_needs() {
    let document = document().await;
    let operations = &document["paths"]["/environments/{environment}/users"];
    assert_eq!(operations["get"]["security"], json!([{ "bearer": ["users.read"] }]));
    assert_eq!(operations["post"]["security"], json!([{ "bearer": ["users.write"] }]));
    assert_eq!(
        operations["get"]["description"],
        "<!-- scopes:begin -->\n**Required scope**: `users.read`; the token must be good for `environment`\n\
         <!-- scopes:end -->"
    );
    let answers: Vec<_> = operations["get"]["responses"].as_object().unwrap().keys().collect();
    assert_eq!(answers, ["200", "400", "401", "403", "404", "414", "500", "503"]);
    let refused = &operations["get"]["responses"]["401"];
    assert!(refused["headers"]["WWW-Authenticate"].is_object() && refused["content"]["application/json"].is_object());
    assert_eq!(operations["get"]["x-scopes"]["any_of"], json!([["users.read"]]));
    assert_eq!(document["x-scopes"]["tenant"], "environment");
    assert_eq!(document["components"]["securitySchemes"]["bearer"], json!({ "type": "http", "scheme": "bearer" }));
}
