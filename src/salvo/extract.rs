//! Extractors, and the request as a carrier.

use salvo_core::extract::Metadata;
use salvo_core::{Depot, Extractible, Request};
use scopes_core::Scope;

use super::facts::Match;
use crate::carrier::Carrier;
use crate::denial::Denied;
use crate::required::Required;
use crate::{Grant, Permit, check};

impl<S: Scope> Carrier<S> for Request {
    fn permit<R: Required<Scope = S>>(&self) -> Result<Permit<R>, Denied> {
        check::permit(self.extensions(), Match::of(self).facts(self))
    }
}

impl<'ex, R: Required> Extractible<'ex> for Permit<R> {
    fn metadata() -> &'static Metadata {
        static METADATA: Metadata = Metadata::new("Permit");
        &METADATA
    }

    #[allow(refining_impl_trait, reason = "the extractor's error is part of its interface")]
    async fn extract(request: &'ex mut Request, _: &'ex mut Depot) -> Result<Self, Denied> {
        Carrier::<R::Scope>::permit(request)
    }
}

/// The caller of a route that needs no permit, `authenticated` ones above all. The grant must be good for the route all the
/// same, so that a forgotten permit opens nothing; on a route that demands scopes it is a 500 without a permit before it or a gate in
/// front.
impl<'ex, S: Scope> Extractible<'ex> for Grant<S> {
    fn metadata() -> &'static Metadata {
        static METADATA: Metadata = Metadata::new("Grant");
        &METADATA
    }

    #[allow(refining_impl_trait, reason = "the extractor's error is part of its interface")]
    async fn extract(request: &'ex mut Request, _: &'ex mut Depot) -> Result<Self, Denied> {
        check::grant(request.extensions(), Match::of(request).facts(request))
    }
}
