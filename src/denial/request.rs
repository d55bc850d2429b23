//! The part of a denied request that a renderer sees.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use http::Method;
use http::header::{self, HeaderMap, HeaderName};

/// The method and the headers of a denied request, for a [`Renderer`](crate::Renderer) that answers
/// browsers and API clients differently.
///
/// Headers that hold credentials are left out: `Authorization`, `Proxy-Authorization`, `Cookie`,
/// `Sec-WebSocket-Protocol`, and the header that the [`TokenSource`](crate::TokenSource) of an
/// [`Authenticate`](crate::Authenticate) with these settings names. `Debug` shows no header's
/// value. The path is not here, because paths may hold secrets;
/// [`Denied::route`](crate::Denied::route) has the template.
///
/// ```
#[doc = include_str!("../docs/denied.txt")]
/// let denied = denied(http::Request::get("/users").header("accept", "text/html"));
/// let request = denied.request().unwrap();
/// assert!(request.method() == http::Method::GET && request.accepts_html());
/// ```
#[derive(Clone)]
pub struct DeniedRequest {
    method: Method,
    headers: HeaderMap,
}

impl DeniedRequest {
    pub(crate) fn new(method: &Method, mut headers: HeaderMap, credentials: &[HeaderName]) -> Self {
        for name in CREDENTIALS.iter().chain(credentials) {
            headers.remove(name);
        }
        headers.values_mut().for_each(|value| value.set_sensitive(true));
        Self { method: method.clone(), headers }
    }

    /// The method as the client sent it, which may be any token.
    ///
    /// ```
    #[doc = include_str!("../docs/denied.txt")]
    /// let denied = denied(http::Request::put("/users"));
    /// assert_eq!(denied.request().unwrap().method(), http::Method::PUT);
    /// ```
    #[must_use]
    pub const fn method(&self) -> &Method {
        &self.method
    }

    /// The headers without those that hold credentials. The client chose their values, so escape
    /// them in every output.
    ///
    /// ```
    #[doc = include_str!("../docs/denied.txt")]
    /// let request = http::Request::get("/users").header("accept-language", "de");
    /// let denied = denied(request.header("cookie", "session=secret"));
    /// let names: Vec<_> = denied.request().unwrap().headers().keys().collect();
    /// assert_eq!(names, ["accept-language"]);
    /// ```
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Whether `Accept` names HTML, as browsers do when they open a page. `*/*` alone, which `curl`
    /// and `fetch` send, does not count.
    ///
    /// ```
    #[doc = include_str!("../docs/denied.txt")]
    /// let accepts_html = |accept| {
    ///     let denied = denied(http::Request::get("/users").header("accept", accept));
    ///     denied.request().unwrap().accepts_html()
    /// };
    /// assert!(accepts_html("text/html,application/xhtml+xml") && !accepts_html("*/*"));
    /// ```
    #[must_use]
    pub fn accepts_html(&self) -> bool {
        let values = self.headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
        values.flat_map(|value| value.split(',')).any(|range| {
            let mut parts = range.split(';').map(str::trim);
            let is_html = parts.next().is_some_and(|media| {
                media.eq_ignore_ascii_case("text/html") || media.eq_ignore_ascii_case("application/xhtml+xml")
            });
            is_html && !parts.any(is_zero_quality)
        })
    }
}

/// Whether the parameter is `q=0` or `q=0.000`: the client does not accept the type.
fn is_zero_quality(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return false };
    name.trim().eq_ignore_ascii_case("q") && value.trim().parse().is_ok_and(|quality: f32| quality <= 0.0)
}

/// Headers that always hold credentials.
pub(crate) const CREDENTIALS: [HeaderName; 4] =
    [header::AUTHORIZATION, header::PROXY_AUTHORIZATION, header::COOKIE, header::SEC_WEBSOCKET_PROTOCOL];

/// The headers that hold credentials, which renderers do not see. Authentication layers with these
/// settings add their headers when they are built.
#[derive(Default)]
pub(crate) struct CredentialHeaders(Mutex<Vec<HeaderName>>);

impl CredentialHeaders {
    pub(crate) fn add(&self, name: &HeaderName) {
        let mut names = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !names.contains(name) {
            names.push(name.clone());
        }
    }

    pub(crate) fn names(&self) -> Vec<HeaderName> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Shows only the names of the headers.
impl fmt::Debug for DeniedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.keys().map(HeaderName::as_str).collect();
        f.debug_struct("DeniedRequest").field("headers", &names).finish_non_exhaustive()
    }
}

/// Converts headers from an older version of the `http` crate, or from a framework's own type.
#[cfg(any(feature = "actix-web", feature = "rocket"))]
pub(crate) fn converted<'h>(pairs: impl IntoIterator<Item = (&'h str, &'h [u8])>) -> HeaderMap {
    let pairs = pairs.into_iter().filter_map(|(name, value)| {
        Some((HeaderName::from_bytes(name.as_bytes()).ok()?, http::HeaderValue::from_bytes(value).ok()?))
    });
    let mut headers = HeaderMap::new();
    for (name, value) in pairs {
        headers.append(name, value);
    }
    headers
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn request(pairs: &[(&'static str, &'static str)]) -> DeniedRequest {
        let headers =
            pairs.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name, value);
        }
        DeniedRequest::new(&Method::GET, map, &[HeaderName::from_static("x-api-key")])
    }

    #[test]
    fn credentials_are_left_out_and_nothing_is_shown() {
        let request = request(&[
            ("authorization", "Bearer SECRET"),
            ("proxy-authorization", "Basic SECRET"),
            ("cookie", "a=SECRET"),
            ("cookie", "b=SECRET"),
            ("sec-websocket-protocol", "chat, bearer.SECRET"),
            ("x-api-key", "SECRET"),
            ("x-other", "VALUE"),
        ]);
        assert_eq!(request.headers().len(), 1);
        assert_eq!(request.headers()["x-other"], "VALUE");
        let shown = format!("{request:?} {:?}", request.headers());
        assert!(shown.contains("x-other") && !shown.contains("SECRET") && !shown.contains("VALUE"), "{shown}");
    }

    #[test]
    fn what_accepts_html() {
        for (accept, expected) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", true),
            ("application/json, TEXT/HTML ; q=0.1", true),
            ("text/html;q=0, application/json", false),
            ("text/html; Q = 0.000", false),
            ("*/*", false),
            ("application/json", false),
            ("text/html2", false),
            ("", false),
        ] {
            assert_eq!(request(&[("accept", accept)]).accepts_html(), expected, "{accept}");
        }
        assert!(!request(&[]).accepts_html());
    }
}
