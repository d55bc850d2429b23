//! Header values of denials: `WWW-Authenticate` (RFC 6750, section 3; RFC 7617), `Allow` and
//! `Accepted-Scopes`.
//!
//! Quoted strings are safe by construction: characters that are not allowed in them are left out,
//! so that every value is a valid header value and no string ends early.

use std::sync::Arc;

use http::HeaderValue;
use http::header::HeaderName;

/// The header that lists the alternatives of the requirement as declared. Spaces separate the
/// scopes of one alternative, `; ` separates alternatives.
pub(crate) const ACCEPTED_SCOPES: HeaderName = HeaderName::from_static("accepted-scopes");

/// The challenges of a server: one for each scheme of its token sources, in the order of the
/// sources.
#[derive(Clone, Debug)]
pub(crate) struct Challenges {
    schemes: Arc<[Scheme]>,
    /// The scheme by which the client has authenticated, if it has.
    used: usize,
}

/// The scheme of a token source in a challenge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Bearer,
    Basic,
    /// For keys in headers and cookies. No scheme is registered for them, but a 401 must have a
    /// challenge (RFC 9110, section 15.5.2). This challenge says where the key belongs, in the
    /// words of `OpenAPI`. Clients skip schemes that they do not know.
    ApiKey(Option<(&'static str, Arc<str>)>),
}

/// The part of a challenge after the realm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Challenge<'a> {
    /// Nothing, for a request without credentials: RFC 6750, section 3.1 says that the challenge
    /// should have no error then.
    Absent,
    /// `error="invalid_request"`: the token was sent twice, or the header is not well-formed.
    InvalidRequest,
    /// `error="invalid_token"`: the same text for unknown, revoked, expired and malformed tokens.
    InvalidToken,
    /// `error="insufficient_scope"` and the scopes that would suffice.
    InsufficientScope(&'a [&'a str]),
}

impl Default for Challenges {
    fn default() -> Self {
        Self { schemes: Arc::new([Scheme::Bearer]), used: 0 }
    }
}

impl Challenges {
    /// Makes the challenges of these schemes, each listed once. The one at the index `used` gets
    /// the errors.
    pub(crate) fn new(listed: &[Scheme], used: usize) -> Self {
        let mut schemes: Vec<Scheme> = Vec::new();
        for scheme in listed {
            if !schemes.contains(scheme) {
                schemes.push(scheme.clone());
            }
        }
        let used = listed.get(used).and_then(|used| schemes.iter().position(|scheme| scheme == used));
        Self { schemes: schemes.into(), used: used.unwrap_or_default() }
    }

    /// Whether the client has sent a user and a password.
    pub(crate) fn are_of_password(&self) -> bool {
        self.schemes.get(self.used) == Some(&Scheme::Basic)
    }

    /// The values of `WWW-Authenticate`. Only the scheme by which the client has authenticated says
    /// what is wrong.
    pub(crate) fn to_headers(
        &self,
        challenge: Challenge<'_>,
        realm: &str,
        parameters: &[(Arc<str>, Arc<str>)],
    ) -> Vec<HeaderValue> {
        let is_named = |index: usize, scheme: &Scheme| match challenge {
            // Only the scheme that the client has used gets the scopes. `Basic` has no parameter
            // for them.
            Challenge::InsufficientScope(_) => index == self.used && *scheme != Scheme::Basic,
            _ => true,
        };
        let schemes = self.schemes.iter().enumerate().filter(|(index, scheme)| is_named(*index, scheme));
        let to_header = |(index, scheme): (usize, &Scheme)| {
            scheme.to_header(if index == self.used { challenge } else { Challenge::Absent }, realm, parameters)
        };
        schemes.map(to_header).collect()
    }
}

impl Scheme {
    const fn name(&self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::Basic => "Basic",
            Self::ApiKey(_) => "ApiKey",
        }
    }

    fn to_header(&self, challenge: Challenge<'_>, realm: &str, parameters: &[(Arc<str>, Arc<str>)]) -> HeaderValue {
        let mut text = format!("{} ", self.name());
        parameter(&mut text, "realm", realm);
        match self {
            Self::Bearer => parameters.iter().for_each(|(name, value)| also(&mut text, name, value)),
            // RFC 7617, section 2.1. It has no errors.
            Self::Basic => also(&mut text, "charset", "UTF-8"),
            Self::ApiKey(Some((place, name))) => {
                also(&mut text, "in", place);
                also(&mut text, "name", name);
            }
            Self::ApiKey(None) => {}
        }
        if *self != Self::Basic {
            challenge.write(&mut text);
        }
        header(&text).unwrap_or_else(|| HeaderValue::from_static(self.name()))
    }
}

impl Challenge<'_> {
    fn write(self, text: &mut String) {
        match self {
            Self::Absent => {}
            Self::InvalidRequest => {
                also(text, "error", "invalid_request");
                also(text, "error_description", "the credentials are repeated or malformed");
            }
            Self::InvalidToken => {
                also(text, "error", "invalid_token");
                also(text, "error_description", "the access token is invalid");
            }
            Self::InsufficientScope(scopes) => {
                also(text, "error", "insufficient_scope");
                also(text, "scope", &scopes.join(" "));
            }
        }
    }
}

/// Whether a text may stand between quotes without escapes, which clients read differently.
pub(crate) fn may_be_quoted(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_plain)
}

/// The name of a challenge's parameter, or `None` if it is invalid or set by the library.
pub(crate) fn parameter_name(name: &str) -> Option<&str> {
    const OURS: [&str; 5] = ["realm", "scope", "error", "error_description", "error_uri"];
    let is_in_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let is_free = !OURS.iter().any(|ours| name.eq_ignore_ascii_case(ours));
    (is_free && !name.is_empty() && name.bytes().all(is_in_token)).then_some(name)
}

/// Whether RFC 6750 allows the character in `scope` and `error_description`. The space is allowed.
/// These characters are a subset of those in a quoted-string of RFC 9110.
const fn is_plain(character: char) -> bool {
    matches!(character, ' '..='!' | '#'..='[' | ']'..='~')
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
    text.extend(value.chars().filter(|&character| is_plain(character)));
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
            assert_eq!(Challenges::default().to_headers(challenge, "api", &[]), [expected]);
        }
    }

    #[test]
    fn each_scheme_once_and_the_error_at_the_one_that_was_used() {
        let key = |place, name: &str| Scheme::ApiKey(Some((place, name.into())));
        let listed = [
            Scheme::Bearer,
            key("header", "x-api-key"),
            key("cookie", "s"),
            Scheme::Basic,
            Scheme::Bearer,
            Scheme::ApiKey(None),
        ];
        let parameters = [("hint".into(), "see the docs".into())];
        let (bearer, header, cookie, basic, custom) = (
            r#"Bearer realm="api", hint="see the docs""#,
            r#"ApiKey realm="api", in="header", name="x-api-key""#,
            r#"ApiKey realm="api", in="cookie", name="s""#,
            r#"Basic realm="api", charset="UTF-8""#,
            r#"ApiKey realm="api""#,
        );
        let error = r#", error="invalid_token", error_description="the access token is invalid""#;
        let scope = r#", error="insufficient_scope", scope="a""#;
        let plain = [bearer, header, cookie, basic, custom];
        // The index of each listed scheme among the challenges, and whether it can carry an error.
        for (used, (index, has_errors)) in
            [(0, true), (1, true), (2, true), (3, false), (0, true), (4, true)].into_iter().enumerate()
        {
            let challenges = Challenges::new(&listed, used);
            assert_eq!(challenges.to_headers(Challenge::Absent, "api", &parameters), plain, "{used}");
            let mut expected = plain.map(str::to_owned);
            if has_errors {
                expected[index].push_str(error);
            }
            assert_eq!(challenges.to_headers(Challenge::InvalidToken, "api", &parameters), expected, "{used}");
            let expected: Vec<_> =
                Some(format!("{}{scope}", plain[index])).filter(|_| has_errors).into_iter().collect();
            let found = challenges.to_headers(Challenge::InsufficientScope(&["a"]), "api", &parameters);
            assert_eq!(found, expected, "{used}");
        }
    }

    #[test]
    fn no_value_ends_its_quotes_early() {
        for realm in ["a\"b", "a\\b", "a\r\nb", "a\u{e9}b", "a\u{0}b", "a\tb"] {
            let found = Challenges::default().to_headers(Challenge::Absent, realm, &[]);
            assert_eq!(found, [r#"Bearer realm="ab""#], "{realm:?}");
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
