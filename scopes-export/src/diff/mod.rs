//! The semantic difference of two catalogues: which requests are answered differently.
//!
//! [`diff`] compares verdicts and not texts. It divides all requests into finitely many classes.
//! Within a class each catalogue finds one route. For each class `diff` looks for the smallest
//! caller that only one catalogue allows. Each difference has two axes:
//!
//! - *widening*: some request (a method, path, grant and tenant) was denied and is now allowed;
//! - *breaking*: some request was allowed and is now denied.
//!
//! One change can be both, such as another scope for a route. A grant is a set of names that the
//! old catalogue knows: a token that was issued before the change. So a new scope with new routes
//! is neither, but a route that an old scope gains is a widening.
//!
//! What a catalogue leaves to others counts as well. An `external` route allows the callers whom
//! the check outside of the catalogue lets pass. An `unbound` route allows the callers whom the
//! handler finds to be the owner. So a change from `unbound` to `global` is a widening. Two things
//! are not compared: what the application grants to anonymous callers, and how routers other than
//! the catalogue's own matcher read a path.
//!
//! ```
//! use scopes_core::UntypedCatalogue;
//! use scopes_export::diff::{Level, diff};
//!
//! let catalogue = |scope| UntypedCatalogue::from_json(&format!(
//!     r#"{{"name": "api", "scopes": [
//!         {{"scope": "users.read", "routes": [["GET", "/users/{{id}}"]]}},
//!         {{"scope": "users.write", "routes": []}},
//!         {{"scope": "me.read", "routes": {scope}}}
//!     ]}}"#
//! ));
//! let (old, new) = (catalogue("[]")?, catalogue(r#"[["GET", "/users/me"]]"#)?);
//! let difference = diff(&old, &new)?;
//! let finding = &difference.findings()[0];
//! assert_eq!(finding.level(), Level::Widening);
//! assert_eq!(finding.widening().unwrap().to_string(), "GET /users/me with `me.read`");
//! assert_eq!(finding.breaking().unwrap().to_string(), "GET /users/me with `users.read`");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use scopes_core::UntypedCatalogue;

mod allows;
mod both;
mod census;
mod compare;
mod demand;
mod effect;
mod finding;
mod names;
mod notes;
mod rules;
mod segments;
mod trie;
mod walk;

pub use census::Token;
pub(crate) use finding::Subject;
pub use finding::{Caller, Diff, Effect, Finding, Level, TooComplex};
pub use rules::Rule;

/// Compares two catalogues.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// use scopes_export::diff::diff;
///
/// let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "/users/{id}");
/// let old = UntypedCatalogue::from_declaration(&declaration)?;
/// declaration.scope("users.write").route("PUT", "/users/{id}");
/// let new = UntypedCatalogue::from_declaration(&declaration)?;
/// // No token that was issued before can hold the new scope.
/// let rules: Vec<_> = diff(&old, &new)?.findings().iter().map(|finding| finding.rule().id()).collect();
/// assert_eq!(rules, ["scope-added", "route-added"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the comparison would take too long; then nothing is known.
pub fn diff(old: &UntypedCatalogue, new: &UntypedCatalogue) -> Result<Diff, TooComplex> {
    compare::compare(old, new, &[])
}

/// Like [`diff`], but tokens may also hold names that the old catalogue had before and does not
/// know any more. These names open nothing in the old catalogue. A lock file has them:
/// [`Lock::removed`](crate::lock::Lock::removed).
///
/// ```
/// use scopes_export::{diff::diff_with_removed, json::from_json};
///
/// let old = from_json(r#"{"name": "api"}"#)?;
/// let new = from_json(r#"{"name": "api", "scopes": [{"scope": "users.read", "routes": [["GET", "/users"]]}]}"#)?;
/// let found = diff_with_removed(&old, &new, &["users.read"])?;
/// assert_eq!(found.findings()[0].widening().unwrap().to_string(), "GET /users with `users.read`");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Those of [`diff`].
pub fn diff_with_removed(old: &UntypedCatalogue, new: &UntypedCatalogue, removed: &[&str]) -> Result<Diff, TooComplex> {
    compare::compare(old, new, removed)
}
