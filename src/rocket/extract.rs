//! Permits and grants as request guards, and the request as a carrier.

use rocket::Request;
use rocket::http::Status;
use rocket::request::{FromRequest, Outcome};
use scopes_core::Scope;

use super::facts::checked;
use super::outcomes::{Outcomes, Refused};
use crate::auth::stored::Stored;
use crate::carrier::Carrier;
use crate::check;
use crate::denial::Denied;
use crate::required::Required;
use crate::{Caller, Grant, Permit};

#[rocket::async_trait]
impl<'r, R: Required> FromRequest<'r> for Permit<R> {
    type Error = Denied;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Denied> {
        verify_late::<R::Scope>(request).await;
        outcome(request, Carrier::<R::Scope>::permit(request))
    }
}

#[doc = include_str!("../docs/grant.md")]
#[rocket::async_trait]
impl<'r, S: Scope> FromRequest<'r> for Grant<S> {
    type Error = Denied;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Denied> {
        verify_late::<S>(request).await;
        outcome(request, checked(request, check::grant))
    }
}

#[doc = include_str!("../docs/caller.md")]
#[rocket::async_trait]
impl<'r, S: Scope> FromRequest<'r> for Caller<S> {
    type Error = Denied;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Denied> {
        verify_late::<S>(request).await;
        outcome(request, checked(request, check::caller))
    }
}

impl<S: Scope> Carrier<S> for Request<'_> {
    fn permit<R: Required<Scope = S>>(&self) -> Result<Permit<R>, Denied> {
        checked(self, check::permit)
    }

    fn caller(&self) -> Result<Caller<S>, Denied> {
        checked(self, check::caller)
    }
}

/// Returns an error, never a forward, so that rocket does not try another route. The denial is kept
/// for the fairing, because catchers do not get it.
fn outcome<T>(request: &Request<'_>, checked: Result<T, Denied>) -> Outcome<T, Denied> {
    match checked {
        Ok(checked) => Outcome::Success(checked),
        Err(denied) => {
            Outcomes::of(request, |outcomes| outcomes.insert(Refused(denied.clone())));
            Outcome::Error((Status::new(denied.status().as_u16()), denied))
        }
    }
}

/// Verifies the credentials now, if the route needs no caller and the verification was postponed.
async fn verify_late<S: Scope>(request: &Request<'_>) {
    let late = Outcomes::of(request, |outcomes| Stored::<S>::unverified_in(outcomes));
    if let Some(caller) = late {
        caller.identity.verified().await;
    }
}
