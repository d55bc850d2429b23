//! Why a page cannot do what was asked, and the page that says so.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::view;
use crate::store::StoreError;

/// A page's error. Its texts have nothing that the client sent.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The form is not one that a page makes.
    Form(&'static str),
    /// The form lacks the signed value of this session.
    NotOurs,
    /// A page of another site caused the request.
    Elsewhere,
    /// The form was sent before.
    Again,
    /// The token does not exist, has ended, or is another administrator's.
    NotFound,
    /// The token store refuses, with a reason for people.
    Refused(String),
    /// The server failed. The log has the cause.
    Internal,
}

impl PartialEq for Trouble {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Trouble {
    fn parts(&self) -> (StatusCode, &'static str, &str) {
        match self {
            Self::Form(why) => (StatusCode::BAD_REQUEST, "This form cannot be read", why),
            Self::NotOurs => (
                StatusCode::FORBIDDEN,
                "This form is not from your session",
                "Nothing was changed. Open the page again and send the form from there.",
            ),
            Self::Elsewhere => (
                StatusCode::FORBIDDEN,
                "Another site sent this request",
                "Nothing was changed. Open the page yourself and send the form from there.",
            ),
            Self::Again => (
                StatusCode::CONFLICT,
                "This form was sent before",
                "Nothing was created or changed a second time. If you did not copy the token, revoke it and create a new one.",
            ),
            Self::NotFound => (
                StatusCode::NOT_FOUND,
                "This token is not in your list",
                "It may have ended or been revoked. Nothing was changed.",
            ),
            Self::Refused(why) => (StatusCode::FORBIDDEN, "The token was not created", why),
            Self::Internal => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "The server has failed",
                "Look at the list of your tokens before you try again.",
            ),
        }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let (status, title, text) = self.parts();
        (status, view::message(title, text)).into_response()
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Tokens(error) => match error {
                scopes_store::Error::NotFound => Self::NotFound,
                scopes_store::Error::NotToGive(_)
                | scopes_store::Error::NotYours(_)
                | scopes_store::Error::LimitReached(_) => Self::Refused(error.to_string()),
                scopes_store::Error::Invalid(_) => Self::Form("a value does not fit its field"),
                error => internal(&error),
            },
            error => internal(&error),
        }
    }
}

impl From<scopes_store::Error<crate::catalogue::api::Scope>> for Trouble {
    fn from(error: scopes_store::Error<crate::catalogue::api::Scope>) -> Self {
        StoreError::Tokens(error).into()
    }
}

fn internal(error: &dyn core::error::Error) -> Trouble {
    tracing::error!(%error, "a page has failed");
    Trouble::Internal
}
