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
    tokio::spawn(async { axum::serve(listener, super::app().unwrap()).await });
    tokio::task::spawn_blocking(move || tested::lines(address)).await.unwrap();
}

/// Gets the API document, which needs no token.
async fn document() -> Value {
    let request = Request::get("/openapi.json").body(Body::empty()).unwrap();
    let answer = super::app().unwrap().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), 200);
    serde_json::from_slice(&answer.into_body().collect().await.unwrap().to_bytes()).unwrap()
}

#[tokio::test]
async fn the_permit_documents_itself() {
    let document = document().await;
    let operations = &document["paths"]["/environments/{environment}/users"];
    assert_eq!(operations["get"]["security"], json!([{ "bearer": ["users.read"] }]));
    assert_eq!(operations["post"]["security"], json!([{ "bearer": ["users.write"] }]));
    let answers: Vec<_> = operations["get"]["responses"].as_object().unwrap().keys().collect();
    assert_eq!(answers, ["200", "400", "401", "403", "404", "414", "500", "503"]);
    assert_eq!(operations["get"]["responses"]["401"]["headers"]["WWW-Authenticate"]["required"], true);
    assert_eq!(document["paths"]["/me"]["get"]["security"], json!([{ "bearer": [] }]));
    assert_eq!(document["components"]["securitySchemes"]["bearer"], json!({ "type": "http", "scheme": "bearer" }));
    let shown = "<!-- scopes:begin -->\n**Public**: liveness probe\n<!-- scopes:end -->";
    assert_eq!(document["paths"]["/health"]["get"]["description"], shown);
    assert_eq!(document["paths"]["/health"]["get"]["x-scopes"]["public"], "liveness probe");
}

/// The document lists every route but its own.
#[tokio::test]
async fn the_router_serves_the_declared_routes() {
    let mut served = scopes::export::served::by_openapi(&document().await.to_string()).unwrap();
    served.push(("GET".into(), "/openapi.json".into()));
    super::api::CATALOGUE.uncovered(served).assert_empty();
}
