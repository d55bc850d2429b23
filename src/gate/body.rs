//! Bodies of denials, for tower services with a body type of their own.

use std::fmt;

use scopes_core::Scope;

use super::{FromString, Gate};

/// Makes the body of a denial for a service's type of response body.
pub trait DenyBody<R>: Clone + Send + Sync + 'static {
    /// Makes a body with this text.
    fn body(&self, text: String) -> R;
}

impl<R: From<String>> DenyBody<R> for FromString {
    fn body(&self, text: String) -> R {
        R::from(text)
    }
}

/// Makes bodies of denials with a function: [`Gate::body_with`].
pub struct BodyWith<R>(fn(String) -> R);

impl<S: Scope, D> Gate<S, D> {
    /// Makes the bodies of denials with a function, for response bodies that are not
    /// `From<String>`.
    pub fn body_with<R>(self, body: fn(String) -> R) -> Gate<S, BodyWith<R>> {
        Gate { enforcement: self.enforcement, body: BodyWith(body) }
    }
}

impl<R: 'static> DenyBody<R> for BodyWith<R> {
    fn body(&self, text: String) -> R {
        (self.0)(text)
    }
}

impl<R> Clone for BodyWith<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for BodyWith<R> {}

impl<R> fmt::Debug for BodyWith<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BodyWith(..)")
    }
}
