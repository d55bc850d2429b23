//! Bounds the time that an answer may take.

use std::time::Duration;

use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use crate::wire::ErrorBody;

/// Answers 503 in place of a handler that takes too long, such as one that waits for a database
/// that was cut off. The handler ends as if its client had gone: its transaction has no effect.
pub(super) async fn limit(time: Duration, request: Request, next: Next) -> Response {
    if let Ok(response) = tokio::time::timeout(time, next.run(request)).await {
        return response;
    }
    tracing::error!("a request was given up, because its answer took too long");
    let body = axum::Json(ErrorBody::new("the answer took too long".to_owned()));
    (StatusCode::SERVICE_UNAVAILABLE, body).into_response()
}
