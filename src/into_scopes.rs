//! The arguments from which a grant can be made.

use scopes_core::{Scope, ScopeSet};

/// A scope of a catalogue, or a set of its scopes.
///
/// Only the catalogue's `Scope` and its `Scopes` implement it. A text does not, because it may hold
/// names that the catalogue does not have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is neither a scope nor a set of scopes of the catalogue of `{S}`",
    label = "expected one scope, scopes that are joined with `|`, or a set of them",
    note = "a text is parsed, and may hold unknown names: `text.parse::<api::Scopes>()?`",
    note = "a list is collected: `list.into_iter().collect::<api::Scopes>()`"
)]
pub trait IntoScopes<S: Scope>: sealed::Sealed<S> {
    #[doc(hidden)]
    fn into_scopes(self) -> ScopeSet<S>;
}

impl<S: Scope> IntoScopes<S> for S {
    fn into_scopes(self) -> ScopeSet<S> {
        self.into()
    }
}

impl<S: Scope> IntoScopes<S> for ScopeSet<S> {
    fn into_scopes(self) -> Self {
        self
    }
}

mod sealed {
    use super::{Scope, ScopeSet};

    pub trait Sealed<S> {}

    impl<S: Scope> Sealed<S> for S {}
    impl<S: Scope> Sealed<S> for ScopeSet<S> {}
}
