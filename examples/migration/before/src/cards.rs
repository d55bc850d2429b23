//! Cards of a board.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{delete, get};

use crate::tokens::caller;

/// The routes of cards.
pub fn routes() -> Router {
    Router::new()
        .route("/api/accounts/{account}/boards/{board}/cards", get(list).post(create))
        .route("/api/accounts/{account}/boards/{board}/cards/{card}", delete(remove))
}

async fn list(Path((account, board)): Path<(String, String)>, headers: HeaderMap) -> Result<String, StatusCode> {
    let caller = caller(&headers)?;
    caller.require("cards:read")?;
    caller.in_account(&account)?;
    Ok(format!("the cards of {board}"))
}

async fn create(
    Path((account, board)): Path<(String, String)>,
    headers: HeaderMap,
    text: String,
) -> Result<String, StatusCode> {
    let caller = caller(&headers)?;
    caller.require("cards:write")?;
    caller.in_account(&account)?;
    Ok(format!("{text} is now a card of {board}"))
}

async fn remove(
    Path((account, _, card)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<String, StatusCode> {
    let caller = caller(&headers)?;
    // Mistake: a typo, so that no token can remove a card.
    caller.require("cards:wirte")?;
    caller.in_account(&account)?;
    Ok(format!("{card} is gone"))
}
