//! The bodies of forms, and the values that protect them.
//!
//! Each page with forms has a signed value for its session. A form without it was not sent by a
//! page of this session (cross-site request forgery). The value is good for one form: the page
//! that answers has the next one.

use core::fmt;
use core::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse as _;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::session::Visitor;
use super::state::{self, Kind};
use super::trouble::Trouble;
use super::view::FIELD;
use crate::app::App;
use crate::store::Store;

const AUDIENCE: &str = "dashboard-form";

/// The greatest number of fields in one form.
const MOST_FIELDS: usize = 400;

/// Signs and checks the values of forms.
#[derive(Clone)]
pub struct FormKey {
    signing: EncodingKey,
    checking: DecodingKey,
    validation: Validation,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    aud: String,
    /// The digest of the session.
    sub: String,
    /// Makes each value another one.
    jti: String,
    exp: i64,
}

impl FormKey {
    /// Uses the key that [`Store::secret`] keeps.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.leeway = 0;
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "aud", "sub"]);
        Self { signing: EncodingKey::from_secret(key), checking: DecodingKey::from_secret(key), validation }
    }

    /// A new value for a page of this session.
    pub(super) fn issue(&self, visitor: &Visitor) -> Result<String, Trouble> {
        let claims = Claims {
            aud: AUDIENCE.to_owned(),
            sub: visitor.session.clone(),
            jti: uuid::Uuid::new_v4().to_string(),
            exp: visitor.ends,
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.signing).map_err(|_| Trouble::Internal)
    }

    /// Reads a value of a page of this session.
    fn read(&self, value: &str, visitor: &Visitor) -> Option<Once> {
        let claims = jsonwebtoken::decode::<Claims>(value, &self.checking, &self.validation).ok()?.claims;
        (claims.sub == visitor.session).then_some(Once(claims.jti))
    }
}

impl fmt::Debug for FormKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormKey").finish_non_exhaustive()
    }
}

/// The fields of a form, in the order in which the browser sends them.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    fn read(body: &[u8]) -> Result<Self, Trouble> {
        let fields = form_urlencoded::parse(body).take(MOST_FIELDS + 1);
        let fields: Vec<_> = fields.map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
        if fields.len() > MOST_FIELDS { Err(Trouble::Form("it has too many fields")) } else { Ok(Self(fields)) }
    }

    /// The values of a field.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// The value of a field that occurs once.
    pub(super) fn one(&self, name: &'static str) -> Result<&str, Trouble> {
        let mut values = self.all(name);
        match (values.next(), values.next()) {
            (Some(value), None) => Ok(value),
            _ => Err(Trouble::Form("a field is missing or occurs twice")),
        }
    }

    /// Checks that a page of this session has sent the form.
    pub(super) fn check(&self, app: &App, visitor: &Visitor) -> Result<Once, Trouble> {
        let value = self.one(FIELD).map_err(|_| Trouble::NotOurs)?;
        app.forms.read(value, visitor).ok_or(Trouble::NotOurs)
    }
}

/// The identity of a form that was checked. It is not the text of its signed value, because the
/// same value can be written in several ways.
#[derive(Debug)]
#[must_use = "a form that is not spent can be sent again"]
pub(super) struct Once(String);

impl Once {
    /// Marks the form as sent. Call it when nothing else is wrong with the form, immediately before
    /// the change.
    ///
    /// # Errors
    ///
    /// [`Trouble::Again`] if the form was sent before.
    pub(super) async fn spend(self, store: &Store, visitor: &Visitor) -> Result<(), Trouble> {
        let left = u64::try_from(visitor.ends.saturating_sub(state::now())).unwrap_or(0);
        // The signed value ends with the session, so the row may end a little later.
        let lifetime = Duration::from_secs(left.saturating_add(60));
        let is_new = state::add(store, Kind::Form, &self.0, &visitor.whose, lifetime).await?;
        if is_new { Ok(()) } else { Err(Trouble::Again) }
    }
}

/// Shows the names of the fields only, because a value may be a code.
impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Self, Trouble> {
        let mut types = request.headers().get_all(CONTENT_TYPE).iter();
        let essence =
            |value: &[u8]| value.split(|&byte| byte == b';').next().unwrap_or_default().trim_ascii().to_owned();
        let is_form = matches!((types.next(), types.next()), (Some(only), None)
            if essence(only.as_bytes()).eq_ignore_ascii_case(b"application/x-www-form-urlencoded"));
        if !is_form {
            return Err(Trouble::Form("it is not the form of a page"));
        }
        let body = Bytes::from_request(request, state).await;
        let body = body.map_err(|rejection| match rejection.into_response().status() {
            StatusCode::PAYLOAD_TOO_LARGE => Trouble::TooLarge,
            _ => Trouble::Form("it did not arrive as a whole"),
        })?;
        Self::read(&body)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_counted_and_read_once() {
        let form = Form::read(b"a=1&b=x+y%21&b=z&c=").unwrap();
        assert_eq!(form.one("a"), Ok("1"));
        assert!(form.all("b").eq(["x y!", "z"]));
        assert!(form.one("b").is_err() && form.one("d").is_err());
        assert_eq!(form.one("c"), Ok(""));
        assert!(!format!("{form:?}").contains("x y"), "values are not shown");
        assert!(Form::read("a=1&".repeat(MOST_FIELDS).as_bytes()).is_ok());
        assert_eq!(Form::read("a=1&".repeat(MOST_FIELDS + 1).as_bytes()), Err(Trouble::Form("it has too many fields")));
    }
}
