//! What stands for items whose feature is off, so that rustc says which feature it is.
//!
//! ```compile_fail,E0277
//! scopes::scopes! { pub mod api; users.read { GET "/users"; } }
//! fn main() {
//!     api::gate(());
//! }
//! ```

/// What `api::gate` takes without the feature `axum`: nothing implements it.
#[diagnostic::on_unimplemented(
    message = "`gate` needs the feature `axum` of the crate `scopes`",
    label = "axum's routers are not known without it",
    note = "write `features = [\"axum\"]` at `scopes` in Cargo.toml; the gates of other frameworks are `scopes::poem::Gate` and its like, each with the feature of its name"
)]
pub trait NeedsAxum {
    /// The gated router, which there is none of.
    type Gated;

    /// Returns what `api::gate` would, and is never called.
    fn gated(self) -> Self::Gated;
}
