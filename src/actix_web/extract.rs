//! Extractors, the request as a carrier, and the denial as an error.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError};
use http::{Extensions, Method};
use scopes_core::Scope;

use super::authenticate::Outcomes;
use super::facts::{is_read_alike, template};
use crate::carrier::{Carrier, FromDenied};
use crate::check;
use crate::denial::Denied;
use crate::request::facts::{Facts, UNROUTED};
use crate::required::Required;
use crate::{Grant, Permit};

/// The permit is there at once: actix-web polls all extractors of a handler together, and one that had to wait would let the
/// others read the body meanwhile.
impl<R: Required> FromRequest for Permit<R> {
    type Error = Denied;
    type Future = Ready<Result<Self, Denied>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Carrier::<R::Scope>::permit(request))
    }
}

/// The caller of a route that needs no permit, `authenticated` ones above all. The grant must be good for the route all the
/// same, so that a forgotten permit opens nothing; on a route that demands scopes it is a 500 without a permit before it, since
/// nobody knows then which handler this is.
impl<S: Scope> FromRequest for Grant<S> {
    type Error = Denied;
    type Future = Ready<Result<Self, Denied>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(checked(request, check::grant))
    }
}

impl<S: Scope> Carrier<S> for HttpRequest {
    fn permit<R: Required<Scope = S>>(&self) -> Result<Permit<R>, Denied> {
        checked(self, check::permit)
    }
}

/// Tells the check what actix-web knows of the request.
fn checked<T>(
    request: &HttpRequest,
    check: impl FnOnce(&Extensions, Facts<'_>) -> Result<T, Denied>,
) -> Result<T, Denied> {
    let method = method(request);
    let matched = request.match_info();
    // Until all of the path is matched, the pattern is a guess that actix-web makes on the raw path.
    let is_routed = matched.unprocessed().is_empty();
    let pattern = if is_routed { request.match_pattern() } else { None };
    let template = pattern.as_deref().map(template);
    let facts = Facts::new(&method, raw_target(matched.get_ref().uri()));
    let facts = match template.as_deref() {
        None => facts.with_template(UNROUTED),
        Some(template) => {
            let values = matched.iter().map(|(_, value)| value);
            let facts = facts.with_template(template);
            if is_read_alike(template, matched.as_str(), values) { facts } else { facts.misread() }
        }
    };
    let extensions = request.extensions();
    match extensions.get::<Outcomes>() {
        Some(outcomes) => check(&outcomes.0, facts),
        None => check(&Extensions::new(), facts),
    }
}

/// The method in the types of the newer `http`. Standard methods are converted without an allocation, and none that actix-web
/// takes is refused.
pub(super) fn method(request: &HttpRequest) -> Method {
    Method::from_bytes(request.method().as_str().as_bytes()).unwrap_or(Method::CONNECT)
}

/// As [`crate::carrier::raw_target`], for actix-web's older `http`.
pub(super) fn raw_target(uri: &actix_web::http::Uri) -> &str {
    match uri.path_and_query().map(actix_web::http::uri::PathAndQuery::as_str) {
        Some(target) if target.starts_with('?') => "/",
        Some(target) => target,
        None => "",
    }
}

impl ResponseError for Denied {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status().as_u16()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let (parts, body) = self.clone().into_http_response::<String>().into_parts();
        let mut response = HttpResponse::build(self.status_code()).body(body);
        for (name, value) in &parts.headers {
            let name = HeaderName::from_bytes(name.as_str().as_bytes());
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(value.as_bytes())) {
                response.headers_mut().append(name, value);
            }
        }
        response
    }
}

impl FromDenied for HttpResponse {
    fn from_denied(denied: Denied) -> Self {
        denied.error_response()
    }
}
