//! Whether a page of another site has caused a request (cross-site request forgery).
//!
//! Browsers add cookies and remembered passwords to requests by themselves, whichever page causes
//! them. They also say where the page comes from: `Sec-Fetch-Site` (W3C Fetch Metadata) and
//! `Origin` (RFC 6454) are headers that no page can set.

use std::net::Ipv6Addr;

use super::sources::OriginRule;
use super::sources::request_headers::{Only, RequestHeaders};
use crate::settings::SettingsError;

/// The application's own origins, and whether requests are checked at all.
#[derive(Clone, Debug, Default)]
pub(crate) struct OriginCheck {
    own: Vec<String>,
    is_off: bool,
}

/// The origin of the page that has caused a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cause {
    OwnPage,
    /// The client has sent neither header: it is not a browser, or an old one.
    Unsaid,
    Elsewhere,
}

impl OriginCheck {
    pub(crate) fn turn_off(&mut self) {
        self.is_off = true;
    }

    /// Adds an origin of the application.
    ///
    /// # Errors
    /// If the text is not an origin.
    pub(crate) fn add(&mut self, origin: &str) -> Result<(), SettingsError> {
        self.own.push(serialised(origin).ok_or(SettingsError::Origin)?);
        Ok(())
    }

    /// Whether a request is refused because another site may have caused it. Its credentials come
    /// from a source with this rule.
    pub(crate) fn refuses(&self, rule: OriginRule, method: &str, headers: RequestHeaders<'_>) -> bool {
        let cause = || self.cause(headers);
        let is_exempt = || matches!(method, "GET" | "HEAD") && !opens_websocket(headers);
        match rule {
            OriginRule::Any => false,
            _ if self.is_off => false,
            OriginRule::NotElsewhere => !is_exempt() && cause() == Cause::Elsewhere,
            OriginRule::Own => !is_exempt() && cause() != Cause::OwnPage,
        }
    }

    fn cause(&self, headers: RequestHeaders<'_>) -> Cause {
        match (headers.only("sec-fetch-site"), headers.only("origin")) {
            (Only::Several, _) | (_, Only::Several) => Cause::Elsewhere,
            // `none`: the user has typed the address or opened a bookmark.
            (Only::One(b"same-origin" | b"none"), _) => Cause::OwnPage,
            (_, Only::One(origin)) if self.own.iter().any(|own| own.as_bytes() == origin) => Cause::OwnPage,
            (Only::None, Only::None) => Cause::Unsaid,
            _ => Cause::Elsewhere,
        }
    }
}

/// Whether a `GET` is a WebSocket handshake (RFC 6455, section 4.1). Over HTTP/2 the method is
/// `CONNECT` (RFC 8441).
fn opens_websocket(headers: RequestHeaders<'_>) -> bool {
    let mut found = headers.has("sec-websocket-key") || headers.has("sec-websocket-version");
    headers.each("upgrade", &mut |value| {
        found |= value.windows(9).any(|word| word.eq_ignore_ascii_case(b"websocket"));
    });
    found
}

/// An origin in the form that browsers send (RFC 6454, section 6.2): in lower case, without the
/// scheme's default port.
fn serialised(origin: &str) -> Option<String> {
    let origin = origin.to_ascii_lowercase();
    let (scheme, authority) = origin.split_once("://")?;
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let (host, port) = match authority.rsplit_once(':') {
        // These colons belong to an IPv6 address.
        Some((_, after)) if after.ends_with(']') => (authority, None),
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    let is_in_host = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    let host = match host.strip_prefix('[') {
        Some(address) => format!("[{}]", address.strip_suffix(']')?.parse::<Ipv6Addr>().ok()?),
        None => host.to_owned(),
    };
    let is_host = host.starts_with('[') || (!host.is_empty() && host.bytes().all(is_in_host));
    let is_port = port.is_none_or(|port| {
        !port.is_empty()
            && !port.starts_with('0')
            && port.bytes().all(|byte| byte.is_ascii_digit())
            && port.parse::<u16>().is_ok()
    });
    if !is_scheme || !is_host || !is_port {
        return None;
    }
    let is_default = matches!((scheme, port), ("http", Some("80")) | ("https", Some("443")));
    Some(match port {
        Some(port) if !is_default => format!("{scheme}://{host}:{port}"),
        _ => format!("{scheme}://{host}"),
    })
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::*;

    #[test]
    fn origins() {
        for (origin, expected) in [
            ("https://app.example.com", Some("https://app.example.com")),
            ("HTTPS://App.Example.com", Some("https://app.example.com")),
            ("https://app.example.com:443", Some("https://app.example.com")),
            ("http://app.example.com:443", Some("http://app.example.com:443")),
            ("http://localhost:80", Some("http://localhost")),
            ("http://localhost:3000", Some("http://localhost:3000")),
            ("http://[::1]:3000", Some("http://[::1]:3000")),
            ("http://[::1]", Some("http://[::1]")),
            ("http://[0:0::0001]:80", Some("http://[::1]")),
            ("http://[2001:DB8::A]", Some("http://[2001:db8::a]")),
            ("tauri://localhost", Some("tauri://localhost")),
            ("null", None),
            ("*", None),
            ("https://*.example.com", None),
            ("app.example.com", None),
            ("https://app.example.com/", None),
            ("https://app.example.com/login", None),
            ("https://app.example.com?x", None),
            ("https://user@app.example.com", None),
            ("https://a.example.com, https://b.example.com", None),
            (" https://app.example.com", None),
            ("https://", None),
            ("https://:443", None),
            ("https://app.example.com:", None),
            ("https://app.example.com:0443", None),
            ("https://app.example.com:65536", None),
            ("https://[::1", None),
            ("https://[x]", None),
            ("file:///tmp", None),
            ("https://b\u{fc}cher.example", None),
            ("", None),
        ] {
            assert_eq!(serialised(origin).as_deref(), expected, "{origin}");
        }
    }

    /// Headers by name and value.
    type Lines = &'static [(&'static str, &'static str)];

    fn refuses(rule: OriginRule, method: &str, lines: Lines) -> bool {
        let mut map = HeaderMap::new();
        for &(name, value) in lines {
            map.append(name, HeaderValue::from_static(value));
        }
        let mut check = OriginCheck::default();
        check.add("https://app.example.com").unwrap();
        check.refuses(rule, method, (&map).into())
    }

    #[test]
    fn what_the_client_says_of_the_page() {
        const OURS: (&str, &str) = ("origin", "https://app.example.com");
        let cases: &[(Lines, Cause)] = &[
            (&[], Cause::Unsaid),
            (&[("host", "app.example.com")], Cause::Unsaid),
            (&[("referer", "https://app.example.com/")], Cause::Unsaid),
            (&[("sec-fetch-site", "same-origin")], Cause::OwnPage),
            (&[("sec-fetch-site", "none")], Cause::OwnPage),
            (&[("sec-fetch-site", "same-origin"), ("origin", "https://elsewhere.example")], Cause::OwnPage),
            // The request of a page whose referrer policy is `no-referrer`.
            (&[("sec-fetch-site", "same-origin"), ("origin", "null")], Cause::OwnPage),
            (&[("sec-fetch-site", "same-site")], Cause::Elsewhere),
            (&[("sec-fetch-site", "cross-site")], Cause::Elsewhere),
            (&[("sec-fetch-site", "Same-Origin")], Cause::Elsewhere),
            (&[("sec-fetch-site", "same-origin ")], Cause::Elsewhere),
            (&[("sec-fetch-site", "\"same-origin\"")], Cause::Elsewhere),
            (&[("sec-fetch-site", "same-origin, cross-site")], Cause::Elsewhere),
            (&[("sec-fetch-site", "")], Cause::Elsewhere),
            (&[("sec-fetch-site", "same-origin"), ("sec-fetch-site", "same-origin")], Cause::Elsewhere),
            // An own origin counts even if the browser calls it another site: a page of `app.`
            // calls `api.`.
            (&[OURS], Cause::OwnPage),
            (&[OURS, ("sec-fetch-site", "same-site")], Cause::OwnPage),
            (&[OURS, ("sec-fetch-site", "cross-site")], Cause::OwnPage),
            (&[OURS, OURS], Cause::Elsewhere),
            (&[OURS, OURS, ("sec-fetch-site", "same-origin")], Cause::Elsewhere),
            (&[OURS, ("origin", "https://elsewhere.example")], Cause::Elsewhere),
            (&[("origin", "null")], Cause::Elsewhere),
            (&[("origin", "")], Cause::Elsewhere),
            (&[("origin", "http://app.example.com")], Cause::Elsewhere),
            (&[("origin", "https://app.example.com:8443")], Cause::Elsewhere),
            (&[("origin", "https://app.example.com.elsewhere.example")], Cause::Elsewhere),
            (&[("origin", "https://APP.example.com")], Cause::Elsewhere),
            (&[("origin", "https://elsewhere.example"), ("host", "elsewhere.example")], Cause::Elsewhere),
        ];
        for &(lines, cause) in cases {
            for method in ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "get", "GETX"] {
                assert_eq!(refuses(OriginRule::Own, method, lines), cause != Cause::OwnPage, "{method} {lines:?}");
                let is_elsewhere = cause == Cause::Elsewhere;
                assert_eq!(refuses(OriginRule::NotElsewhere, method, lines), is_elsewhere, "{method} {lines:?}");
                assert!(!refuses(OriginRule::Any, method, lines), "{method} {lines:?}");
            }
            for method in ["GET", "HEAD"] {
                assert!(!refuses(OriginRule::Own, method, lines), "{method} {lines:?}");
            }
        }
    }

    #[test]
    fn websocket_handshakes() {
        const ELSEWHERE: (&str, &str) = ("origin", "https://elsewhere.example");
        let cases: &[(Lines, bool)] = &[
            (&[ELSEWHERE], false),
            (&[ELSEWHERE, ("upgrade", "h2c")], false),
            (&[ELSEWHERE, ("x-http-method-override", "POST")], false),
            (&[ELSEWHERE, ("upgrade", "websocket")], true),
            (&[ELSEWHERE, ("upgrade", "WebSocket")], true),
            (&[ELSEWHERE, ("upgrade", "h2c, websocket")], true),
            (&[ELSEWHERE, ("upgrade", "h2c"), ("upgrade", "websocket")], true),
            (&[ELSEWHERE, ("upgrade", "websocket/13")], true),
            (&[ELSEWHERE, ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")], true),
            (&[("upgrade", "websocket"), ("origin", "https://app.example.com")], false),
            (&[("upgrade", "websocket"), ("sec-fetch-site", "same-origin")], false),
        ];
        for &(lines, refused) in cases {
            for rule in [OriginRule::Own, OriginRule::NotElsewhere] {
                assert_eq!(refuses(rule, "GET", lines), refused, "{lines:?}");
            }
        }
        assert!(refuses(OriginRule::Own, "GET", &[("upgrade", "websocket")]));
        assert!(!refuses(OriginRule::NotElsewhere, "GET", &[("upgrade", "websocket")]));
    }

    #[test]
    fn the_check_can_be_turned_off() {
        let mut check = OriginCheck::default();
        check.turn_off();
        assert!(!check.refuses(OriginRule::Own, "POST", (&HeaderMap::new()).into()));
    }
}
