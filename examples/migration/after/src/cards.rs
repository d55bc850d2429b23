//! Cards of a board.

use axum::Router;
use axum::extract::Path;
use axum::routing::{delete, get};
use scopes::requires;

use crate::api;

/// The routes of cards.
pub fn routes() -> Router {
    Router::new()
        .route("/api/accounts/{account}/boards/{board}/cards", get(list).post(create))
        .route("/api/accounts/{account}/boards/{board}/cards/{card}", delete(remove))
}

#[requires(api::cards.read)]
async fn list(Path((_, board)): Path<(String, String)>) -> String {
    format!("the cards of {board}")
}

#[requires(api::cards.write)]
async fn create(Path((_, board)): Path<(String, String)>, text: String) -> String {
    format!("{text} is now a card of {board}")
}

#[requires(api::cards.write)]
async fn remove(Path((_, _, card)): Path<(String, String, String)>) -> String {
    format!("{card} is gone")
}
