//! Which characters stand in names and in literal text.

use crate::path_rules::{CLASS, PLAIN};

/// A byte that stands for itself in literal text.
pub(super) fn is_plain(byte: u8) -> bool {
    CLASS[usize::from(byte)] == PLAIN
}

pub(super) fn is_word(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
}

/// A parameter's name: letters, digits, `_` and `-`, and `.` between such.
pub(super) fn is_name(name: &str) -> bool {
    let is_part = |part: &str| !part.is_empty() && bad_in_name(part).is_none();
    name.split('.').all(is_part)
}

/// Whether a name and a brace follow.
pub(super) fn is_braced_name(text: &str) -> bool {
    text.strip_suffix('}').is_some_and(is_name)
}

pub(super) fn bad_in_name(name: &str) -> Option<char> {
    name.chars().find(|character| !matches!(character, '_' | '-' | '.') && !character.is_ascii_alphanumeric())
}

/// Characters that one message is enough for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Plain,
    Escape,
    WhiteSpace,
    Control,
    NotAscii,
    Brace,
    /// Each its own.
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
