//! Extractors, and the request as a carrier.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use scopes_core::Scope;

use super::facts::checked;
use crate::carrier::Carrier;
use crate::check;
use crate::denial::Denied;
use crate::required::Required;
use crate::{Caller, Grant, Permit};

/// The permit is ready at once. actix-web polls all extractors of a handler together, so if this
/// one had to wait, the others could read the body meanwhile.
impl<R: Required> FromRequest for Permit<R> {
    type Error = Denied;
    type Future = Ready<Result<Self, Denied>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Carrier::<R::Scope>::permit(request))
    }
}

#[doc = include_str!("../docs/grant.md")]
impl<S: Scope> FromRequest for Grant<S> {
    type Error = Denied;
    type Future = Ready<Result<Self, Denied>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(checked::<S, _>(request, check::grant))
    }
}

#[doc = include_str!("../docs/caller.md")]
impl<S: Scope> FromRequest for Caller<S> {
    type Error = Denied;
    type Future = Ready<Result<Self, Denied>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(checked::<S, _>(request, check::caller))
    }
}

impl<S: Scope> Carrier<S> for HttpRequest {
    fn permit<R: Required<Scope = S>>(&self) -> Result<Permit<R>, Denied> {
        checked::<S, _>(self, check::permit)
    }

    fn caller(&self) -> Result<Caller<S>, Denied> {
        checked::<S, _>(self, check::caller)
    }
}
