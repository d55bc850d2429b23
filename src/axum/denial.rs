//! Converts a denial into a response of axum.

use axum::body::Body;
use axum::response::{IntoResponse, Response};

use crate::denial::Denied;

impl IntoResponse for Denied {
    fn into_response(self) -> Response {
        self.into_http_response::<Body>()
    }
}
