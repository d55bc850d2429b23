//! The credentials of a request, compared with a direct implementation of RFC 6750, section 2.1,
//! and of RFC 7617.

use std::convert::Infallible;
use std::future::{Future, ready};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use http::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue};
use http::{Request, Response};
use scopes::{Authenticate, Authentication, Credentials, MAX_CREDENTIAL_LENGTH, Password, TokenSource, bearer};

use crate::hostile::api;
use crate::reached::reach;

/// Each line is the value of a header. All sources read the same values.
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
    expect(&headers, &TokenSource::bearer(), &authorization);
    reach(match authorization {
        Credentials::Absent => "absent",
        Credentials::OtherScheme => "other scheme",
        Credentials::Malformed => "malformed",
        Credentials::Token(_) => "token",
    });

    let bare = match values.as_slice() {
        [] => Credentials::Absent,
        [only] => visible(only.to_vec()),
        _ => Credentials::Malformed,
    };
    if let Credentials::Token(_) = bare {
        reach("header");
    }
    expect(&headers, &TokenSource::header("x-api-key").expect("a name"), &bare);

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
        [only] => of_cookie(only),
        _ => Credentials::Malformed,
    };
    if let Credentials::Token(_) = cookie {
        reach("cookie");
    }
    expect(&headers, &TokenSource::cookie("token"), &cookie);

    let basic = match values.as_slice() {
        [] => "absent".to_owned(),
        [only] => of_basic(only),
        _ => "malformed".to_owned(),
    };
    if basic.contains(':') {
        reach("password");
    }
    assert_eq!(asked(headers), basic);
}

/// How a server with passwords reads the headers: the pair that its function got, or why it got
/// none.
fn asked(headers: HeaderMap) -> String {
    let pair = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&pair);
    let authenticate = Authenticate::<api::Scope>::basic(move |user: String, password: Password| {
        *seen.lock().expect("no panic") = Some(format!("{user}:{}", password.expose()));
        ready(Ok(None))
    });
    let mut request = Request::new(());
    *request.headers_mut() = headers;
    let handler = async |request: Request<()>| {
        let text = match Authentication::<api::Scope>::of(request.extensions()) {
            Some(Authentication::Absent) => "absent",
            Some(Authentication::OtherScheme) => "other scheme",
            Some(Authentication::Malformed) => "malformed",
            Some(Authentication::Invalid) => "asked",
            other => unreachable!("{other:?}"),
        };
        Ok::<_, Infallible>(Response::new(text))
    };
    let future = pin!(authenticate.around(request, handler));
    let Poll::Ready(Ok(response)) = future.poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("nothing is waited for");
    };
    let pair = pair.lock().expect("no panic").take();
    assert_eq!(pair.is_some(), *response.body() == "asked");
    pair.unwrap_or_else(|| (*response.body()).to_owned())
}

/// Reads `Basic 1*SP base64(user ":" password)` (RFC 7617), bit by bit.
fn of_basic(value: &[u8]) -> String {
    let Some((word, rest)) = value.split_at_checked(5) else { return "other scheme".to_owned() };
    let is_longer = rest.first().is_some_and(|byte| is_in_scheme(*byte));
    if !word.eq_ignore_ascii_case(b"basic") || is_longer {
        return "other scheme".to_owned();
    }
    let text = String::from_utf8_lossy(rest);
    let encoded = text.trim_start_matches(' ');
    let decoded = if rest.starts_with(b" ") && encoded.len() <= 8192 { unpacked(encoded) } else { None };
    let pair = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    let is_sound = |pair: &String| pair.contains(':') && !pair.chars().any(char::is_control);
    pair.filter(is_sound).unwrap_or_else(|| "malformed".to_owned())
}

/// The bytes whose base64 is this text.
fn unpacked(text: &str) -> Option<Vec<u8>> {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let letters = text.trim_end_matches('=');
    let mut bits = String::new();
    for letter in letters.chars() {
        bits.push_str(&format!("{:06b}", ALPHABET.find(letter)?));
    }
    let (bytes, spare) = bits.split_at(bits.len() / 8 * 8);
    let is_canonical = spare.len() < 6 && !spare.contains('1') && text.len() == letters.len().div_ceil(4) * 4;
    let byte = |eight: &[u8]| u8::from_str_radix(std::str::from_utf8(eight).ok()?, 2).ok();
    if is_canonical { bytes.as_bytes().chunks(8).map(byte).collect() } else { None }
}

/// Reads a cookie's value, percent-decoded once.
fn of_cookie(value: &[u8]) -> Credentials<'static> {
    let mut pieces = value.split(|&byte| byte == b'%');
    let mut decoded = pieces.next().unwrap_or_default().to_vec();
    for piece in pieces {
        let escape = piece.get(..2).filter(|escape| escape.iter().all(u8::is_ascii_hexdigit));
        let Some(byte) = escape.and_then(|escape| u8::from_str_radix(std::str::from_utf8(escape).ok()?, 16).ok())
        else {
            return Credentials::Malformed;
        };
        decoded.push(byte);
        decoded.extend_from_slice(&piece[2..]);
    }
    if value.len() <= 8192 { visible(decoded) } else { Credentials::Malformed }
}

fn visible(value: Vec<u8>) -> Credentials<'static> {
    let is_sound = |byte: &u8| (0x21..=0x7e).contains(byte) && !b",\"'".contains(byte);
    match String::from_utf8(value) {
        Ok(text) if !text.is_empty() && text.len() <= 8192 && text.as_bytes().iter().all(is_sound) => {
            Credentials::Token(text.into())
        }
        _ => Credentials::Malformed,
    }
}

const fn is_in_scheme(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
}

fn expect(headers: &HeaderMap, source: &TokenSource, expected: &Credentials<'_>) {
    let found = bearer(headers, source);
    assert!(found == *expected, "{found:?} instead of {expected:?} from {source:?}");
    if let Credentials::Token(token) = found {
        assert!(!token.is_empty() && token.is_ascii() && token.len() <= MAX_CREDENTIAL_LENGTH);
        let shown = format!("{:?}", Credentials::Token(token.clone()));
        assert!(!shown.contains(&*token) || "Token(..)".contains(&*token), "a token is shown");
    }
}

/// Reads `Bearer 1*SP token68`. The layer does not read other schemes.
fn of_bearer(value: &[u8]) -> Credentials<'_> {
    let word = value.get(..6).is_some_and(|word| word.eq_ignore_ascii_case(b"bearer"));
    let rest = value.get(6..).unwrap_or_default();
    let ends = !rest.first().is_some_and(|byte| is_in_scheme(*byte));
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
        Credentials::Token(text.into())
    } else {
        Credentials::Malformed
    }
}
