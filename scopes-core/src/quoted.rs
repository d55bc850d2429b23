//! Text of unknown origin inside a message.

use core::fmt;
use core::fmt::Write as _;

/// Text of unknown origin, which `Display` escapes.
pub(crate) struct Quoted<'t>(pub(crate) &'t str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            if character == ' ' || character.is_ascii_graphic() {
                f.write_char(character)?;
            } else {
                // Escapes characters that are invisible or would change how their neighbours look.
                write!(f, "{}", character.escape_debug())?;
            }
        }
        Ok(())
    }
}

/// Like [`Quoted`], for one character.
pub(crate) struct QuotedCharacter(pub(crate) char);

impl fmt::Display for QuotedCharacter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut buffer = [0; 4];
        Quoted(self.0.encode_utf8(&mut buffer)).fmt(f)
    }
}
