//! The bearer token of a request: where it stands and what form it has.

use http::HeaderMap;
use http::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue};

/// The longest bearer token that [`bearer`] reads, in bytes. The tokens of the feature `tokens` are
/// shorter.
pub const MAX_CREDENTIAL_LENGTH: usize = 8192;

/// Where a request carries its token.
///
/// The query is not offered: RFC 6750, section 2.3 advises against it, and logs would keep the
/// tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenSource {
    /// `Authorization: Bearer <token>` (RFC 6750, section 2.1).
    #[default]
    Authorization,
    /// A header that holds the token alone.
    Header(HeaderName),
    /// A cookie of this name that holds the token alone. A browser sends it with requests that
    /// other sites cause, so guard state-changing routes against forgery (`SameSite`, an `Origin`
    /// check).
    Cookie(String),
}

/// The credentials that a request carries.
///
/// Exhaustive on purpose: code that reads credentials by itself must handle every case.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Credentials<'h> {
    /// Nothing: no header or cookie that this source reads, and no `Authorization` header at all.
    Absent,
    /// An `Authorization` header that this source does not read, such as one of another scheme. The
    /// client has presented something, so it is not an anonymous caller.
    OtherScheme,
    /// More than one header or token, or a token that cannot be one.
    Malformed,
    /// A token; whether it is good is for the verifier to say.
    Token(&'h str),
}

impl std::fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Absent => "Absent",
            Self::OtherScheme => "OtherScheme",
            Self::Malformed => "Malformed",
            Self::Token(_) => "Token(..)",
        })
    }
}

/// Reads the token from a request's headers.
///
/// ```
/// use scopes::{Credentials, TokenSource, bearer};
///
/// let mut headers = http::HeaderMap::new();
/// assert_eq!(bearer(&headers, &TokenSource::Authorization), Credentials::Absent);
/// headers.insert("authorization", http::HeaderValue::from_static("bearer dyn_7"));
/// assert_eq!(bearer(&headers, &TokenSource::Authorization), Credentials::Token("dyn_7"));
/// ```
#[must_use]
pub fn bearer<'h>(headers: &'h HeaderMap, source: &TokenSource) -> Credentials<'h> {
    // Nearly always each header has one value, and the token stands in the usual one.
    if matches!(source, TokenSource::Authorization) && headers.keys_len() == headers.len() {
        return headers.get(AUTHORIZATION).map_or(Credentials::Absent, |value| after_scheme(value.as_bytes()));
    }
    in_values(headers.get_all(source.header()).iter().map(HeaderValue::as_bytes), source)
        .or_other_scheme(|| headers.contains_key(AUTHORIZATION))
}

impl Credentials<'_> {
    /// Tells a request without credentials from one that has an `Authorization` header which the
    /// source does not read.
    pub(crate) fn or_other_scheme(self, has_authorization: impl FnOnce() -> bool) -> Self {
        match self {
            Self::Absent if has_authorization() => Self::OtherScheme,
            other => other,
        }
    }
}

impl TokenSource {
    /// The header that the token stands in.
    #[must_use]
    pub fn header(&self) -> &HeaderName {
        match self {
            Self::Authorization => &AUTHORIZATION,
            Self::Header(name) => name,
            Self::Cookie(_) => &COOKIE,
        }
    }
}

/// Reads the token from all values of the source's header, for frameworks with a header map of
/// their own.
pub(crate) fn in_values<'h>(values: impl Iterator<Item = &'h [u8]>, source: &TokenSource) -> Credentials<'h> {
    match source {
        TokenSource::Authorization => single(values, after_scheme),
        TokenSource::Header(_) => single(values, bare),
        TokenSource::Cookie(name) => cookie(values, name),
    }
}

/// The only header of a name; two are one too many even if they agree, since others may read the
/// other one.
fn single<'h>(mut values: impl Iterator<Item = &'h [u8]>, read: fn(&'h [u8]) -> Credentials<'h>) -> Credentials<'h> {
    match (values.next(), values.next()) {
        (None, _) => Credentials::Absent,
        (Some(value), None) => read(value),
        (Some(_), Some(_)) => Credentials::Malformed,
    }
}

/// `auth-scheme 1*SP token68` (RFC 9110, section 11.4).
fn after_scheme(value: &[u8]) -> Credentials<'_> {
    // Nearly every client sends exactly this.
    if let Some(rest) = value.strip_prefix(b"Bearer ").filter(|rest| rest.first() != Some(&b' ')) {
        return token(rest);
    }
    let end = value.iter().position(|&byte| !IN_SCHEME[usize::from(byte)]).unwrap_or(value.len());
    let (scheme, rest) = value.split_at(end);
    if !scheme.eq_ignore_ascii_case(b"bearer") {
        return Credentials::OtherScheme;
    }
    let spaces = rest.iter().take_while(|&&byte| byte == b' ').count();
    if spaces == 0 { Credentials::Malformed } else { token(rest.get(spaces..).unwrap_or_default()) }
}

fn bare(value: &[u8]) -> Credentials<'_> {
    if value.is_empty() { Credentials::Absent } else { token(value) }
}

/// The cookie of a name over all `Cookie` headers (HTTP/2 may split them); an empty one is a cookie
/// that was cleared.
fn cookie<'h>(headers: impl Iterator<Item = &'h [u8]>, name: &str) -> Credentials<'h> {
    let pairs = headers.flat_map(|value| value.split(|&byte| byte == b';'));
    let mut values = pairs.filter_map(|pair| {
        let pair = pair.trim_ascii();
        let equals = pair.iter().position(|&byte| byte == b'=')?;
        let (found, value) = (pair.get(..equals)?, pair.get(equals + 1..)?);
        (found.trim_ascii_end() == name.as_bytes()).then(|| value.trim_ascii_start())
    });
    match (values.next(), values.next()) {
        (None, _) => Credentials::Absent,
        (Some(value), None) => bare(value),
        (Some(_), Some(_)) => Credentials::Malformed,
    }
}

/// `b64token` (RFC 6750, section 2.1) of at most [`MAX_CREDENTIAL_LENGTH`] bytes.
fn token(value: &[u8]) -> Credentials<'_> {
    let padding = value.iter().rev().take_while(|&&byte| byte == b'=').count();
    let body = value.get(..value.len() - padding).unwrap_or_default();
    if body.is_empty() || value.len() > MAX_CREDENTIAL_LENGTH || !is_in_body(body) {
        return Credentials::Malformed;
    }
    std::str::from_utf8(value).map_or(Credentials::Malformed, Credentials::Token)
}

/// Nearly every token is sound, so that eight bytes are looked up without a branch between them.
fn is_in_body(body: &[u8]) -> bool {
    let (eights, rest) = body.as_chunks::<8>();
    let all = |bytes: &[u8]| bytes.iter().fold(true, |sound, &byte| sound & IN_BODY[usize::from(byte)]);
    eights.iter().all(|eight| all(eight)) && all(rest)
}

/// Which bytes a `b64token` may contain before its padding. A lookup table, because every request's
/// token is checked with it; a static, because indexing a `const` copies it in unoptimised builds.
static IN_BODY: [bool; 256] = alphanumeric_and(b"-._~+/");

/// `tchar` (RFC 9110, section 5.6.2).
static IN_SCHEME: [bool; 256] = alphanumeric_and(b"!#$%&'*+-.^_`|~");

/// A table of the letters, the digits and these bytes.
const fn alphanumeric_and(others: &[u8]) -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let mut other = 0;
    while other < others.len() {
        table[others[other] as usize] = true;
        other += 1;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::Credentials::{Absent, Malformed, OtherScheme, Token};
    use super::*;

    /// Headers by name and value.
    type Lines<'a> = &'a [(&'static str, &'a [u8])];

    fn headers(lines: Lines<'_>) -> HeaderMap {
        let mut map = HeaderMap::new();
        for &(name, value) in lines {
            map.append(name, HeaderValue::from_bytes(value).unwrap());
        }
        map
    }

    #[test]
    fn authorization() {
        let cases: &[(&[&[u8]], Credentials<'_>)] = &[
            (&[], Absent),
            (&[b""], OtherScheme),
            (&[b"Bearer t"], Token("t")),
            (&[b"bearer t"], Token("t")),
            (&[b"BEARER t"], Token("t")),
            (&[b"Bearer   t"], Token("t")),
            (&[b"Bearer aZ09-._~+/=="], Token("aZ09-._~+/==")),
            // Other schemes are left to other layers, but they are not nothing.
            (&[b"Basic dTpw"], OtherScheme),
            (&[b"Digest username=\"x\""], OtherScheme),
            (&[b"BearerX t"], OtherScheme),
            (&[b"Bearer-t"], OtherScheme),
            (&[b"dyn_token"], OtherScheme),
            // The scheme without a token, or with what cannot be one.
            (&[b"Bearer"], Malformed),
            (&[b"Bearer "], Malformed),
            (&[b"Bearer\tt"], Malformed),
            (&[b"Bearer=t"], Malformed),
            (&[b"Bearer, Bearer t"], Malformed),
            (&[b"Bearer a b"], Malformed),
            (&[b"Bearer a,b"], Malformed),
            (&[b"Bearer a "], Malformed),
            (&[b"Bearer \ta"], Malformed),
            (&[b"Bearer \"a\""], Malformed),
            (&[b"Bearer =a"], Malformed),
            (&[b"Bearer a=b"], Malformed),
            (&[b"Bearer =="], Malformed),
            (&[b"Bearer \xff"], Malformed),
            (&[b"Bearer t\xc3\xa9"], Malformed),
            // Two headers, whatever is in them.
            (&[b"Bearer a", b"Bearer a"], Malformed),
            (&[b"Bearer a", b"Basic b"], Malformed),
            (&[b"Basic b", b"Bearer a"], Malformed),
            (&[b"", b"Bearer a"], Malformed),
        ];
        for (lines, expected) in cases {
            let lines: Vec<_> = lines.iter().map(|line| ("authorization", *line)).collect();
            assert_eq!(bearer(&headers(&lines), &TokenSource::Authorization), *expected, "{lines:?}");
        }
    }

    #[test]
    fn length() {
        for (length, good) in [(1, true), (8192, true), (8193, false), (60_000, false)] {
            let value = format!("Bearer {}", "a".repeat(length));
            let map = headers(&[("authorization", value.as_bytes())]);
            assert_eq!(matches!(bearer(&map, &TokenSource::Authorization), Token(_)), good, "{length}");
        }
    }

    #[test]
    fn other_header() {
        let source = TokenSource::Header(HeaderName::from_static("x-api-key"));
        let cases: &[(Lines<'_>, Credentials<'_>)] = &[
            (&[], Absent),
            (&[("authorization", b"Bearer t")], OtherScheme),
            (&[("x-api-key", b"")], Absent),
            (&[("x-api-key", b"t")], Token("t")),
            (&[("x-api-key", b"Bearer t")], Malformed),
            (&[("x-api-key", b"a"), ("x-api-key", b"b")], Malformed),
        ];
        for (lines, expected) in cases {
            assert_eq!(bearer(&headers(lines), &source), *expected, "{lines:?}");
        }
    }

    #[test]
    fn cookies() {
        let source = TokenSource::Cookie("token".to_owned());
        let cases: &[(&[&[u8]], Credentials<'_>)] = &[
            (&[], Absent),
            (&[b"other=1"], Absent),
            (&[b"token"], Absent),
            (&[b"token="], Absent),
            (&[b"Token=t"], Absent),
            (&[b"xtoken=t"], Absent),
            (&[b"token=t"], Token("t")),
            (&[b"a=1; token=t; b=2"], Token("t")),
            (&[b"a=1;token=t"], Token("t")),
            (&[b"a=1", b"token=t"], Token("t")),
            (&[b"token=t=="], Token("t==")),
            (&[b"a=\xff; token=t"], Token("t")),
            (&[b"token=\"t\""], Malformed),
            (&[b"token=a; token=a"], Malformed),
            (&[b"token=a", b"token=b"], Malformed),
            (&[b"token=; token=b"], Malformed),
        ];
        for (lines, expected) in cases {
            let lines: Vec<_> = lines.iter().map(|line| ("cookie", *line)).collect();
            assert_eq!(bearer(&headers(&lines), &source), *expected, "{lines:?}");
        }
    }

    #[test]
    fn tokens_are_not_shown() {
        assert_eq!(format!("{:?}", Token("secret")), "Token(..)");
    }
}
