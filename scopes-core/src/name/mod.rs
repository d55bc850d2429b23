//! The names of scopes, and the identifiers that are derived from them.
//!
//! A scope has a *wire* name, which tokens contain, and a *dotted* name, from which Rust paths are
//! derived. The two are equal unless the scope is declared as a string.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::notation::Notation;
use crate::quoted::QuotedCharacter;
use crate::template::{Segment, Template};

/// The longest wire name, in bytes.
pub const MAX_WIRE_NAME: usize = 255;

/// First segments that would hide the items of a catalogue's module.
const TAKEN: [&str; 7] = ["Scope", "Scopes", "Grant", "Caller", "Routes", "CATALOGUE", "permits"];

/// Keywords that cannot even be raw identifiers.
const NEVER_RAW: [&str; 4] = ["self", "super", "crate", "Self"];

/// The other keywords of Rust 2024, strict and reserved.
const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Checks a wire name: an OAuth `scope-token` of at most [`MAX_WIRE_NAME`] bytes.
///
/// ```
/// use scopes_core::name::check_wire_name;
/// assert!(check_wire_name("https://www.googleapis.com/auth/drive").is_ok());
/// assert!(check_wire_name("users read").is_err());
/// ```
///
/// # Errors
/// An empty or too long name, and the first character that is not `%x21 / %x23-5B / %x5D-7E` (RFC
/// 6749, section 3.3).
pub fn check_wire_name(name: &str) -> Result<(), NameError> {
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    if let Some((offset, character)) =
        name.char_indices().find(|(_, character)| !matches!(character, '!' | '#'..='[' | ']'..='~'))
    {
        return Err(NameError::WireCharacter { offset, character });
    }
    if name.len() > MAX_WIRE_NAME {
        return Err(NameError::TooLong { length: name.len() });
    }
    Ok(())
}

/// Derives the dotted name of a scope that is declared as a string. Each run of characters other
/// than ASCII letters, digits and `_` becomes one dot. Dots at the ends of the name, and `_` at the
/// ends of a segment, are removed. `None` if nothing else is left. The result must still pass
/// [`check_dotted`].
///
/// ```
/// use scopes_core::name::dotted;
/// assert_eq!(dotted("legacy:status").as_deref(), Some("legacy.status"));
/// assert_eq!(dotted("self_hosted:read").as_deref(), Some("self_hosted.read"));
/// assert_eq!(dotted("https://example.com/auth/drive").as_deref(), Some("https.example.com.auth.drive"));
/// assert_eq!(dotted("*"), None);
/// ```
#[must_use]
pub fn dotted(wire: &str) -> Option<String> {
    let segments = wire.split(|character: char| !character.is_ascii_alphanumeric() && character != '_');
    let segments = segments.map(|segment| segment.trim_matches('_')).filter(|segment| !segment.is_empty());
    let name = segments.collect::<Vec<_>>().join(".");
    (!name.is_empty()).then_some(name)
}

/// Checks a dotted name.
///
/// A segment may begin with a digit, because derived names do (`3d:read`). [`identifier`] then adds
/// a leading `_`.
///
/// ```
/// use scopes_core::name::check_dotted;
/// assert!(check_dotted("environment.apiTokens.read").is_ok());
/// assert!(check_dotted("match.type").is_ok());
/// let error = "`self` cannot be part of a path: give the scope another dotted name with `as`";
/// assert_eq!(check_dotted("a.self").unwrap_err().to_string(), error);
/// ```
///
/// # Errors
/// An empty name or segment; characters other than ASCII letters, digits and `_`; the segments
/// `self super crate Self _` and those that begin with `__`; a first segment that would hide a
/// generated item.
pub fn check_dotted(name: &str) -> Result<(), NameError> {
    if name.is_empty() {
        return Err(NameError::Empty);
    }
    let mut offset = 0;
    for segment in name.split('.') {
        if segment.is_empty() {
            return Err(NameError::EmptySegment { offset });
        }
        let odd = segment.char_indices().find(|(_, character)| !character.is_ascii_alphanumeric() && *character != '_');
        if let Some((at, character)) = odd {
            return Err(NameError::DottedCharacter { offset: offset + at, character });
        }
        let refused = |segment: &str| segment.to_owned();
        if NEVER_RAW.contains(&segment) {
            return Err(NameError::Keyword { offset, segment: refused(segment) });
        }
        if segment == "_" || segment.starts_with("__") {
            return Err(NameError::Reserved { offset, segment: refused(segment) });
        }
        if offset == 0 && TAKEN.contains(&segment) {
            return Err(NameError::Taken { segment: refused(segment) });
        }
        offset += segment.len() + 1;
    }
    Ok(())
}

/// The Rust identifier of a segment of a [checked](check_dotted) dotted name. Keywords become raw
/// identifiers, and a segment that begins with a digit gets a leading `_`.
///
/// ```
/// use scopes_core::name::identifier;
/// assert_eq!(identifier("type"), "r#type");
/// assert_eq!(identifier("3d"), "_3d");
/// assert_eq!(identifier("apiTokens"), "apiTokens");
/// ```
#[must_use]
pub fn identifier(segment: &str) -> String {
    let begins_with_digit = segment.starts_with(|first: char| first.is_ascii_digit());
    let prefix = match segment {
        _ if begins_with_digit => "_",
        _ if KEYWORDS.contains(&segment) => "r#",
        _ => "",
    };
    [prefix, segment].concat()
}

/// The name of a Rust type for a [checked](check_dotted) dotted name. Two dotted names can make the
/// same type name (`a.b_c` and `a.b.c`).
///
/// ```
/// use scopes_core::name::pascal_case;
/// assert_eq!(pascal_case("environment.apiTokens.read"), "EnvironmentApiTokensRead");
/// assert_eq!(pascal_case("read_write"), "ReadWrite");
/// ```
#[must_use]
pub fn pascal_case(dotted: &str) -> String {
    let mut name = String::with_capacity(dotted.len() + 1);
    for word in dotted.split(|character: char| !character.is_ascii_alphanumeric()) {
        let mut characters = word.chars();
        name.extend(characters.next().map(|first| first.to_ascii_uppercase()));
        name.push_str(characters.as_str());
    }
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert(0, '_');
    }
    if name == "Self" {
        name.push('_');
    }
    name
}

/// The words of a text in lower case, joined with `_`. A word ends at every character other than an
/// ASCII letter or digit, between a small letter or digit and a capital, and before the last
/// capital of a run that a small letter follows.
///
/// ```
/// use scopes_core::name::snake_case;
/// assert_eq!(snake_case("environmentId"), "environment_id");
/// assert_eq!(snake_case("HTTPServer-v2.json"), "http_server_v2_json");
/// ```
#[must_use]
pub fn snake_case(text: &str) -> String {
    words(text, '_', |word| {
        let bytes = word.as_bytes();
        let mut name = String::with_capacity(word.len() + 4);
        for (at, &byte) in bytes.iter().enumerate() {
            let next_is_small = bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase);
            if byte.is_ascii_uppercase() && at > 0 && (!bytes[at - 1].is_ascii_uppercase() || next_is_small) {
                name.push('_');
            }
            name.push(char::from(byte.to_ascii_lowercase()));
        }
        name
    })
}

/// The derived name of a route: the method, the literals and `by_` before each parameter, in snake
/// case. It is always a valid identifier, but not always unique (`/a-b` and `/a_b`).
///
/// ```
/// use scopes_core::{name::route_name, template::Template};
/// let template = Template::parse("/environments/{environmentId}/users/{userId}").unwrap();
/// assert_eq!(route_name("GET", &template), "get_environments_by_environment_id_users_by_user_id");
/// ```
#[must_use]
pub fn route_name(method: &str, template: &Template) -> String {
    let mut name = words(&method.to_ascii_lowercase(), '_', str::to_owned);
    let mut append = |text: &str| {
        let text = snake_case(text);
        if !name.is_empty() && !text.is_empty() {
            name.push('_');
        }
        name.push_str(&text);
    };
    for segment in template.segments() {
        match segment {
            Segment::Literal(literal) => append(literal),
            Segment::Parameter { prefix, name, suffix } => {
                append(prefix);
                append("by");
                append(name);
                append(suffix);
            }
            Segment::Rest { name } => {
                append("by");
                append(name);
            }
        }
    }
    if name.is_empty() {
        name.push_str("route");
    }
    // Only a non-standard method on `/` can make a keyword: `MOVE /`.
    if KEYWORDS.contains(&name.as_str()) || NEVER_RAW.contains(&name.as_str()) {
        name.push('_');
    }
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert(0, '_');
    }
    name
}

/// The runs of ASCII letters and digits in `text`, each changed by `change`, with `joint` between
/// them.
fn words(text: &str, joint: char, change: impl Fn(&str) -> String) -> String {
    let mut joined = String::with_capacity(text.len());
    for word in text.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty()) {
        if !joined.is_empty() {
            joined.push(joint);
        }
        joined.push_str(&change(word));
    }
    joined
}

/// The mistake in the name of a scope.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NameError {
    /// The name is an empty text.
    Empty,
    /// A wire name of more than [`MAX_WIRE_NAME`] bytes.
    TooLong {
        /// The length of the name in bytes.
        length: usize,
    },
    /// A character that no OAuth scope can contain.
    WireCharacter {
        /// The offset of the character in bytes.
        offset: usize,
        /// The first character that is not allowed.
        character: char,
    },
    /// A character that no dotted name can contain.
    DottedCharacter {
        /// The offset of the character in bytes.
        offset: usize,
        /// The first character that is not allowed.
        character: char,
    },
    /// Two dots in a row, or one at either end.
    EmptySegment {
        /// The offset of the missing segment in bytes.
        offset: usize,
    },
    /// A keyword that cannot even be a raw identifier.
    Keyword {
        /// Where the segment is, in bytes.
        offset: usize,
        /// The segment that is not allowed.
        segment: String,
    },
    /// `_`, or a segment that begins with `__`.
    Reserved {
        /// Where the segment is, in bytes.
        offset: usize,
        /// The segment that is not allowed.
        segment: String,
    },
    /// A first segment that is the name of a generated item.
    Taken {
        /// The segment that is not allowed.
        segment: String,
    },
}

impl NameError {
    /// The offset of the mistake in the name, in bytes.
    #[must_use]
    pub fn offset(&self) -> usize {
        match self {
            Self::Empty | Self::Taken { .. } => 0,
            Self::TooLong { .. } => MAX_WIRE_NAME,
            Self::WireCharacter { offset, .. }
            | Self::DottedCharacter { offset, .. }
            | Self::EmptySegment { offset }
            | Self::Keyword { offset, .. }
            | Self::Reserved { offset, .. } => *offset,
        }
    }
}

/// The message about a name in `scopes!`.
impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Notation::Macro)
    }
}

impl NameError {
    /// Writes the message in the terms of the declaration's notation.
    pub(crate) fn write(&self, f: &mut fmt::Formatter<'_>, notation: Notation) -> fmt::Result {
        let dotted = match notation {
            Notation::Macro => "`as`",
            Notation::Json => "`dotted`",
        };
        match self {
            Self::Empty => f.write_str("the name is empty, write one such as `users.read`"),
            Self::TooLong { length } => write!(f, "the name has {length} bytes, write at most {MAX_WIRE_NAME}"),
            Self::WireCharacter { character, .. } => write!(
                f,
                "`{}` cannot be part of a scope's name, write visible ASCII without `\"` and `\\`",
                QuotedCharacter(*character)
            ),
            Self::DottedCharacter { character, .. } => {
                write!(
                    f,
                    "`{}` cannot be part of a dotted name, write letters, digits or `_`",
                    QuotedCharacter(*character)
                )
            }
            Self::EmptySegment { .. } => {
                f.write_str("a dotted name has no empty segment, write a single `.` between two names")
            }
            Self::Keyword { segment, .. } => {
                write!(f, "`{segment}` cannot be part of a path: give the scope another dotted name with {dotted}")
            }
            Self::Reserved { segment, .. } => {
                write!(f, "`{segment}` is reserved: write a segment that is not `_` and does not begin with `__`")
            }
            Self::Taken { segment } => {
                write!(
                    f,
                    "`{segment}` is an item of every catalogue and cannot begin a name: give the scope another dotted name with {dotted}"
                )
            }
        }
    }
}

impl core::error::Error for NameError {}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]
mod tests;
