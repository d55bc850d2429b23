//! The denial as a response of salvo.

use salvo_core::http::ResBody;
use salvo_core::{Response, Scribe};

use crate::denial::Denied;

/// Replaces whatever was written to the response before.
impl Scribe for Denied {
    fn render(self, response: &mut Response) {
        let (parts, body) = self.into_http_response::<String>().into_parts();
        response.status_code(parts.status);
        for name in parts.headers.keys() {
            response.headers_mut().remove(name);
        }
        for (name, value) in &parts.headers {
            response.headers_mut().append(name, value.clone());
        }
        response.replace_body(ResBody::Once(body.into()));
    }
}
