//! Extractors, and the request as a carrier.

use poem::{FromRequest, Request, RequestBody, Result};
use scopes_core::Scope;

use super::facts::Match;
use crate::auth::stored::Stored;
use crate::carrier::Carrier;
use crate::denial::Denied;
use crate::required::Required;
use crate::{Caller, Grant, Permit, check};

impl<S: Scope> Carrier<S> for Request {
    fn permit<R: Required<Scope = S>>(&self) -> Result<Permit<R>, Denied> {
        let matched = Match::of(self);
        check::permit(self.extensions(), matched.facts(self))
            .map_err(|denied| denied.with_request(self.method(), self.headers()))
    }

    fn caller(&self) -> Result<Caller<S>, Denied> {
        let matched = Match::of(self);
        check::caller(self.extensions(), matched.facts(self))
            .map_err(|denied| denied.with_request(self.method(), self.headers()))
    }
}

impl<'a, R: Required> FromRequest<'a> for Permit<R> {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        Stored::<R::Scope>::verify_late(request.extensions()).await;
        Ok(Carrier::<R::Scope>::permit(request)?)
    }
}

#[doc = include_str!("../docs/grant.md")]
impl<'a, S: Scope> FromRequest<'a> for Grant<S> {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        Stored::<S>::verify_late(request.extensions()).await;
        let matched = Match::of(request);
        let checked = check::grant(request.extensions(), matched.facts(request));
        Ok(checked.map_err(|denied| denied.with_request(request.method(), request.headers()))?)
    }
}

#[doc = include_str!("../docs/caller.md")]
impl<'a, S: Scope> FromRequest<'a> for Caller<S> {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        Stored::<S>::verify_late(request.extensions()).await;
        Ok(Carrier::<S>::caller(request)?)
    }
}
