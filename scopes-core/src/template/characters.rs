//! The characters of names and of literal text.

use crate::path_rules::{CLASS, PLAIN};

/// Whether a byte may be part of literal text.
pub(super) fn is_plain(byte: u8) -> bool {
    CLASS[usize::from(byte)] == PLAIN
}

pub(super) fn is_word(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
}

/// Whether a parameter can have this name: letters, digits, `_` and `-`, and `.` between them.
pub(super) fn is_name(name: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && bad_in_name(part).is_none();
    name.split('.').all(is_part)
}

/// Whether the text is a name followed by a closing brace.
pub(super) fn is_braced_name(text: &str) -> bool {
    text.strip_suffix('}').is_some_and(is_name)
}

pub(super) fn bad_in_name(name: &str) -> Option<char> {
    name.chars().find(|character| !matches!(character, '_' | '-' | '.') && !character.is_ascii_alphanumeric())
}

/// Kinds of characters. One message is enough for a run of one kind.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Plain,
    Escape,
    WhiteSpace,
    Control,
    NotAscii,
    Brace,
    /// Another character; each one is its own kind.
    Odd(char),
}

impl Sort {
    pub(super) fn of(character: char) -> Self {
        match character {
            '%' => Self::Escape,
            '{' | '}' => Self::Brace,
            _ if u8::try_from(character).is_ok_and(is_plain) => Self::Plain,
            _ if character.is_whitespace() => Self::WhiteSpace,
            _ if character.is_control() => Self::Control,
            _ if !character.is_ascii() => Self::NotAscii,
            _ => Self::Odd(character),
        }
    }
}
