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
use crate::database::sql;

/// How long the database may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process runs. Asks neither the database nor a verifier.
pub(super) async fn health() -> impl IntoResponse {
    ([(CACHE_CONTROL, "no-store")], Json(json!({"status": "ok"})))
}

/// The database answers.
pub(super) async fn ready(State(app): State<App>) -> impl IntoResponse {
    // A table of the program, so that a database without tables is not ready.
    let asked = app.store.database.optional(sql("SELECT name FROM secrets LIMIT 1"));
    let (status, text) = match tokio::time::timeout(PATIENCE, asked).await {
        Ok(Ok(_)) => (StatusCode::OK, "ok"),
        Ok(Err(error)) => {
            tracing::error!(%error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
        }
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer in time"),
    };
    (status, [(CACHE_CONTROL, "no-store")], Json(json!({"status": text})))
}
