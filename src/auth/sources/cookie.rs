//! The token in a cookie.

use std::borrow::Cow;

use super::authorization::{is_visible, visible};
use super::request_headers::RequestHeaders;
use crate::auth::credentials::Credentials;

/// Reads the cookie of this name from all `Cookie` headers, because HTTP/2 may split them. The name
/// is case-sensitive.
pub(super) fn read<'h>(headers: RequestHeaders<'h>, name: &str) -> Credentials<'h> {
    let (mut found, mut is_repeated) = (None, false);
    headers.each("cookie", &mut |line| {
        for pair in line.split(|&byte| byte == b';') {
            if let Some(value) = value_of(pair, name.as_bytes()) {
                is_repeated |= found.is_some();
                found = Some(value);
            }
        }
    });
    match found {
        Some(_) if is_repeated => Credentials::Malformed,
        // The cookie was cleared.
        None | Some([]) => Credentials::Absent,
        Some(value) => token(value),
    }
}

fn value_of<'h>(pair: &'h [u8], name: &[u8]) -> Option<&'h [u8]> {
    let pair = pair.trim_ascii();
    let equals = pair.iter().position(|&byte| byte == b'=')?;
    let (found, value) = (pair.get(..equals)?, pair.get(equals + 1..)?);
    (found.trim_ascii_end() == name).then(|| value.trim_ascii_start())
}

/// Percent-decodes a value once. The result must be a valid token as well.
fn token(value: &[u8]) -> Credentials<'_> {
    if !value.contains(&b'%') {
        return visible(value);
    }
    let decoded = if is_visible(value) { decoded(value) } else { None };
    let text = decoded.filter(|bytes| is_visible(bytes)).and_then(|bytes| String::from_utf8(bytes).ok());
    text.map_or(Credentials::Malformed, |text| Credentials::Token(Cow::Owned(text)))
}

/// `None` if a `%` is not followed by two hexadecimal digits.
fn decoded(value: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(value.len());
    let mut rest = value;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let (digits, after) = after.split_at_checked(2)?;
        let digit = |index: usize| char::from(digits[index]).to_digit(16);
        out.push(u8::try_from(digit(0)? * 16 + digit(1)?).ok()?);
        rest = after;
    }
    Some(out)
}
