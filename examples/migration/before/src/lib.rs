//! A small API of boards and cards as it was before it adopted `scopes`.
//!
//! Each handler checks the scopes of the caller's token itself, by strings. The document
//! `openapi.json` and the list of scopes in `tokens.rs` are written by hand. None of the three
//! agrees with the others, which the tests of `examples/migration/after` show.

use axum::Router;
use axum::routing::get;

pub mod boards;
pub mod cards;
pub mod members;
pub mod tokens;

/// The whole router.
pub fn app() -> Router {
    Router::new()
        .merge(boards::routes())
        .merge(cards::routes())
        .merge(members::routes())
        .route("/api/health", get(|| async { "ok" }))
}
