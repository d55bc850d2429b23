//! Request methods as text (RFC 9110, section 9; RFC 5789).
//!
//! Methods are case-sensitive. `get` is another method than `GET`; no request would reach a route
//! with it, so the catalogue refuses it.

use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;

use crate::quoted::QuotedCharacter;
use crate::suggest;

/// The methods that a catalogue has without quotes: all methods of RFC 9110 except `CONNECT`, and
/// `PATCH` of RFC 5789.
pub const STANDARD: [&str; 8] = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH"];

/// The words of other routers for every method, in upper or lower case. No request has such a
/// method.
const EVERY: [&str; 3] = ["*", "ANY", "ALL"];

/// Whether `method` is one of [`STANDARD`], byte for byte.
#[must_use]
pub fn is_standard(method: &str) -> bool {
    STANDARD.contains(&method)
}

/// The standard method that is most likely meant by `method`.
///
/// ```
/// use scopes_core::method::nearest_standard;
/// assert_eq!(nearest_standard("GTE"), Some("GET"));
/// assert_eq!(nearest_standard("delete"), Some("DELETE"));
/// assert_eq!(nearest_standard("PROPFIND"), None);
/// ```
#[must_use]
pub fn nearest_standard(method: &str) -> Option<&'static str> {
    suggest::nearest(&method.to_ascii_uppercase(), STANDARD)
}

/// The method whose routes also answer requests with `method`, if the path has no route with
/// `method` itself: `GET` for `HEAD` (RFC 9110, section 9.3.2), `None` for every other method.
///
/// ```
/// use scopes_core::method::fallback;
/// assert_eq!(fallback("HEAD"), Some("GET"));
/// assert_eq!(fallback("GET"), None);
/// ```
#[must_use]
pub fn fallback(method: &str) -> Option<&'static str> {
    (method == "HEAD").then_some("GET")
}

/// Whether a route with the method `of_route` can answer a request with `method`: because the
/// methods are equal, or because `of_route` is the [`fallback`].
#[must_use]
pub fn answers(of_route: &str, method: &str) -> bool {
    of_route == method || fallback(method) == Some(of_route)
}

/// The methods whose requests a route with this method can answer: all for which [`answers`] is
/// true.
///
/// ```
/// use scopes_core::method::answered;
/// assert!(answered("GET").eq(["GET", "HEAD"]));
/// assert!(answered("POST").eq(["POST"]));
/// ```
pub fn answered(of_route: &str) -> impl Iterator<Item = &str> {
    let fallen_back = STANDARD.into_iter().filter(move |method| fallback(method) == Some(of_route));
    core::iter::once(of_route).chain(fallen_back)
}

/// Checks that a route may have this method.
///
/// ```
/// use scopes_core::method::check;
/// assert!(check("GET").is_ok() && check("PROPFIND").is_ok());
/// assert_eq!(check("Get").unwrap_err().to_string(), "methods are case-sensitive: write `GET` for `Get`");
/// ```
///
/// # Errors
/// For an empty text, a text that is not a token (RFC 9110, section 5.6.2), lower-case letters, the
/// words by which routers mean every method, and `CONNECT`, because its target is not a path.
pub fn check(method: &str) -> Result<(), MethodError> {
    if method.is_empty() {
        return Err(MethodError::Empty);
    }
    if let Some((offset, character)) = method.char_indices().find(|(_, character)| !is_token_character(*character)) {
        return Err(MethodError::Character { offset, character });
    }
    if method.eq_ignore_ascii_case("CONNECT") {
        return Err(MethodError::Connect);
    }
    if EVERY.iter().any(|word| method.eq_ignore_ascii_case(word)) {
        return Err(MethodError::Every { method: method.to_owned() });
    }
    if method.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return Err(MethodError::LowerCase { method: method.to_owned() });
    }
    Ok(())
}

fn is_token_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character)
}

/// [`STANDARD`] in the order of [`slot_of`].
const BY_SLOT: [&str; 8] = ["OPTIONS", "GET", "DELETE", "TRACE", "HEAD", "PUT", "POST", "PATCH"];

/// A multiplier, found by search, that gives each standard method a slot of its own.
const SLOT_MULTIPLIER: u64 = 0x4f9a_23e2_b151_be75;

/// The words of the methods in [`BY_SLOT`].
static WORD_BY_SLOT: [u64; 8] = {
    let mut words = [0; 8];
    let mut slot = 0;
    while slot < 8 {
        words[slot] = match word_of(BY_SLOT[slot].as_bytes()) {
            Some(word) if slot_of(word) == slot => word,
            _ => panic!("the multiplier does not tell the methods apart"),
        };
        slot += 1;
    }
    words
};

/// Packs the bytes of a method of three to seven bytes, and its length, into one word.
#[inline(always)]
const fn word_of(method: &[u8]) -> Option<u64> {
    let length = method.len();
    match (method.first_chunk::<2>(), method.last_chunk::<2>()) {
        (Some(first), Some(last)) if 3 <= length && length <= 7 => {
            let between = u32::from_le_bytes([method[2], method[length - 3], method[length / 2], length as u8]);
            let around = u16::from_le_bytes(*first) as u64 | (u16::from_le_bytes(*last) as u64) << 16;
            Some(around | (between as u64) << 32)
        }
        _ => None,
    }
}

#[inline(always)]
const fn slot_of(word: u64) -> usize {
    (word.wrapping_mul(SLOT_MULTIPLIER) >> 61) as usize
}

/// The position of the method's byte in a word: a multiple of 8 below 64 for each standard method,
/// `None` for any other.
///
/// It costs one multiplication and one comparison. A branch for each method would be mispredicted,
/// because the order of requests is not predictable.
#[inline(always)]
pub(crate) fn standard_shift(method: &str) -> Option<u32> {
    let word = word_of(method.as_bytes())?;
    let slot = slot_of(word);
    (WORD_BY_SLOT[slot] == word).then_some(8 * slot as u32)
}

/// Why a route cannot have a method.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MethodError {
    /// The method is an empty text.
    Empty,
    /// A character that no method can contain.
    Character {
        /// The offset of the character in bytes.
        offset: usize,
        /// The first character that is not allowed.
        character: char,
    },
    /// The method `CONNECT`, in upper or lower case.
    Connect,
    /// A word that other routers use for every method, such as `ANY`.
    Every {
        /// The word as it was written.
        method: String,
    },
    /// Lower-case letters, in a known or an unknown method.
    LowerCase {
        /// The method as it was written.
        method: String,
    },
}

impl fmt::Display for MethodError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the method is empty, write one such as `GET`"),
            Self::Character { character, .. } => {
                write!(f, "`{}` cannot be part of a method, write letters, digits or `-`", QuotedCharacter(*character))
            }
            Self::Connect => f.write_str("`CONNECT` names a host, not a path, and cannot have a route: remove it"),
            Self::Every { method } => {
                write!(f, "`{method}` is not a method: write one route for each method that the handler serves")
            }
            Self::LowerCase { method } => {
                let upper = method.to_ascii_uppercase();
                let meant = nearest_standard(&upper).unwrap_or(&upper);
                write!(f, "methods are case-sensitive: write `{meant}` for `{method}`")
            }
        }
    }
}

impl core::error::Error for MethodError {}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec::Vec;

    #[test]
    fn accepted() {
        for method in STANDARD {
            assert!(check(method).is_ok() && is_standard(method), "{method}");
        }
        for method in ["PROPFIND", "M-SEARCH", "X", "VERSION-CONTROL", "A.B", "2X"] {
            assert!(check(method).is_ok() && !is_standard(method), "{method}");
        }
    }

    #[test]
    fn standard_methods_have_slots_of_their_own() {
        let shifts: Vec<_> = BY_SLOT.iter().map(|method| standard_shift(method)).collect();
        assert_eq!(shifts, (0..8).map(|slot| Some(8 * slot)).collect::<Vec<_>>());
        assert!(STANDARD.iter().all(|method| BY_SLOT.contains(method)));
        for method in ["", "GE", "get", "GETT", "G\u{c9}T", "PROPFIND", "CONNECT", "PATCHED", "HEAT"] {
            assert_eq!(standard_shift(method), None, "{method}");
        }
    }

    #[test]
    fn head_falls_back_to_get() {
        for (of_route, method, expected) in [
            ("GET", "GET", true),
            ("GET", "HEAD", true),
            ("HEAD", "HEAD", true),
            ("HEAD", "GET", false),
            ("POST", "HEAD", false),
            ("GET", "head", false),
        ] {
            assert_eq!(answers(of_route, method), expected, "{of_route} {method}");
            assert_eq!(answered(of_route).any(|answered| answered == method), expected, "{of_route} {method}");
        }
    }

    #[test]
    fn refused() {
        let lower = |method: &str| MethodError::LowerCase { method: method.to_owned() };
        let character = |offset, character| MethodError::Character { offset, character };
        for (method, expected) in [
            ("", MethodError::Empty),
            ("G ET", character(1, ' ')),
            (" GET", character(0, ' ')),
            ("GET\n", character(3, '\n')),
            ("G\u{c9}T", character(1, '\u{c9}')),
            ("GET/", character(3, '/')),
            ("(GET)", character(0, '(')),
            ("CONNECT", MethodError::Connect),
            ("connect", MethodError::Connect),
            ("get", lower("get")),
            ("Patch", lower("Patch")),
            ("purge", lower("purge")),
        ] {
            assert_eq!(check(method), Err(expected), "{method:?}");
        }
    }

    #[test]
    fn messages_say_what_to_write() {
        for (method, expected) in [
            ("", "the method is empty, write one such as `GET`"),
            ("GET\n", "`\\n` cannot be part of a method, write letters, digits or `-`"),
            ("connect", "`CONNECT` names a host, not a path, and cannot have a route: remove it"),
            ("*", "`*` is not a method: write one route for each method that the handler serves"),
            ("ANY", "`ANY` is not a method: write one route for each method that the handler serves"),
            ("any", "`any` is not a method: write one route for each method that the handler serves"),
            ("ALL", "`ALL` is not a method: write one route for each method that the handler serves"),
            ("dElEtE", "methods are case-sensitive: write `DELETE` for `dElEtE`"),
            ("purge", "methods are case-sensitive: write `PURGE` for `purge`"),
        ] {
            assert_eq!(check(method).unwrap_err().to_string(), expected);
        }
    }

    #[test]
    fn near_standard_methods() {
        for (method, expected) in [
            ("GTE", Some("GET")),
            ("GETT", Some("GET")),
            ("PSOT", Some("POST")),
            ("PACTH", Some("PATCH")),
            ("DELET", Some("DELETE")),
            ("OPTION", Some("OPTIONS")),
            ("get", Some("GET")),
            ("gte", Some("GET")),
            ("LIST", None),
            ("PURGE", None),
            ("", None),
        ] {
            assert_eq!(nearest_standard(method), expected, "{method}");
        }
    }
}
