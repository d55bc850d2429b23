//! Answers in JSON.

use axum::Json;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::failure::Failure;
use crate::kinds::Field;

/// A status and a body.
#[derive(Clone, Debug)]
pub(crate) struct Answer<T> {
    status: StatusCode,
    body: T,
    is_secret: bool,
}

/// What was asked for.
pub(crate) fn ok<T: Field>(body: T) -> Result<Answer<T>, Failure> {
    Ok(Answer { status: StatusCode::OK, body, is_secret: false })
}

/// What was made.
pub(crate) fn created<T: Field>(body: T) -> Result<Answer<T>, Failure> {
    Ok(Answer { status: StatusCode::CREATED, body, is_secret: false })
}

/// An answer with a credential, which no cache may keep.
pub(crate) fn no_store<T: Field>(status: StatusCode, body: T) -> Result<Answer<T>, Failure> {
    Ok(Answer { status, body, is_secret: true })
}

impl<T: Field> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body.write().unwrap_or_default())).into_response();
        if self.is_secret {
            response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        response
    }
}
