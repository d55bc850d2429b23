//! The texts of refusals in the API's documents.

use axum::http::{HeaderValue, StatusCode};
use scopes::{Denied, Rendered, Renderer};

use crate::wire::ErrorBody;

/// Renders `{"error": ".."}`, with the documented text if there is one. The headers name the
/// missing scope.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DocumentedErrors;

impl Renderer for DocumentedErrors {
    fn render(&self, denied: &Denied) -> Rendered {
        let text = match denied.status() {
            StatusCode::UNAUTHORIZED => ErrorBody::UNAUTHORIZED.to_owned(),
            StatusCode::FORBIDDEN => ErrorBody::FORBIDDEN.to_owned(),
            StatusCode::NOT_FOUND => ErrorBody::NOT_FOUND.to_owned(),
            StatusCode::INTERNAL_SERVER_ERROR => ErrorBody::INTERNAL.to_owned(),
            _ => denied.to_string(),
        };
        Rendered::new(ErrorBody::new(text).to_json(), HeaderValue::from_static("application/json"))
    }
}
