//! Whether the process lives, and whether it can serve: for the programs that supervise it, and for
//! the log.
//!
//! `/health` and `/ready` lie outside of both gates and belong to no catalogue, because they are
//! not a part of the documented API. Credentials in such a request are not looked at.

use core::convert::Infallible;
use core::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use serde_json::json;

use crate::app::App;
use crate::database::{self, Database};

/// How long the database may take for an answer to `/ready`, and then for a new connection.
const PATIENCE: Duration = Duration::from_secs(2);

/// How often the database is asked for the log.
const INTERVAL: Duration = Duration::from_secs(2);

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

/// Writes one line into the log when the database does not answer any more, with the cause, and one
/// when it answers again. The errors of requests often say only that they had to wait too long.
pub(super) async fn watch(database: &Database) -> Infallible {
    let mut is_lost = false;
    loop {
        tokio::time::sleep(INTERVAL).await;
        match database.answers(database::PATIENCE).await {
            Ok(()) if is_lost => tracing::info!("the database answers again"),
            Err(error) if !is_lost => tracing::error!(%error, "the database does not answer"),
            Ok(()) | Err(_) => continue,
        }
        is_lost = !is_lost;
    }
}
