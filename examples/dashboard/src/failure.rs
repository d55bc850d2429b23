//! Why a handler fails, and what the caller is told.

use core::error::Error as _;

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use scopes::Denied;
use scopes::tokens::IssueError;
use scopes_store::Error as TokenError;

use crate::kinds::Fault;
use crate::store::StoreError;
use crate::wire::{BodyError, ErrorBody};

/// A handler's error.
#[derive(Debug)]
pub enum Failure {
    /// The object belongs to another environment.
    Denied(Denied),
    /// The object does not exist.
    NotFound,
    /// The body is wrong.
    Body(BodyError),
    /// A parameter or a field of the body breaks a rule.
    Malformed(Fault),
    /// A field does not fit what the environment has.
    Conflict(Fault),
    /// Other requests have changed the object again and again.
    Stale,
    /// The token store refuses, or the database failed.
    Store(StoreError),
}

impl From<Denied> for Failure {
    fn from(denied: Denied) -> Self {
        Self::Denied(denied)
    }
}

impl From<BodyError> for Failure {
    fn from(error: BodyError) -> Self {
        Self::Body(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, text) = match self {
            Self::Denied(denied) => return denied.into_response(),
            Self::NotFound => (StatusCode::NOT_FOUND, ErrorBody::NOT_FOUND.to_owned()),
            Self::Body(BodyError::TooLarge) => (StatusCode::PAYLOAD_TOO_LARGE, BodyError::TooLarge.to_string()),
            Self::Body(error) => (StatusCode::BAD_REQUEST, error.to_string()),
            Self::Malformed(fault) => (StatusCode::BAD_REQUEST, fault.to_string()),
            Self::Conflict(fault) => (StatusCode::CONFLICT, fault.to_string()),
            Self::Stale => (StatusCode::CONFLICT, "the object changed at the same time; try again".to_owned()),
            Self::Store(error) if error.is_busy() => {
                tracing::warn!(cause = error.source().map(tracing::field::display), "a handler waited too long");
                (StatusCode::SERVICE_UNAVAILABLE, ErrorBody::BUSY.to_owned())
            }
            Self::Store(StoreError::Tokens(error)) => match error {
                TokenError::NotToGive(error @ IssueError::ScopesNotHeld(_)) => {
                    (StatusCode::FORBIDDEN, format!("`scopes`: {error}"))
                }
                TokenError::NotToGive(_) | TokenError::NotYours(_) => {
                    (StatusCode::FORBIDDEN, ErrorBody::FORBIDDEN.to_owned())
                }
                TokenError::LimitReached(_) => (StatusCode::FORBIDDEN, error.to_string()),
                TokenError::NotFound => (StatusCode::NOT_FOUND, ErrorBody::NOT_FOUND.to_owned()),
                TokenError::Invalid(reason) => (StatusCode::BAD_REQUEST, reason.to_string()),
                error => internal(&error),
            },
            Self::Store(error) => internal(&error),
        };
        (status, Json(ErrorBody::new(text))).into_response()
    }
}

/// Only the log gets the cause.
fn internal(error: &dyn core::error::Error) -> (StatusCode, String) {
    tracing::error!(%error, cause = error.source().map(tracing::field::display), "a handler failed");
    (StatusCode::INTERNAL_SERVER_ERROR, ErrorBody::INTERNAL.to_owned())
}
