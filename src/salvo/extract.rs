//! Extractors, and the request as a carrier.

use salvo_core::extract::Metadata;
use salvo_core::{Depot, Extractible, Request};
use scopes_core::Scope;

use super::facts::Match;
use crate::auth::stored::Stored;
use crate::carrier::Carrier;
use crate::denial::Denied;
use crate::required::Required;
use crate::{Caller, Grant, Permit, check};

impl<S: Scope> Carrier<S> for Request {
    fn permit<R: Required<Scope = S>>(&self) -> Result<Permit<R>, Denied> {
        check::permit(self.extensions(), Match::of(self).facts(self))
            .map_err(|denied| denied.with_request(self.method(), self.headers()))
    }

    fn caller(&self) -> Result<Caller<S>, Denied> {
        check::caller(self.extensions(), Match::of(self).facts(self))
            .map_err(|denied| denied.with_request(self.method(), self.headers()))
    }
}

impl<'ex, R: Required> Extractible<'ex> for Permit<R> {
    fn metadata() -> &'static Metadata {
        static METADATA: Metadata = Metadata::new("Permit");
        &METADATA
    }

    #[allow(refining_impl_trait, reason = "the extractor's error is part of its interface")]
    async fn extract(request: &'ex mut Request, _: &'ex mut Depot) -> Result<Self, Denied> {
        Stored::<R::Scope>::verify_late(request.extensions()).await;
        Carrier::<R::Scope>::permit(request)
    }
}

#[doc = include_str!("../docs/grant.md")]
impl<'ex, S: Scope> Extractible<'ex> for Grant<S> {
    fn metadata() -> &'static Metadata {
        static METADATA: Metadata = Metadata::new("Grant");
        &METADATA
    }

    #[allow(refining_impl_trait, reason = "the extractor's error is part of its interface")]
    async fn extract(request: &'ex mut Request, _: &'ex mut Depot) -> Result<Self, Denied> {
        Stored::<S>::verify_late(request.extensions()).await;
        check::grant(request.extensions(), Match::of(request).facts(request))
            .map_err(|denied| denied.with_request(request.method(), request.headers()))
    }
}

#[doc = include_str!("../docs/caller.md")]
impl<'ex, S: Scope> Extractible<'ex> for Caller<S> {
    fn metadata() -> &'static Metadata {
        static METADATA: Metadata = Metadata::new("Caller");
        &METADATA
    }

    #[allow(refining_impl_trait, reason = "the extractor's error is part of its interface")]
    async fn extract(request: &'ex mut Request, _: &'ex mut Depot) -> Result<Self, Denied> {
        Stored::<S>::verify_late(request.extensions()).await;
        Carrier::<S>::caller(request)
    }
}
