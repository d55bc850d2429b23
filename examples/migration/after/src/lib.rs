//! The API of `examples/migration/before` after it has adopted `scopes`.
//!
//! The catalogue in `permissions.rs` is the only list of scopes and routes. The handlers have no
//! check left: `#[requires]` names their scope, and the gate compares the account. `tests/steps`
//! goes from `before` to here step by step.

use axum::Router;
use axum::routing::get;
use scopes::axum::Gated;
use scopes::verifier_fn;

pub mod boards;
pub mod cards;
pub mod members;
mod permissions;
pub mod tokens;

pub use permissions::api;

/// The whole router.
pub fn app() -> Gated<api::Scope> {
    let router = Router::new()
        .merge(boards::routes())
        .merge(cards::routes())
        .merge(members::routes())
        .route("/api/health", get(|| async { "ok" }));
    api::gate(router).authenticate(verifier_fn(tokens::verify))
}
