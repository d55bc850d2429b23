//! Permits and grants as request guards, and the request as a carrier.

use std::borrow::Cow;

use http::{Extensions, Method};
use rocket::Request;
use rocket::http::Status;
use rocket::request::{FromRequest, Outcome};
use scopes_core::Scope;

use super::authenticate::{Outcomes, Refused};
use super::facts::template;
use crate::carrier::Carrier;
use crate::check;
use crate::denial::Denied;
use crate::request::facts::{Facts, UNROUTED};
use crate::required::Required;
use crate::{Grant, Permit};

#[rocket::async_trait]
impl<'r, R: Required> FromRequest<'r> for Permit<R> {
    type Error = Denied;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Denied> {
        outcome(request, Carrier::<R::Scope>::permit(request))
    }
}

/// The caller of a route that needs no permit, `authenticated` ones above all. The grant must be good for the route all the
/// same, so that a forgotten permit opens nothing; on a route that demands scopes it is a 500 without a permit before it, since
/// nobody knows then which handler this is.
#[rocket::async_trait]
impl<'r, S: Scope> FromRequest<'r> for Grant<S> {
    type Error = Denied;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, Denied> {
        outcome(request, checked(request, check::grant))
    }
}

impl<S: Scope> Carrier<S> for Request<'_> {
    fn permit<R: Required<Scope = S>>(&self) -> Result<Permit<R>, Denied> {
        checked(self, check::permit)
    }
}

/// An error, never a forward: no other route is tried. The denial is left for the fairing, since catchers do not get it.
fn outcome<T>(request: &Request<'_>, checked: Result<T, Denied>) -> Outcome<T, Denied> {
    match checked {
        Ok(checked) => Outcome::Success(checked),
        Err(denied) => {
            Outcomes::of(request, |outcomes| outcomes.insert(Refused(denied.clone())));
            Outcome::Error((Status::new(denied.status().as_u16()), denied))
        }
    }
}

/// Tells the check what rocket knows of the request.
fn checked<T>(
    request: &Request<'_>,
    check: impl FnOnce(&Extensions, Facts<'_>) -> Result<T, Denied>,
) -> Result<T, Denied> {
    let uri = request.uri();
    let raw_target = raw_target(request);
    // A fairing may have set a method that nothing was routed by.
    let route = request.route().filter(|route| route.method == request.method());
    let method = route.map_or(request.method(), |route| route.method);
    let method = self::method(method);
    let template = route.and_then(|route| template(route.uri.path()));
    let template = template.as_deref().unwrap_or(UNROUTED);
    let facts = Facts::new(&method, &raw_target).with_template(template);
    let facts = if drops_segments(uri.path().as_str(), template) { facts.misread() } else { facts };
    Outcomes::of(request, |outcomes| check(outcomes, facts))
}

/// Path and query, as they were sent.
pub(super) fn method(method: rocket::http::Method) -> Method {
    Method::from_bytes(method.as_str().as_bytes()).unwrap_or(Method::CONNECT)
}

pub(super) fn raw_target<'r>(request: &'r Request<'_>) -> Cow<'r, str> {
    let uri = request.uri();
    match uri.query() {
        None => Cow::Borrowed(uri.path().as_str()),
        Some(_) => Cow::Owned(uri.to_string()),
    }
}

/// Whether rocket leaves out some of the path: handlers get neither empty segments nor the slash at the end of a rest.
fn drops_segments(path: &str, template: &str) -> bool {
    path.contains("//") || (path.len() > 1 && path.ends_with('/') && !template.ends_with('/'))
}
