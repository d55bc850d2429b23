//! Token sources: where a request carries its token, and how the token is read.

use std::fmt;
use std::sync::Arc;

use http::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue};

use super::credentials::Credentials;
use super::guarded::{Panicked, caught};
use crate::denial::challenge::Scheme;
use crate::log;
use crate::settings::SettingsError;

mod authorization;
pub(crate) mod basic;
mod cookie;
pub(crate) mod request_headers;
#[cfg(test)]
mod tests;

use request_headers::{Only, RequestHeaders};

/// Where a request carries its token.
///
/// A source that reads the query does not exist: RFC 6750, section 2.3 advises against it, because
/// logs would keep the tokens.
///
/// | source | a token is |
/// |---|---|
/// | [`bearer`](Self::bearer), the default | letters, digits, `-._~+/`, then `=` (RFC 6750) |
/// | all others | visible ASCII without comma and quotes |
///
/// Other tokens are answered with 400, and so are headers and cookies that are sent twice.
///
/// ```
/// use scopes::{Credentials, TokenSource, bearer};
///
/// let source = TokenSource::cookie("session");
/// let mut headers = http::HeaderMap::new();
/// headers.insert("cookie", http::HeaderValue::from_static("theme=dark; session=s-1"));
/// assert_eq!(bearer(&headers, &source), Credentials::Token("s-1".into()));
/// ```
#[derive(Clone)]
pub struct TokenSource {
    kind: Kind,
    origin: OriginRule,
}

#[derive(Clone)]
enum Kind {
    Bearer,
    BearerAnyVisible,
    Basic,
    Header(HeaderName),
    Cookie(Arc<str>),
    Custom(Arc<Custom>),
}

struct Custom {
    hidden: Vec<HeaderName>,
    read: Box<Read>,
}

type Read = dyn for<'h> Fn(RequestHeaders<'h>) -> Credentials<'h> + Send + Sync;

/// What the credentials of a source prove about the page that has caused the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OriginRule {
    /// Only code that knows the token can have sent it.
    Any,
    /// Browsers add the credentials by themselves, but other clients send them as well.
    NotElsewhere,
    /// Browsers add the credentials by themselves.
    Own,
}

impl TokenSource {
    /// Reads `Authorization: Bearer <token>` (RFC 6750, section 2.1). This is the default.
    ///
    /// ```
    /// use scopes::{Credentials, TokenSource};
    ///
    /// let mut headers = http::HeaderMap::new();
    /// headers.insert("authorization", http::HeaderValue::from_static("Bearer 42|abc"));
    /// assert_eq!(scopes::bearer(&headers, &TokenSource::bearer()), Credentials::Malformed);
    /// ```
    #[must_use]
    pub const fn bearer() -> Self {
        Self { kind: Kind::Bearer, origin: OriginRule::Any }
    }

    /// Reads `Authorization: Bearer <token>`, but accepts tokens that RFC 6750 does not allow, such
    /// as `42|abc`: visible ASCII without comma and quotes.
    ///
    /// ```
    /// use scopes::{Credentials, TokenSource};
    ///
    /// let mut headers = http::HeaderMap::new();
    /// headers.insert("authorization", http::HeaderValue::from_static("Bearer 42|abc"));
    /// let source = TokenSource::bearer_any_visible();
    /// assert_eq!(scopes::bearer(&headers, &source), Credentials::Token("42|abc".into()));
    /// ```
    #[must_use]
    pub const fn bearer_any_visible() -> Self {
        Self { kind: Kind::BearerAnyVisible, origin: OriginRule::Any }
    }

    pub(crate) const fn basic() -> Self {
        Self { kind: Kind::Basic, origin: OriginRule::NotElsewhere }
    }

    /// Reads a header that holds only the token, such as `x-api-key`.
    ///
    /// ```
    /// use scopes::{Credentials, SettingsError, TokenSource, bearer};
    ///
    /// let mut headers = http::HeaderMap::new();
    /// headers.insert("x-api-key", http::HeaderValue::from_static("k-1"));
    /// let source = TokenSource::header("X-Api-Key")?;
    /// assert_eq!(bearer(&headers, &source), Credentials::Token("k-1".into()));
    /// assert_eq!(TokenSource::header("cookie").unwrap_err(), SettingsError::Header);
    /// # Ok::<(), SettingsError>(())
    /// ```
    ///
    /// # Errors
    /// [`SettingsError::Header`] if the name is not a valid header name, and for `Cookie`, which
    /// [`cookie`](Self::cookie) reads.
    pub fn header(name: &str) -> Result<Self, SettingsError> {
        Ok(Self { kind: Kind::Header(header_name(name)?), origin: OriginRule::Any })
    }

    /// Reads a cookie that holds only the token. Its value is percent-decoded once. An empty value
    /// is a cookie that was cleared, which does not count as credentials.
    ///
    /// A browser sends cookies with requests that other sites cause, so these requests are checked:
    /// see [`Authenticate`](crate::Authenticate#requests-from-other-sites).
    ///
    /// An invalid cookie name never matches, and an error is logged.
    ///
    /// ```
    /// use scopes::{Credentials, TokenSource, bearer};
    ///
    /// let mut headers = http::HeaderMap::new();
    /// headers.insert("cookie", http::HeaderValue::from_static("session="));
    /// // A cookie that was cleared.
    /// assert_eq!(bearer(&headers, &TokenSource::cookie("session")), Credentials::Absent);
    /// ```
    #[must_use]
    pub fn cookie(name: &str) -> Self {
        if !authorization::is_name(name) {
            log::error(format_args!(
                "`TokenSource::cookie` was given a name that no cookie can have (RFC 6265, section 4.1.1): it never matches"
            ));
        }
        Self { kind: Kind::Cookie(name.into()), origin: OriginRule::Own }
    }

    /// Reads a token from other headers with a function of the application.
    ///
    /// `hidden` names the headers that hold the token. They are marked as sensitive, so that
    /// `Debug` of the request does not show them. If the request has several tokens, the function
    /// must return [`Credentials::Malformed`] and not the first one. A token that it returns must
    /// be visible ASCII without comma and quotes; others count as malformed. If the function
    /// panics, the request is answered with 500.
    ///
    /// A browser cannot set headers of a WebSocket handshake, but it can offer a subprotocol:
    ///
    /// ```
    /// use scopes::{Credentials, RequestHeaders, TokenSource};
    ///
    /// /// `Sec-WebSocket-Protocol: chat, bearer.TOKEN`
    /// fn subprotocol(headers: RequestHeaders<'_>) -> Credentials<'_> {
    ///     let lines = headers.values("sec-websocket-protocol");
    ///     let offered = lines.flat_map(|line| line.split(|&byte| byte == b','));
    ///     let mut tokens = offered.filter_map(|offer| offer.trim_ascii().strip_prefix(b"bearer."));
    ///     match (tokens.next(), tokens.next()) {
    ///         (None, _) => Credentials::Absent,
    ///         (Some(token), None) => Credentials::Token(String::from_utf8_lossy(token)),
    ///         (Some(_), Some(_)) => Credentials::Malformed,
    ///     }
    /// }
    ///
    /// # fn main() -> Result<(), scopes::SettingsError> {
    /// let source = TokenSource::custom(&["sec-websocket-protocol"], subprotocol)?;
    ///
    /// let mut headers = http::HeaderMap::new();
    /// headers.insert("sec-websocket-protocol", http::HeaderValue::from_static("chat, bearer.dyn_7"));
    /// assert_eq!(scopes::bearer(&headers, &source), Credentials::Token("dyn_7".into()));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// The handler then answers with the subprotocol `chat`, never with the one that holds the
    /// token.
    ///
    /// # Errors
    /// [`SettingsError::Header`] if one of the names is not a valid header name.
    pub fn custom(
        hidden: &[&str],
        read: impl for<'h> Fn(RequestHeaders<'h>) -> Credentials<'h> + Send + Sync + 'static,
    ) -> Result<Self, SettingsError> {
        let name = |name: &&str| HeaderName::from_bytes(name.as_bytes()).map_err(|_| SettingsError::Header);
        let custom = Custom { hidden: hidden.iter().map(name).collect::<Result<_, _>>()?, read: Box::new(read) };
        Ok(Self { kind: Kind::Custom(Arc::new(custom)), origin: OriginRule::Any })
    }

    /// Says that browsers send this token by themselves. For a custom source that reads a cookie,
    /// or a header that a proxy makes from a cookie. Its requests are checked like requests with a
    /// [`cookie`](Self::cookie).
    ///
    /// ```
    /// scopes::scopes! { mod api; users.write { POST "/users"; } }
    /// use http::{Request, Response};
    /// use scopes::{Authenticate, Carrier, Credentials, Denied, TokenSource, verifier_fn};
    ///
    /// async fn create(request: Request<()>) -> Result<Response<()>, Denied> {
    ///     request.permit::<api::permits::UsersWrite>()?;
    ///     Ok(Response::new(()))
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// // A proxy turns the session's cookie into this header.
    /// let source = TokenSource::custom(&["x-session"], |headers| {
    ///     let session = headers.values("x-session").next().map(String::from_utf8_lossy);
    ///     session.map_or(Credentials::Absent, Credentials::Token)
    /// })?;
    /// let verifier = verifier_fn(async |_| Ok(Some(api::Grant::new(api::Scope::UsersWrite))));
    /// let authenticate = Authenticate::new(verifier).source(source.sent_by_browsers());
    /// let request = Request::post("/users").header("x-session", "s-1").body(())?;
    /// let denied = authenticate.around(request, create).await.unwrap_err();
    /// assert_eq!(denied.denial(), Some(scopes::Denial::CrossSite));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn sent_by_browsers(self) -> Self {
        Self { origin: OriginRule::Own, ..self }
    }

    /// Reads the credentials that this source finds.
    ///
    /// # Errors
    /// If the function of [`custom`](Self::custom) has panicked.
    pub(crate) fn read<'h>(&self, headers: RequestHeaders<'h>) -> Result<Credentials<'h>, Panicked> {
        let of_only = |name: &str, read: fn(&'h [u8]) -> Credentials<'h>| match headers.only(name) {
            Only::None => Credentials::Absent,
            Only::One(value) => read(value),
            Only::Several => Credentials::Malformed,
        };
        Ok(match &self.kind {
            Kind::Bearer => of_only(AUTHORIZATION.as_str(), authorization::bearer),
            Kind::BearerAnyVisible => of_only(AUTHORIZATION.as_str(), authorization::bearer_any_visible),
            Kind::Basic => of_only(AUTHORIZATION.as_str(), basic::read),
            Kind::Header(name) => of_only(name.as_str(), authorization::visible),
            Kind::Cookie(name) if !authorization::is_name(name) => Credentials::Absent,
            Kind::Cookie(name) => cookie::read(headers, name),
            Kind::Custom(custom) => match caught(|| (custom.read)(headers))? {
                Credentials::Token(token) if !authorization::is_visible(token.as_bytes()) => Credentials::Malformed,
                found => found,
            },
        })
    }

    /// Whether this is the default source, which has a fast path.
    pub(crate) const fn is_bearer(&self) -> bool {
        matches!(self.kind, Kind::Bearer) && matches!(self.origin, OriginRule::Any)
    }

    pub(crate) const fn origin_rule(&self) -> OriginRule {
        self.origin
    }

    /// The headers that hold the token.
    pub(crate) fn headers(&self) -> &[HeaderName] {
        match &self.kind {
            Kind::Bearer | Kind::BearerAnyVisible | Kind::Basic => &[AUTHORIZATION],
            Kind::Header(name) => std::slice::from_ref(name),
            Kind::Cookie(_) => &[COOKIE],
            Kind::Custom(custom) => &custom.hidden,
        }
    }

    /// The scheme that names this source in challenges.
    pub(crate) fn scheme(&self) -> Scheme {
        match &self.kind {
            Kind::Bearer | Kind::BearerAnyVisible => Scheme::Bearer,
            Kind::Basic => Scheme::Basic,
            Kind::Header(name) => Scheme::ApiKey(Some(("header", name.as_str().into()))),
            Kind::Cookie(name) => Scheme::ApiKey(Some(("cookie", Arc::clone(name)))),
            Kind::Custom(_) => Scheme::ApiKey(None),
        }
    }

    /// Whether this source finds something wherever the other one does.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (Kind::Bearer | Kind::BearerAnyVisible, Kind::Bearer | Kind::BearerAnyVisible)
            | (Kind::Basic, Kind::Basic) => true,
            (Kind::Header(name), Kind::Header(other)) => name == other,
            (Kind::Cookie(name), Kind::Cookie(other)) => name == other,
            _ => false,
        }
    }
}

fn header_name(name: &str) -> Result<HeaderName, SettingsError> {
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| SettingsError::Header)?;
    if name == COOKIE { Err(SettingsError::Header) } else { Ok(name) }
}

/// [`TokenSource::bearer`].
impl Default for TokenSource {
    fn default() -> Self {
        Self::bearer()
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Bearer => f.write_str("Bearer"),
            Kind::BearerAnyVisible => f.write_str("BearerAnyVisible"),
            Kind::Basic => f.write_str("Basic"),
            Kind::Header(name) => f.debug_tuple("Header").field(&name.as_str()).finish(),
            Kind::Cookie(name) => f.debug_tuple("Cookie").field(name).finish(),
            Kind::Custom(custom) => f.debug_tuple("Custom").field(&custom.hidden).finish(),
        }
    }
}

/// Reads the token from a request's headers.
///
/// ```
/// use scopes::{Credentials, TokenSource, bearer};
///
/// let mut headers = http::HeaderMap::new();
/// assert_eq!(bearer(&headers, &TokenSource::bearer()), Credentials::Absent);
/// headers.insert("authorization", http::HeaderValue::from_static("bearer dyn_7"));
/// assert_eq!(bearer(&headers, &TokenSource::bearer()), Credentials::Token("dyn_7".into()));
/// ```
///
/// It also takes the headers of actix-web and rocket:
///
#[cfg_attr(feature = "actix-web", doc = "```")]
#[cfg_attr(not(feature = "actix-web"), doc = "```ignore")]
/// use scopes::{Credentials, TokenSource, bearer};
///
/// fn token(request: &actix_web::HttpRequest) -> Credentials<'_> {
///     bearer(request.headers(), &TokenSource::cookie("session"))
/// }
/// # let _ = token;
/// ```
///
/// Whether the request comes from another site is not looked at: with a cookie that is up to you.
#[must_use]
pub fn bearer<'h>(headers: impl Into<RequestHeaders<'h>>, source: &TokenSource) -> Credentials<'h> {
    let headers = headers.into();
    match source.read(headers) {
        Ok(Credentials::Absent) if headers.has(AUTHORIZATION.as_str()) => Credentials::OtherScheme,
        Ok(found) => found,
        Err(Panicked) => Credentials::Malformed,
    }
}

/// Like [`bearer`] for the default source, which nearly every request uses. Also returns the
/// header.
#[inline]
pub(crate) fn bearer_in(headers: &HeaderMap) -> (Credentials<'_>, Option<&HeaderValue>) {
    let Some(header) = headers.get(AUTHORIZATION) else { return (Credentials::Absent, None) };
    // Nearly always each header has one value.
    let is_only = headers.keys_len() == headers.len() || headers.get_all(AUTHORIZATION).iter().count() == 1;
    let found = if is_only { authorization::bearer(header.as_bytes()) } else { Credentials::Malformed };
    (found, Some(header))
}
