use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

async fn answer(path: &str, token: Option<&str>) -> (u16, Value) {
    let mut request = Request::get(path);
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let answer = super::app().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = answer.status().as_u16();
    (status, serde_json::from_slice(&answer.into_body().collect().await.unwrap().to_bytes()).unwrap())
}

#[tokio::test]
async fn the_permit_is_no_parameter() {
    let (status, document) = answer("/openapi.json", None).await;
    assert_eq!(status, 200);
    let operation = &document["paths"]["/environments/{environment}/users"]["get"];
    let names: Vec<_> =
        operation["parameters"].as_array().unwrap().iter().map(|parameter| &parameter["name"]).collect();
    assert_eq!(names, ["environment"]);
    assert_eq!(operation["security"], json!([{ "token": ["users.read"] }]));
    assert!(operation.get("requestBody").is_none(), "{operation}");
}

#[tokio::test]
async fn the_documented_handler_is_guarded() {
    let users = "/environments/E1/users";
    assert_eq!(answer(users, None).await.0, 401);
    assert_eq!(answer(users, Some("other")).await.0, 401);
    assert_eq!(answer("/environments/E2/users", Some("secret")).await.0, 403);
    assert_eq!(answer(users, Some("secret")).await, (200, json!(["ada", "nobody in E1"])));
}
