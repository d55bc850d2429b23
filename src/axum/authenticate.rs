//! The authentication of a gated router.

use scopes_core::Scope;

use crate::auth::authenticate::Authenticate;
use crate::auth::verifier::Verifier;

/// A type that [`Gated::authenticate`](super::Gated::authenticate) takes: [`Authenticate`], or a
/// [`Verifier`] of bearer tokens, which gets the default settings.
///
/// The second parameter only distinguishes the two. The compiler finds it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not verify tokens for `{S}`",
    note = "implement `Verifier<{S}>`, or wrap a closure: `verifier_fn(|token: String| async move {{ .. }})`"
)]
pub trait IntoAuthenticate<S: Scope, Kind> {
    #[doc(hidden)]
    fn into_authenticate(self) -> Authenticate<S>;
}

/// The kind of [`IntoAuthenticate`] that has its own settings.
#[doc(hidden)]
#[derive(Debug)]
pub enum WithSettings {}

/// The kind of [`IntoAuthenticate`] that gets the default settings.
#[doc(hidden)]
#[derive(Debug)]
pub enum OfVerifier {}

impl<S: Scope> IntoAuthenticate<S, WithSettings> for Authenticate<S> {
    fn into_authenticate(self) -> Self {
        self
    }
}

impl<S: Scope, V: Verifier<S>> IntoAuthenticate<S, OfVerifier> for V {
    fn into_authenticate(self) -> Authenticate<S> {
        Authenticate::new(self)
    }
}
