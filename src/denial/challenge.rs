//! Header values of denials: `WWW-Authenticate` (RFC 6750, section 3), `Allow` and
//! `Accepted-Scopes`.
//!
//! Quoted strings are safe by construction: whatever cannot stand in one is left out, so that every
//! value made here is a header value and none can end early.

use http::HeaderValue;
use http::header::HeaderName;

/// Lists the alternatives of the requirement as declared, scopes of one separated by spaces,
/// alternatives by `; `.
pub(crate) const ACCEPTED_SCOPES: HeaderName = HeaderName::from_static("accepted-scopes");

/// The part of a `Bearer` challenge after the realm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Challenge<'a> {
    /// No credentials: RFC 6750, section 3.1 says that no error information should be given then.
    Absent,
    /// `error="invalid_request"`: the token was sent twice, or the header is not well-formed.
    InvalidRequest,
    /// `error="invalid_token"`: one text for unknown, revoked, expired and malformed tokens.
    InvalidToken,
    /// `error="insufficient_scope"` and the scopes that would do.
    InsufficientScope(&'a [&'a str]),
}

impl Challenge<'_> {
    /// The value of `WWW-Authenticate`.
    pub(crate) fn to_header(self, realm: &str) -> HeaderValue {
        let mut text = String::from("Bearer ");
        parameter(&mut text, "realm", realm);
        match self {
            Self::Absent => {}
            Self::InvalidRequest => {
                also(&mut text, "error", "invalid_request");
                also(&mut text, "error_description", "the credentials are repeated or malformed");
            }
            Self::InvalidToken => {
                also(&mut text, "error", "invalid_token");
                also(&mut text, "error_description", "the access token is invalid");
            }
            Self::InsufficientScope(scopes) => {
                also(&mut text, "error", "insufficient_scope");
                also(&mut text, "scope", &scopes.join(" "));
            }
        }
        header(&text).unwrap_or_else(|| HeaderValue::from_static("Bearer"))
    }
}

/// The alternatives of a requirement as declared: `a b; c` is "both `a` and `b`, or `c`".
pub(crate) fn accepted_scopes(alternatives: &[Vec<&str>]) -> Option<HeaderValue> {
    let alternatives: Vec<String> = alternatives.iter().map(|scopes| scopes.join(" ")).collect();
    header(&alternatives.join("; "))
}

/// The value of `Allow` (RFC 9110, section 10.2.1), sorted.
pub(crate) fn allow<'a>(methods: impl Iterator<Item = &'a str>) -> Option<HeaderValue> {
    let mut methods: Vec<&str> = methods.collect();
    methods.sort_unstable();
    header(&methods.join(", "))
}

fn header(text: &str) -> Option<HeaderValue> {
    HeaderValue::from_str(text).ok()
}

fn also(text: &mut String, name: &str, value: &str) {
    text.push_str(", ");
    parameter(text, name, value);
}

fn parameter(text: &mut String, name: &str, value: &str) {
    text.push_str(name);
    text.push_str("=\"");
    // What RFC 6750 allows in `scope` and `error_description`, space included; a subset of the
    // quoted-string of RFC 9110.
    text.extend(value.chars().filter(|character| matches!(character, ' '..='!' | '#'..='[' | ']'..='~')));
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_of_rfc_6750() {
        for (challenge, expected) in [
            (Challenge::Absent, r#"Bearer realm="api""#),
            (
                Challenge::InvalidRequest,
                r#"Bearer realm="api", error="invalid_request", error_description="the credentials are repeated or malformed""#,
            ),
            (
                Challenge::InvalidToken,
                r#"Bearer realm="api", error="invalid_token", error_description="the access token is invalid""#,
            ),
            (
                Challenge::InsufficientScope(&["users.read"]),
                r#"Bearer realm="api", error="insufficient_scope", scope="users.read""#,
            ),
            (
                Challenge::InsufficientScope(&["events.read", "users.write"]),
                r#"Bearer realm="api", error="insufficient_scope", scope="events.read users.write""#,
            ),
        ] {
            assert_eq!(challenge.to_header("api"), expected);
        }
    }

    #[test]
    fn no_value_ends_its_quotes_early() {
        for realm in ["a\"b", "a\\b", "a\r\nb", "a\u{e9}b", "a\u{0}b", "a\tb"] {
            assert_eq!(Challenge::Absent.to_header(realm), r#"Bearer realm="ab""#, "{realm:?}");
        }
    }

    #[test]
    fn lists() {
        for (alternatives, expected) in
            [(vec![vec!["a"]], "a"), (vec![vec!["a"], vec!["b"]], "a; b"), (vec![vec!["a", "b"], vec!["c"]], "a b; c")]
        {
            assert_eq!(accepted_scopes(&alternatives).unwrap(), expected);
        }
        assert_eq!(allow(["HEAD", "GET"].into_iter()).unwrap(), "GET, HEAD");
        assert_eq!(accepted_scopes(&[vec!["a\n"]]), None);
    }
}
