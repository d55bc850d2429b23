//! Texts of files on terminals. Names and texts of a catalogue may come from anywhere.

/// For a terminal: control characters and those that change the direction of text are escaped.
/// Line breaks stay.
#[must_use]
pub fn lines(text: &str) -> String {
    escaped(text, |character| character == '\n')
}

/// Like [`lines`], but on one line.
#[must_use]
pub fn line(text: &str) -> String {
    escaped(text, |_| false)
}

/// A JSON text in which the strings have no invisible characters: they are escaped as JSON escapes
/// them, so the text has the same value.
#[must_use]
pub fn json(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        if is_invisible(character) && character != '\n' {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                shown.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            shown.push(character);
        }
    }
    shown
}

fn escaped(text: &str, keep: impl Fn(char) -> bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if is_invisible(character) && !keep(character) {
            escaped.extend(character.escape_unicode());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

/// Control characters, separators of lines, marks of direction, and other characters without a
/// width.
#[must_use]
pub fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals() {
        assert_eq!(lines("a\u{1b}[31m\r\nb\u{202e}c\u{7}"), "a\\u{1b}[31m\\u{d}\nb\\u{202e}c\\u{7}");
        assert_eq!(line("a\nb\u{9b}"), "a\\u{a}b\\u{9b}");
        assert_eq!(line("Gr\u{fc}\u{df}e \u{1f600}"), "Gr\u{fc}\u{df}e \u{1f600}");
    }
}
