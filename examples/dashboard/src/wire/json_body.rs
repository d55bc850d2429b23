//! An extractor for JSON bodies, whose errors have the API's own texts.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;

use super::{BodyError, CreateToken};
use crate::failure::Failure;
use crate::kinds::hidden::refuse_hidden;
use crate::kinds::json::Unambiguous;
use crate::kinds::{Field as _, Record};

/// A body with the fields of a record.
#[derive(Clone, Debug)]
pub(crate) struct Body<T>(pub(crate) T);

impl<T: Record, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let body = bytes(request, state).await?;
        let Unambiguous(body) = serde_json::from_slice(&body).map_err(BodyError::Malformed)?;
        refuse_hidden(&body).and_then(|()| T::read(body)).map(Self).map_err(Failure::Malformed)
    }
}

impl<S: Send + Sync> FromRequest<S> for CreateToken {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        Ok(Self::from_json(&bytes(request, state).await?)?)
    }
}

/// The bytes of a JSON body.
async fn bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, BodyError> {
    if !is_json(request.headers()) {
        return Err(BodyError::NotJson);
    }
    // Fails if the body is larger than the router's limit.
    Bytes::from_request(request, state).await.map_err(|rejection| match rejection.into_response().status() {
        StatusCode::PAYLOAD_TOO_LARGE => BodyError::TooLarge,
        _ => BodyError::Interrupted,
    })
}

/// Whether the request has one content type, which is `application/json` with any parameters.
fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(CONTENT_TYPE).iter();
    let (Some(only), None) = (types.next(), types.next()) else { return false };
    let essence = only.as_bytes().split(|&byte| byte == b';').next().unwrap_or_default();
    essence.trim_ascii().eq_ignore_ascii_case(b"application/json")
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn content_types() {
        for (types, expected) in [
            (&["application/json"][..], true),
            (&["Application/JSON; charset=utf-8"], true),
            (&["application/json ;x"], true),
            (&[], false),
            (&[""], false),
            (&["text/plain"], false),
            (&["application/jsonp"], false),
            (&["text/plain; application/json"], false),
            (&["application/json", "text/plain"], false),
        ] {
            let mut headers = HeaderMap::new();
            for &value in types {
                headers.append(CONTENT_TYPE, HeaderValue::from_static(value));
            }
            assert_eq!(is_json(&headers), expected, "{types:?}");
        }
    }
}
