//! The response of a denial, in the form that the client understands: HTTP or gRPC.

use http::{HeaderMap, Method, Response};
use scopes_core::Scope;

use super::{DenyBody, Gate};
use crate::denial::Denied;

impl<S: Scope, D> Gate<S, D> {
    pub(crate) fn answer<R>(&self, denied: Denied, form: Form) -> Response<R>
    where
        D: DenyBody<R>,
    {
        let response = match form {
            Form::Http => denied.into_http_response::<String>(),
            #[cfg(feature = "tonic")]
            Form::Grpc => crate::tonic::refusal(denied),
        };
        response.map(|text| self.body.body(text))
    }
}

/// The kind of response that the client understands.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    Http,
    #[cfg(feature = "tonic")]
    Grpc,
}

impl Form {
    #[cfg_attr(not(feature = "tonic"), allow(unused_variables, reason = "only gRPC looks at them"))]
    pub(crate) fn of(method: &Method, headers: &HeaderMap) -> Self {
        #[cfg(feature = "tonic")]
        if crate::tonic::is_call(method, headers) {
            return Self::Grpc;
        }
        Self::Http
    }
}
