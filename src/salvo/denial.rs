//! The denial as a response of salvo.

use http::StatusCode;
use salvo_core::http::ResBody;
use salvo_core::{Response, Scribe};

use crate::denial::Denied;

/// Stands in a response by which the renderer has redirected the client.
#[derive(Clone, Copy)]
pub(super) struct Redirection(StatusCode);

/// Gives a redirection its status back: salvo makes a 400 of what an extractor's error has written,
/// unless the status is an error's.
pub(super) fn restore_redirection(response: &mut Response) {
    if response.status_code == Some(StatusCode::BAD_REQUEST)
        && let Some(Redirection(status)) = response.extensions.remove()
    {
        response.status_code(status);
    }
}

/// Replaces whatever was written to the response before.
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
