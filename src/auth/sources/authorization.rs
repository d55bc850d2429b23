//! The `Authorization` header: its scheme, and which characters a token may have.

use crate::auth::credentials::{Credentials, MAX_CREDENTIAL_LENGTH};
use crate::request::all_bytes::all_bytes;

/// The part of an `Authorization` header after its scheme.
pub(super) enum AfterScheme<'h> {
    OtherScheme,
    Malformed,
    Text(&'h [u8]),
}

/// Reads `Authorization: Bearer b64token` (RFC 6750, section 2.1).
#[inline]
pub(super) fn bearer(value: &[u8]) -> Credentials<'_> {
    // Nearly every client sends exactly this.
    if let Some(rest) = value.strip_prefix(b"Bearer ").filter(|rest| rest.first() != Some(&b' ')) {
        return b64token(rest);
    }
    bearer_with_care(value, b64token)
}

/// Reads a bearer token of any visible characters, for servers whose tokens RFC 6750 does not
/// allow.
pub(super) fn bearer_any_visible(value: &[u8]) -> Credentials<'_> {
    bearer_with_care(value, visible)
}

fn bearer_with_care<'h>(value: &'h [u8], token: fn(&'h [u8]) -> Credentials<'h>) -> Credentials<'h> {
    match after_scheme(value, b"bearer") {
        AfterScheme::OtherScheme => Credentials::OtherScheme,
        AfterScheme::Malformed => Credentials::Malformed,
        AfterScheme::Text(text) => token(text),
    }
}

/// `auth-scheme 1*SP token68` (RFC 9110, section 11.4). The scheme is compared without regard to
/// case.
pub(super) fn after_scheme<'h>(value: &'h [u8], expected: &[u8]) -> AfterScheme<'h> {
    let end = value.iter().position(|&byte| !IN_SCHEME[usize::from(byte)]).unwrap_or(value.len());
    let (scheme, rest) = value.split_at(end);
    if !scheme.eq_ignore_ascii_case(expected) {
        return AfterScheme::OtherScheme;
    }
    let spaces = rest.iter().take_while(|&&byte| byte == b' ').count();
    if spaces == 0 { AfterScheme::Malformed } else { AfterScheme::Text(rest.get(spaces..).unwrap_or_default()) }
}

/// Reads a `b64token` (RFC 6750, section 2.1) of at most [`MAX_CREDENTIAL_LENGTH`] bytes.
#[inline]
fn b64token(value: &[u8]) -> Credentials<'_> {
    let padding = value.iter().rev().take_while(|&&byte| byte == b'=').count();
    let body = value.get(..value.len() - padding).unwrap_or_default();
    if body.is_empty() || value.len() > MAX_CREDENTIAL_LENGTH || !all_bytes(body, may_be_in_body) {
        return Credentials::Malformed;
    }
    std::str::from_utf8(value).map_or(Credentials::Malformed, Credentials::borrowed)
}

/// Whether a `b64token` may contain this byte before its padding. Without branches: from `-` on
/// come `.`, `/` and the digits, and letters differ from small ones in one bit.
const fn may_be_in_body(byte: u8) -> bool {
    let is_letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    let is_from_hyphen_to_nine = byte.wrapping_sub(b'-') < 13;
    is_letter | is_from_hyphen_to_nine | (byte == b'+') | (byte == b'_') | (byte == b'~')
}

/// Reads a token of visible ASCII characters without comma and quotes, which join and delimit
/// values.
pub(super) fn visible(value: &[u8]) -> Credentials<'_> {
    if !is_visible(value) {
        return Credentials::Malformed;
    }
    std::str::from_utf8(value).map_or(Credentials::Malformed, Credentials::borrowed)
}

/// Whether a token outside of `Authorization: Bearer` may be this text.
pub(super) fn is_visible(value: &[u8]) -> bool {
    let is_sound = |byte: &u8| byte.is_ascii_graphic() && !matches!(byte, b',' | b'"' | b'\'');
    !value.is_empty() && value.len() <= MAX_CREDENTIAL_LENGTH && value.iter().all(is_sound)
}

/// Whether a text is a `token` (RFC 9110, section 5.6.2), such as the name of a cookie.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| IN_SCHEME[usize::from(byte)])
}

/// `tchar` (RFC 9110, section 5.6.2). A static, because indexing a `const` copies it in unoptimised
/// builds.
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
