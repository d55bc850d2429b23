//! Converts a denial into a response of rocket.

use std::io::Cursor;

use rocket::http::{Header, Status};
use rocket::response::{Responder, Result};
use rocket::{Request, Response};

use crate::denial::Denied;

/// For handlers that return `Result<_, Denied>`.
impl<'r> Responder<'r, 'static> for Denied {
    fn respond_to(self, _: &'r Request<'_>) -> Result<'static> {
        let mut response = Response::new();
        replace(&mut response, self);
        Ok(response)
    }
}

/// Changes a response into the denial's response. Headers that the denial does not set are kept.
pub(super) fn replace(response: &mut Response<'_>, denied: Denied) {
    let (parts, body) = denied.into_http_response::<String>().into_parts();
    response.set_status(Status::new(parts.status.as_u16()));
    for name in parts.headers.keys() {
        response.remove_header(name.as_str());
    }
    for (name, value) in &parts.headers {
        // rocket's header values are text. The denial's own headers are ASCII.
        if let Ok(value) = std::str::from_utf8(value.as_bytes()) {
            response.adjoin_header(Header::new(name.as_str().to_owned(), value.to_owned()));
        }
    }
    response.set_sized_body(body.len(), Cursor::new(body));
}
