//! Boards.

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use scopes::requires;

use crate::api;

/// The routes of boards.
pub fn routes() -> Router {
    Router::new()
        .route("/api/accounts/{account}/boards", get(list).post(create))
        .route("/api/accounts/{account}/boards/{board}", get(show))
        .route("/api/accounts/{account}/boards/{board}/export", get(export))
}

#[requires(api::boards.read)]
async fn list(Path(account): Path<String>) -> String {
    format!("the boards of {account}")
}

#[requires(api::boards.write)]
async fn create(Path(account): Path<String>, name: String) -> String {
    format!("{name} is now a board of {account}")
}

#[requires(api::boards.read)]
async fn show(Path((account, board)): Path<(String, String)>) -> String {
    format!("{board} of {account}")
}

#[requires(api::boards.read)]
async fn export(Path((account, board)): Path<(String, String)>) -> String {
    format!("{board} of {account} as a file")
}
