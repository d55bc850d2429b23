//! Replaces items whose feature is off, so that rustc's error names the feature.
//!
//! ```compile_fail,E0277
//! scopes::scopes! { pub mod api; users.read { GET "/users"; } }
//! fn main() {
//!     api::gate(());
//! }
//! ```

/// The bound of `api::gate` without the feature `axum`. Nothing implements it.
#[diagnostic::on_unimplemented(
    message = "`gate` needs the feature `axum` of the crate `scopes`",
    label = "axum's routers are not known without it",
    note = "write `features = [\"axum\"]` at `scopes` in Cargo.toml; the gates of other frameworks are `scopes::poem::Gate` and its like, each with the feature of its name"
)]
pub trait NeedsAxum {
    /// Stands for the type of the gated router, which does not exist without the feature.
    type Gated;

    /// Stands for the body of `api::gate`, and is never called.
    fn gated(self) -> Self::Gated;
}
