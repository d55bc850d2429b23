//! Sessions of browsers: a one-time code, the cookie, and who has it.

use core::time::Duration;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use scopes::tokens::TokenFormat;
use scopes::{Verifier, VerifyError};

use super::catalogue::pages;
use super::state::{self, Kind, Whose};
use crate::app::App;
use crate::catalogue::api;
use crate::store::{Store, StoreError};
use crate::verifiers::may_give;

/// The text of a cookie.
const SESSION: TokenFormat = TokenFormat::new("session_");

/// The text of a one-time code.
const CODE: TokenFormat = TokenFormat::new("code_");

/// How long a code can be exchanged.
const CODE_LIFETIME: Duration = Duration::from_secs(60 * 60);

/// How long a session lasts, whatever its browser does.
pub(super) const LIFETIME: Duration = Duration::from_secs(8 * 60 * 60);

/// A person who is signed in.
#[derive(Clone, Debug)]
pub struct Visitor {
    pub(super) whose: Whose,
    pub(super) person: String,
    pub(super) environment_name: String,
    pub(super) environment_kind: String,
    /// The scopes that the person may give to tokens of the environment.
    pub(super) may_give: api::Grant,
    /// The digest of the cookie's text.
    pub(super) session: String,
    /// When the session ends, in seconds.
    pub(super) ends: i64,
}

/// Makes a code that signs an administrator in, once. Print it only to the terminal.
///
/// # Errors
///
/// If the database fails, or the system returns no random bytes.
pub async fn one_time_code(app: &App, admin_id: &str, environment_id: &str) -> Result<String, StoreError> {
    let code = CODE.generate().map_err(|_| StoreError::Corrupt("no random bytes of the system"))?;
    let whose = Whose { admin_id: admin_id.to_owned(), environment_id: environment_id.to_owned() };
    state::clean_up(&app.store).await?;
    state::add(&app.store, Kind::Code, &code.digest().to_hex(), &whose, CODE_LIFETIME).await?;
    Ok(code.reveal().to_owned())
}

/// Exchanges a code for the value of a `Set-Cookie` header. `None` if the code is unknown, was used
/// or has ended.
///
/// The sessions that the browser had end with this: it forgets their cookie, and a session that
/// another person has put into the browser must not live on. Those of other browsers go on.
pub(super) async fn begin(app: &App, code: &str, headers: &HeaderMap) -> Result<Option<HeaderValue>, StoreError> {
    let Ok(code) = CODE.parse(code.trim()) else { return Ok(None) };
    let session = SESSION.generate().map_err(|_| StoreError::Corrupt("no random bytes of the system"))?;
    state::clean_up(&app.store).await?;
    let (code, digest) = (code.digest().to_hex(), session.digest().to_hex());
    let is_new = state::exchange(&app.store, &code, &digest, LIFETIME, sessions_in_cookies(app, headers)).await?;
    Ok(if is_new { cookie(app, session.reveal(), LIFETIME.as_secs()) } else { None })
}

/// The digests of the sessions that a request names in its cookies, whether they are good or not.
fn sessions_in_cookies(app: &App, headers: &HeaderMap) -> impl Iterator<Item = String> {
    let name = cookie_name(app);
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|cookies| cookies.split(';')).filter_map(move |cookie| {
        let (found, value) = cookie.trim().split_once('=')?;
        let session = if found == name { SESSION.parse(value).ok() } else { None };
        session.map(|session| session.digest().to_hex())
    })
}

/// Ends a session on the server and in the browser.
pub(super) async fn end(app: &App, visitor: &Visitor) -> Result<Option<HeaderValue>, StoreError> {
    state::remove(&app.store, Kind::Session, &visitor.session).await?;
    Ok(cookie(app, "", 0))
}

/// The name of the cookie. Browsers accept the prefix only from `https` with `Secure`, so that no
/// other host of the domain can set it.
pub(super) fn cookie_name(app: &App) -> &'static str {
    if is_https(app) { "__Host-dashboard-session" } else { "dashboard-session" }
}

pub(super) fn is_https(app: &App) -> bool {
    app.settings.public_url.starts_with("https://")
}

fn cookie(app: &App, value: &str, seconds: u64) -> Option<HeaderValue> {
    let secure = if is_https(app) { "; Secure" } else { "" };
    let name = cookie_name(app);
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    let mut value = HeaderValue::from_str(&text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

/// Looks up the session of a cookie.
#[derive(Clone, Debug)]
pub(super) struct CookieVerifier {
    pub(super) store: Store,
}

impl Verifier<pages::Scope> for CookieVerifier {
    async fn verify(&self, token: &str) -> Result<Option<pages::Grant>, VerifyError> {
        let Ok(session) = SESSION.parse(token) else { return Ok(None) };
        let digest = session.digest().to_hex();
        let Some(found) = state::find(&self.store, Kind::Session, &digest).await? else { return Ok(None) };
        // The session is good, but its administrator may have left since.
        let Whose { admin_id, environment_id } = &found.whose;
        let Some(may_give) = may_give(&self.store, admin_id, environment_id).await? else { return Ok(None) };
        let grant = pages::Grant::new(pages::Scopes::default()).with_subject(admin_id.as_str());
        Ok(Some(grant.with_principal(Visitor {
            person: found.person,
            environment_name: found.environment_name,
            environment_kind: found.environment_kind,
            whose: found.whose,
            may_give,
            session: digest,
            ends: found.ends,
        })))
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Self::Rejection> {
        let grant = pages::Grant::from_request_parts(parts, app).await.map_err(IntoResponse::into_response)?;
        let visitor = grant.principal_as::<Self>().cloned();
        visitor.ok_or_else(|| StatusCode::INTERNAL_SERVER_ERROR.into_response())
    }
}
