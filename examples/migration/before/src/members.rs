//! Members of an account.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;

use crate::tokens::caller;

/// The routes of members.
pub fn routes() -> Router {
    Router::new().route("/api/accounts/{account}/members", get(list)).route("/api/me", get(me))
}

async fn list(Path(account): Path<String>, headers: HeaderMap) -> Result<String, StatusCode> {
    let caller = caller(&headers)?;
    caller.require("members:read")?;
    caller.in_account(&account)?;
    Ok(format!("the members of {account}"))
}

async fn me(headers: HeaderMap) -> Result<String, StatusCode> {
    Ok(format!("a token of {}", caller(&headers)?.account))
}
