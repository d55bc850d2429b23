//! Converts a denial into an error of poem.

use http::StatusCode;
use poem::Response;
use poem::error::ResponseError;

use crate::carrier::FromDenied;
use crate::denial::Denied;

impl ResponseError for Denied {
    fn status(&self) -> StatusCode {
        self.status()
    }

    fn as_response(&self) -> Response {
        let (parts, body) = self.clone().into_http_response::<String>().into_parts();
        let mut response = Response::from((parts.status, body));
        *response.headers_mut() = parts.headers;
        response
    }
}

impl FromDenied for Response {
    fn from_denied(denied: Denied) -> Self {
        denied.as_response()
    }
}
