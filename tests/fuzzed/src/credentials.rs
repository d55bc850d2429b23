//! The credentials of a request, against a plain reading of RFC 6750, section 2.1.

use http::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue};
use scopes::{Credentials, MAX_CREDENTIAL_LENGTH, TokenSource, bearer};

use crate::reached::reach;

/// Each line is the value of a header; all three sources read the same values.
pub(crate) fn check(data: &[u8]) {
    let lines: Vec<&[u8]> = data.split(|&byte| byte == b'\n').collect();
    let key = HeaderName::from_static("x-api-key");
    let mut headers = HeaderMap::new();
    let mut values: Vec<&[u8]> = Vec::new();
    for value in lines.iter().copied().filter(|line| !line.is_empty()).take(8) {
        let Ok(header) = HeaderValue::from_bytes(value) else { continue };
        for name in [&AUTHORIZATION, &COOKIE, &key] {
            headers.append(name, header.clone());
        }
        values.push(value);
    }

    let authorization = match values.as_slice() {
        [] => Credentials::Absent,
        [only] => of_bearer(only),
        _ => Credentials::Malformed,
    };
    expect(&headers, &TokenSource::Authorization, authorization);
    reach(match authorization {
        Credentials::Absent => "absent",
        Credentials::OtherScheme => "other scheme",
        Credentials::Malformed => "malformed",
        Credentials::Token(_) => "token",
    });

    let bare = match values.as_slice() {
        [] => Credentials::Absent,
        [only] => token68(only),
        _ => Credentials::Malformed,
    };
    if let Credentials::Token(_) = bare {
        reach("header");
    }
    expect(&headers, &TokenSource::Header(key), bare);

    let trim = |text: &[u8]| text.trim_ascii().to_vec();
    let pairs = values.iter().flat_map(|value| value.split(|&byte| byte == b';')).filter_map(|pair| {
        let pair = pair.trim_ascii();
        let equals = pair.iter().position(|&byte| byte == b'=')?;
        Some((trim(&pair[..equals]), trim(&pair[equals + 1..])))
    });
    let named: Vec<Vec<u8>> = pairs.filter(|(name, _)| name == b"token").map(|(_, value)| value).collect();
    let cookie = match named.as_slice() {
        [] if values.is_empty() => Credentials::Absent,
        [] => Credentials::OtherScheme,
        [only] if only.is_empty() => Credentials::OtherScheme,
        [only] => token68(only),
        _ => Credentials::Malformed,
    };
    if let Credentials::Token(_) = cookie {
        reach("cookie");
    }
    expect(&headers, &TokenSource::Cookie("token".to_owned()), cookie);
}

fn expect(headers: &HeaderMap, source: &TokenSource, expected: Credentials<'_>) {
    let found = bearer(headers, source);
    assert!(found == expected, "{found:?} instead of {expected:?} from {source:?}");
    if let Credentials::Token(token) = found {
        assert!(!token.is_empty() && token.is_ascii() && token.len() <= MAX_CREDENTIAL_LENGTH);
        assert!(!format!("{found:?}").contains(token) || "Token(..)".contains(token), "a token is shown");
    }
}

/// `Bearer 1*SP token68`; every other scheme is nobody's business.
fn of_bearer(value: &[u8]) -> Credentials<'_> {
    let word = value.get(..6).is_some_and(|word| word.eq_ignore_ascii_case(b"bearer"));
    let rest = value.get(6..).unwrap_or_default();
    let ends = rest.first().is_none_or(|byte| !(byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte)));
    if !word || !ends {
        return Credentials::OtherScheme;
    }
    let token = std::str::from_utf8(rest).map(|rest| rest.trim_start_matches(' '));
    match token {
        Ok(token) if rest.starts_with(b" ") => token68(token.as_bytes()),
        _ => Credentials::Malformed,
    }
}

fn token68(value: &[u8]) -> Credentials<'_> {
    let text = std::str::from_utf8(value).unwrap_or_default();
    let body = text.trim_end_matches('=');
    let sound = |character: char| character.is_ascii_alphanumeric() || "-._~+/".contains(character);
    if !body.is_empty() && body.chars().all(sound) && text.len() <= 8192 {
        Credentials::Token(text)
    } else {
        Credentials::Malformed
    }
}
