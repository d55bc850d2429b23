//! Whether the process lives, and whether it can serve: for the programs that supervise it.
//!
//! These paths lie outside of both gates and belong to no catalogue, because they are not a part of
//! the documented API. Credentials in such a request are not looked at.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use serde_json::json;

use crate::app::App;

/// How long the database may take for an answer, and then for a new connection.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process runs. Asks neither the database nor a verifier.
pub(super) async fn health() -> impl IntoResponse {
    ([(CACHE_CONTROL, "no-store")], Json(json!({"status": "ok"})))
}

/// The database answers.
pub(super) async fn ready(State(app): State<App>) -> impl IntoResponse {
    // The log has the cause already: see `watch`.
    let (status, text) = match app.store.database.answers(PATIENCE).await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer"),
    };
    (status, [(CACHE_CONTROL, "no-store")], Json(json!({"status": text})))
}
