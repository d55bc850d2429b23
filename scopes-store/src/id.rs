//! New ids, and the rules for the application's texts.

use scopes::tokens::EntropyError;
use scopes::tokens::TokenFormat;

use crate::error::Invalid;

const NAME_CHARACTERS: usize = 255;
const ID_BYTES: usize = 255;
const SUBJECT_BYTES: usize = 1024;

/// A random id: a UUID of version 4.
pub(crate) fn new_id(format: &TokenFormat) -> Result<String, EntropyError> {
    // A token's digest is a hash of random bits and is not stored elsewhere.
    let token = format.generate()?;
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&token.digest().as_bytes()[..16]);
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let mut id = String::with_capacity(36);
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            id.push('-');
        }
        for half in [byte >> 4, byte & 15] {
            id.push(char::from_digit(u32::from(half), 16).unwrap_or('0'));
        }
    }
    Ok(id)
}

/// PostgreSQL cannot store NUL, so no database may.
fn is_storable(text: &str) -> bool {
    !text.contains('\0')
}

pub(crate) fn check_name(name: &str) -> Result<(), Invalid> {
    // Characters are counted only as far as the limit.
    let fits = name.chars().take(NAME_CHARACTERS + 1).count() <= NAME_CHARACTERS;
    if fits && is_storable(name) { Ok(()) } else { Err(Invalid::Name) }
}

pub(crate) fn check_id(id: &str) -> Result<(), Invalid> {
    let fits = (1..=ID_BYTES).contains(&id.len());
    if fits && is_storable(id) { Ok(()) } else { Err(Invalid::Id) }
}

pub(crate) fn check_subject(subject: &str) -> Result<(), Invalid> {
    let fits = (1..=SUBJECT_BYTES).contains(&subject.len());
    if fits && is_storable(subject) { Ok(()) } else { Err(Invalid::Subject) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn ids_are_uuids_of_version_4() {
        let format = TokenFormat::new("t_");
        let (first, second) = (new_id(&format).unwrap(), new_id(&format).unwrap());
        assert_ne!(first, second);
        for id in [first, second] {
            assert_eq!(id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12], "{id}");
            assert!(id.bytes().all(|byte| matches!(byte, b'-' | b'0'..=b'9' | b'a'..=b'f')), "{id}");
            assert!(id.as_bytes()[14] == b'4' && b"89ab".contains(&id.as_bytes()[19]), "{id}");
        }
    }

    #[test]
    fn texts_have_limits() {
        assert!(check_name("").is_ok() && check_name(&"é".repeat(255)).is_ok() && check_name("a\nb").is_ok());
        assert!(check_name(&"é".repeat(256)).is_err() && check_name("a\0b").is_err());
        assert!(check_id("x").is_ok() && check_id(&"x".repeat(255)).is_ok());
        assert!(check_id("").is_err() && check_id(&"x".repeat(256)).is_err() && check_id("\0").is_err());
        assert!(check_subject(&"x".repeat(1024)).is_ok());
        assert!(check_subject("").is_err() && check_subject(&"x".repeat(1025)).is_err());
    }
}
