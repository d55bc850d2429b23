use axum::body::Body;
use axum::http::{Request, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

async fn answer(path: &str, token: Option<&str>) -> (u16, String) {
    let mut request = Request::get(path);
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let answer = super::app().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = answer.status().as_u16();
    (status, String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap())
}

#[tokio::test]
async fn the_permit_documents_itself() {
    let (status, document) = answer("/openapi.json", None).await;
    assert_eq!(status, 200);
    let document: Value = serde_json::from_str(&document).unwrap();
    let operation = &document["paths"]["/environments/{environment}/users"]["get"];
    assert_eq!(operation["security"], json!([{ "bearer": ["all.read"] }, { "bearer": ["users.read"] }]));
    let answers: Vec<_> = operation["responses"].as_object().unwrap().keys().collect();
    assert_eq!(answers, ["200", "401", "403"]);
    assert_eq!(document["paths"]["/me"]["get"]["security"], json!([{ "bearer": [] }]));
    assert_eq!(document["components"]["securitySchemes"]["bearer"], json!({ "type": "http", "scheme": "bearer" }));
}

#[tokio::test]
async fn the_documented_handlers_are_guarded() {
    let users = "/environments/E1/users";
    assert_eq!(answer(users, None).await.0, 401);
    assert_eq!(answer("/environments/E2/users", Some("secret")).await.0, 403);
    assert_eq!(answer(users, Some("secret")).await, (200, r#"["ada in E1"]"#.to_owned()));
    assert_eq!(answer("/me", None).await.0, 401);
    assert_eq!(answer("/me", Some("secret")).await, (200, "nobody".to_owned()));
}
