//! Boards.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;

use crate::tokens::caller;

/// The routes of boards.
pub fn routes() -> Router {
    Router::new()
        .route("/api/accounts/{account}/boards", get(list).post(create))
        .route("/api/accounts/{account}/boards/{board}", get(show))
        .route("/api/accounts/{account}/boards/{board}/export", get(export))
}

async fn list(Path(account): Path<String>, headers: HeaderMap) -> Result<String, StatusCode> {
    let caller = caller(&headers)?;
    caller.require("boards:read")?;
    caller.in_account(&account)?;
    Ok(format!("the boards of {account}"))
}

async fn create(Path(account): Path<String>, headers: HeaderMap, name: String) -> Result<String, StatusCode> {
    let caller = caller(&headers)?;
    caller.require("boards:write")?;
    caller.in_account(&account)?;
    Ok(format!("{name} is now a board of {account}"))
}

async fn show(Path((account, board)): Path<(String, String)>, headers: HeaderMap) -> Result<String, StatusCode> {
    let caller = caller(&headers)?;
    caller.require("boards:read")?;
    caller.in_account(&account)?;
    Ok(format!("{board} of {account}"))
}

// Mistake: it does not compare the account.
async fn export(Path((account, board)): Path<(String, String)>, headers: HeaderMap) -> Result<String, StatusCode> {
    caller(&headers)?.require("boards:read")?;
    Ok(format!("{board} of {account} as a file"))
}
