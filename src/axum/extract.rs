//! Extractors, and the denial as a response.

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use scopes_core::Scope;

use crate::carrier::{Carrier, facts};
use crate::denial::Denied;
use crate::required::Required;
use crate::{Grant, Permit, check};

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        self.into_http_response::<Body>()
    }
}

impl<R: Required, State: Send + Sync> FromRequestParts<State> for Permit<R> {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Self, Denied> {
        Carrier::<R::Scope>::permit(parts)
    }
}

#[doc = include_str!("../docs/grant.md")]
impl<S: Scope, State: Send + Sync> FromRequestParts<State> for Grant<S> {
    type Rejection = Denied;

    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Self, Denied> {
        check::grant(&parts.extensions, facts(&parts.method, &parts.uri, &parts.extensions))
    }
}
