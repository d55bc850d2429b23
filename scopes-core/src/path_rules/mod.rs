//! The strict byte rules for raw request paths.
//!
//! A guard that reads a path in another way than its handler can be bypassed. Therefore a path that
//! two programs could read in two ways is refused before anything is matched. The rules, by the
//! names used in the messages of this crate's tests:
//!
//! * **G2** every byte is an RFC 3986 `pchar` (a `#[raw]` parameter also accepts `|`, `[`, `]` and
//!   `^`, which browsers do not escape);
//! * **G3** every escape is two hexadecimal digits, hides no control character and none of `/ \ %
//!   ;`, the decoded segment is UTF-8 and neither begins nor ends with white space;
//! * **G4** no segment is `.` or `..`, raw or escaped;
//! * **G5** a raw `;` is refused.
//!
//! G3 and G5 are stricter than RFC 3986 on purpose.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::malformation::Malformation;

/// A `pchar` to which no other rule applies.
pub(crate) const PLAIN: u8 = 0;
/// `/`, which ends a segment.
pub(crate) const SLASH: u8 = 1;
/// `%`, which begins an escape.
pub(crate) const PERCENT: u8 = 2;
/// `;`, which some servers read as the beginning of a segment's parameters.
pub(crate) const SEMICOLON: u8 = 3;
/// Not a `pchar`, but browsers do not escape it in a path, because the URL standard does not demand
/// it, or did not until 2023. Allowed only in a `#[raw]` parameter.
pub(crate) const DELIMITER: u8 = 4;
/// Not a `pchar`.
pub(crate) const BAD: u8 = 5;

/// The class of each byte in a raw path. A `static`, because indexing a `const` would copy it in
/// unoptimised builds.
pub(crate) static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [BAD; 256];
    let mut byte = 0;
    while byte < 128 {
        let octet = byte as u8;
        table[byte] = match octet {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => PLAIN,
            // The rest of `unreserved`, `sub-delims` without `;`, and `:` and `@` (RFC 3986,
            // section 3.3).
            b'-' | b'.' | b'_' | b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b'=' | b':'
            | b'@' => PLAIN,
            b'/' => SLASH,
            b'%' => PERCENT,
            b';' => SEMICOLON,
            b'|' | b'[' | b']' | b'^' => DELIMITER,
            _ => BAD,
        };
        byte += 1;
    }
    table
}

/// Checks one raw segment, the text between two `/`, against G2 to G5: one pass, no allocation.
///
/// # Errors
/// The broken rule. If several are broken, a rule that no `#[raw]` lifts comes before the others;
/// among equals, the first from the left.
pub fn check_segment(segment: &[u8]) -> Result<(), Malformation> {
    let found = scan(segment);
    found.always.or(found.unless_raw).map_or(Ok(()), Err)
}

/// Like [`check_segment`], for a segment that may belong to a `#[raw(name)]` parameter. `Ok(true)`
/// says that the segment is allowed only for such a parameter, because it breaks a rule that the
/// parameter lifts ([`Malformation::is_taken_raw`]). `Ok(false)` says that it breaks no rule.
///
/// # Errors
/// A broken rule that a `#[raw]` parameter does not lift.
pub fn check_segment_raw(segment: &[u8]) -> Result<bool, Malformation> {
    let found = scan(segment);
    found.always.map_or(Ok(found.unless_raw.is_some()), Err)
}

/// Checks every segment of a raw path. Empty segments pass here and match nothing later.
///
/// # Errors
/// [`Malformation::NotOriginForm`] without a leading `/`, otherwise the error of [`check_segment`]
/// for the first malformed segment.
pub fn check_path(path: &[u8]) -> Result<(), Malformation> {
    let segments = path.strip_prefix(b"/").ok_or(Malformation::NotOriginForm)?;
    segments.split(|&byte| byte == b'/').try_for_each(check_segment)
}

/// Percent-decodes a raw segment once. Borrows it if it has no escapes. `None` for a bad escape, or
/// if the result is not UTF-8.
#[must_use]
pub fn decode(segment: &[u8]) -> Option<Cow<'_, str>> {
    match decode_bytes(segment)? {
        Cow::Borrowed(bytes) => core::str::from_utf8(bytes).ok().map(Cow::Borrowed),
        Cow::Owned(bytes) => alloc::string::String::from_utf8(bytes).ok().map(Cow::Owned),
    }
}

/// Like [`decode`], but accepts any bytes. `None` for a bad escape.
#[must_use]
pub fn decode_bytes(segment: &[u8]) -> Option<Cow<'_, [u8]>> {
    let Some(first) = segment.iter().position(|&byte| byte == b'%') else {
        return Some(Cow::Borrowed(segment));
    };
    let mut decoded = Vec::with_capacity(segment.len());
    decoded.extend_from_slice(&segment[..first]);
    let mut at = first;
    while let Some(&byte) = segment.get(at) {
        if byte == b'%' {
            decoded.push(escaped(segment, at)?);
            at += 3;
        } else {
            decoded.push(byte);
            at += 1;
        }
    }
    Some(Cow::Owned(decoded))
}

/// Iterates over the decoded bytes of a segment's valid escapes.
pub(crate) fn escapes(segment: &[u8]) -> impl Iterator<Item = u8> + '_ {
    let starts = segment.iter().enumerate().filter(|&(_, &byte)| byte == b'%');
    starts.filter_map(|(at, _)| escaped(segment, at))
}

/// The decoded byte of the escape at `at`.
fn escaped(segment: &[u8], at: usize) -> Option<u8> {
    let digit = |at: usize| char::from(*segment.get(at)?).to_digit(16);
    // Two hexadecimal digits make at most 255.
    u8::try_from(digit(at + 1)? * 16 + digit(at + 2)?).ok()
}

/// The first broken rule of each kind.
#[derive(Default)]
struct Findings {
    /// A broken rule that applies always: G4, and G2 except for characters that browsers do not
    /// escape.
    always: Option<Malformation>,
    /// A broken rule that a `#[raw]` parameter lifts.
    unless_raw: Option<Malformation>,
}

fn scan(segment: &[u8]) -> Findings {
    let mut found = Findings::default();
    let plain = segment.iter().take_while(|&&byte| CLASS[usize::from(byte)] == PLAIN).count();
    if plain == segment.len() {
        // By far the most common case: only plain characters.
        if matches!(segment, b"." | b"..") {
            found.always = Some(Malformation::DotSegment);
        }
        return found;
    }
    let mut decoded = Decoded::default();
    let mut at = 0;
    while let Some(&byte) = segment.get(at) {
        at += 1;
        let finding = match CLASS[usize::from(byte)] {
            PLAIN => decoded.push(byte),
            SEMICOLON => decoded.push(byte).or(Some(Malformation::Semicolon)),
            DELIMITER => decoded.push(byte).or(Some(Malformation::UnescapedDelimiter)),
            PERCENT => match escaped(segment, at - 1) {
                Some(octet) => {
                    at += 2;
                    let finding = decoded.push(octet);
                    let forbidden = octet < 0x20 || matches!(octet, 0x7F | b'/' | b'\\' | b'%' | b';');
                    finding.or(forbidden.then_some(Malformation::ForbiddenEscape))
                }
                None => decoded.push(byte).or(Some(Malformation::BadEscape)),
            },
            _ => {
                found.always.get_or_insert(Malformation::NotAPathCharacter);
                decoded.push(byte)
            }
        };
        found.unless_raw = found.unless_raw.or(finding);
    }
    found.unless_raw = found.unless_raw.or(decoded.end());
    if decoded.is_dot_segment() {
        found.always.get_or_insert(Malformation::DotSegment);
    }
    found
}

/// The state of decoding a segment, which keeps only the properties that the rules need.
#[derive(Default)]
struct Decoded {
    length: usize,
    dots: usize,
    /// The number of bytes that the current character still needs, its bits so far, and the range
    /// of its next byte (RFC 3629, section 4).
    wanted: u8,
    bits: u32,
    range: (u8, u8),
    /// Whether the last whole character is white space.
    white: bool,
    characters: usize,
}

impl Decoded {
    fn push(&mut self, byte: u8) -> Option<Malformation> {
        self.length += 1;
        self.dots += usize::from(byte == b'.');
        if self.wanted > 0 {
            if byte < self.range.0 || byte > self.range.1 {
                // The byte may begin another character, but the text stays malformed.
                self.wanted = 0;
                return Some(Malformation::InvalidUtf8);
            }
            self.bits = self.bits << 6 | u32::from(byte & 0x3F);
            self.range = (0x80, 0xBF);
            self.wanted -= 1;
        } else {
            (self.wanted, self.bits, self.range) = match byte {
                0..=0x7F => (0, u32::from(byte), (0x80, 0xBF)),
                0xC2..=0xDF => (1, u32::from(byte & 0x1F), (0x80, 0xBF)),
                0xE0 => (2, 0, (0xA0, 0xBF)),
                0xED => (2, u32::from(byte & 0x0F), (0x80, 0x9F)),
                0xE1..=0xEF => (2, u32::from(byte & 0x0F), (0x80, 0xBF)),
                0xF0 => (3, 0, (0x90, 0xBF)),
                0xF1..=0xF3 => (3, u32::from(byte & 0x07), (0x80, 0xBF)),
                0xF4 => (3, u32::from(byte & 0x07), (0x80, 0x8F)),
                _ => return Some(Malformation::InvalidUtf8),
            };
        }
        if self.wanted > 0 {
            return None;
        }
        let character = char::from_u32(self.bits)?;
        self.white = character.is_whitespace();
        self.characters += 1;
        // Control characters below U+0080 are found by their escape; U+0080 to U+009F take two
        // escapes.
        if character.is_control() && !character.is_ascii() {
            Some(Malformation::ForbiddenEscape)
        } else {
            (self.white && self.characters == 1 && !character.is_control()).then_some(Malformation::OuterWhiteSpace)
        }
    }

    fn end(&self) -> Option<Malformation> {
        if self.wanted > 0 {
            Some(Malformation::InvalidUtf8)
        } else {
            self.white.then_some(Malformation::OuterWhiteSpace)
        }
    }

    fn is_dot_segment(&self) -> bool {
        self.dots == self.length && matches!(self.dots, 1 | 2)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]
mod tests;
