//! Members of an account.

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use scopes::requires;

use crate::api;

/// The routes of members.
pub fn routes() -> Router {
    Router::new().route("/api/accounts/{account}/members", get(list)).route("/api/me", get(me))
}

#[requires(api::members.read)]
async fn list(Path(account): Path<String>) -> String {
    format!("the members of {account}")
}

async fn me(caller: api::Grant) -> String {
    format!("a token of {}", caller.subject().unwrap_or_default())
}
