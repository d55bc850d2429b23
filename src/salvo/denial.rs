//! Converts a denial into a response of salvo.

use http::StatusCode;
use salvo_core::http::ResBody;
use salvo_core::{Response, Scribe};

use crate::denial::Denied;

/// Marks a response by which the renderer has redirected the client.
#[derive(Clone, Copy)]
pub(super) struct Redirection(StatusCode);

/// Restores the status of a redirection. If an extractor's error has set a status that is not an
/// error status, salvo changes it to 400.
pub(super) fn restore_redirection(response: &mut Response) {
    if response.status_code == Some(StatusCode::BAD_REQUEST)
        && let Some(Redirection(status)) = response.extensions.remove()
    {
        response.status_code(status);
    }
}

/// Replaces everything that was written to the response before.
impl Scribe for Denied {
    fn render(self, response: &mut Response) {
        let (parts, body) = self.into_http_response::<String>().into_parts();
        response.status_code(parts.status);
        if parts.status.is_redirection() {
            response.extensions.insert(Redirection(parts.status));
        }
        for name in parts.headers.keys() {
            response.headers_mut().remove(name);
        }
        for (name, value) in &parts.headers {
            response.headers_mut().append(name, value.clone());
        }
        response.replace_body(ResBody::Once(body.into()));
    }
}
