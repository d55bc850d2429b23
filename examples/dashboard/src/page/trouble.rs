//! Why a page cannot do what was asked, and the page that says so.

use core::error::Error as _;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::view;
use crate::store::StoreError;

/// A page's error. Its texts have nothing that the client sent.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The form is not one that a page makes.
    Form(&'static str),
    /// The form has more bytes than the server reads.
    TooLarge,
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
    /// Others keep the database busy.
    Busy,
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
            Self::TooLarge => {
                (StatusCode::PAYLOAD_TOO_LARGE, "This form is too large", "Choose a shorter name, and send it again.")
            }
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
            Self::Busy => {
                let (title, text) = words(StatusCode::SERVICE_UNAVAILABLE);
                (StatusCode::SERVICE_UNAVAILABLE, title, text)
            }
            Self::Internal => {
                let (title, text) = words(StatusCode::INTERNAL_SERVER_ERROR);
                (StatusCode::INTERNAL_SERVER_ERROR, title, text)
            }
        }
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let (status, title, text) = self.parts();
        (status, view::message(title, text)).into_response()
    }
}

/// Title and text of the page for an error that a layer around the handlers has found.
pub(super) fn words(status: StatusCode) -> (&'static str, &'static str) {
    match status.as_u16() {
        400 => ("This address cannot be read", "Look at your tokens instead."),
        401 => ("Sign in first", "Your session has ended."),
        403 => ("Another site sent this request", "Nothing was changed. Open the page yourself."),
        404 => ("This page does not exist", "Look at your tokens instead."),
        405 => ("This page cannot do that", "Look at your tokens instead."),
        408 => ("The form did not arrive", "Nothing was changed. Send it again."),
        429 => ("Too many requests", "Nothing was changed."),
        500 => ("The server has failed", "Look at the list of your tokens before you try again."),
        503 => ("The server cannot answer now", "Look at the list of your tokens in a moment."),
        _ => ("This request cannot be answered", "Look at your tokens instead."),
    }
}

/// Gives an error a page for people, if it has another body: layers that pages share with the API
/// answer with JSON, and some answer without a body. Headers such as `Retry-After` stay.
pub(super) fn as_page(response: Response) -> Response {
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_html(response.headers()) {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let (title, text) = words(status);
    let wait = parts.headers.get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let page = match wait {
        None => view::message(title, text),
        Some(1) => view::message(title, &format!("{text} Try again in 1 second.")),
        Some(seconds) => view::message(title, &format!("{text} Try again in {seconds} seconds.")),
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    Response::from_parts(parts, Body::from(page.into_string()))
}

fn is_html(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        if error.is_busy() {
            tracing::warn!(cause = error.source().map(tracing::field::display), "a page waited too long");
            return Self::Busy;
        }
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
