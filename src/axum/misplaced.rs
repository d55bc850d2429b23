//! Methods that belong on the router, for compile errors if they are called on the gated one.
//!
//! A [`Gated`] router has no usable `route` and `with_state` on purpose. If the methods did not
//! exist, rustc would suggest one with a similar name (`with_gate` for `with_state`), which
//! misleads. So they exist but cannot be called, because no type implements their bound.

use scopes_core::Scope;

use super::Gated;

/// A gated router to which routes can be added inside of its gate. No type implements it.
#[diagnostic::on_unimplemented(
    message = "nothing can be added inside of the gate",
    label = "write this call within the parentheses of `gate(..)`, after the router"
)]
#[doc(hidden)]
pub trait Open {}

#[doc(hidden)]
impl<S: Scope> Gated<S> {
    pub fn route<Path, Handler>(self, _: Path, _: Handler) -> Self
    where
        Self: Open,
    {
        self
    }

    pub fn route_service<Path, Service>(self, _: Path, _: Service) -> Self
    where
        Self: Open,
    {
        self
    }

    pub fn route_layer<Layer>(self, _: Layer) -> Self
    where
        Self: Open,
    {
        self
    }

    pub fn nest<Path, Router>(self, _: Path, _: Router) -> Self
    where
        Self: Open,
    {
        self
    }

    pub fn nest_service<Path, Service>(self, _: Path, _: Service) -> Self
    where
        Self: Open,
    {
        self
    }

    pub fn merge<Router>(self, _: Router) -> Self
    where
        Self: Open,
    {
        self
    }

    pub fn fallback<Handler>(self, _: Handler) -> Self
    where
        Self: Open,
    {
        self
    }

    pub fn fallback_service<Service>(self, _: Service) -> Self
    where
        Self: Open,
    {
        self
    }

    pub fn with_state<State>(self, _: State) -> Self
    where
        Self: Open,
    {
        self
    }
}
