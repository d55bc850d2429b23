//! Characters that a reader does not see, and that change what the reader sees.
//!
//! Bodies with such a character are refused. Two names could look the same otherwise, and a text
//! could be shown in another order than it is compared in.

use serde_json::Value;

use super::fault::Fault;

/// The patterns of a kind of texts.
pub(super) struct Patterns {
    /// Texts of new bodies, as JSON Schema says it: neither control characters nor the others of
    /// this file.
    pub(super) new: &'static str,
    /// Texts that the database may hold: no control characters.
    pub(super) stored: &'static str,
}

/// All characters beyond ASCII that [`is_hidden`] knows, joiners and variation selectors.
macro_rules! invisible {
    () => {
        concat!(
            r"\x7F-\x9F\xAD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u2028-\u202E",
            r"\u2060-\u206F\u2800\u3164\uFE00-\uFE0F\uFEFF\uFFA0\uFFF0-\uFFFB",
            // The languages that read patterns have no escape in common for these.
            "\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}"
        )
    };
}

/// A character that a reader sees and that is not of ASCII.
macro_rules! seen {
    () => {
        concat!(r"[^\x00-\x7F", invisible!(), "]")
    };
}

/// Makes the patterns from the control characters that the texts may have, and those that they may
/// not have.
macro_rules! hidden {
    ($allowed:literal, $controls:literal) => {
        Patterns {
            new: concat!(
                "^([",
                $allowed,
                r" -~]|([#*0-9]\uFE0F\u20E3|",
                seen!(),
                r")[\uFE0E\uFE0F]?([\u200C\u200D]",
                seen!(),
                r"[\uFE0E\uFE0F]?)*)*$"
            ),
            stored: concat!("^[^", $controls, r"\x7F]*$"),
        }
    };
}

/// Texts of one line.
pub(super) const LINE: Patterns = hidden!("", r"\x00-\x1F");

/// Texts of several lines, which may have tabs and line ends.
pub(super) const LINES: Patterns = hidden!(r"\t\n\r", r"\x00-\x08\x0B\x0C\x0E-\x1F");

/// Whether a character shows nothing, changes the direction of words, or ends a line.
fn is_hidden(character: char) -> bool {
    matches!(character, '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}'
        | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0d}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a character joins its neighbours, or keeps them apart.
fn is_joiner(character: char) -> bool {
    matches!(character, '\u{200c}' | '\u{200d}')
}

/// Whether a character says how the one before it looks.
fn is_selector(character: char) -> bool {
    matches!(character, '\u{fe0e}' | '\u{fe0f}')
}

/// Whether a character that is not of ASCII is seen for itself.
fn is_seen(character: char) -> bool {
    !character.is_ascii() && !is_hidden(character) && !is_joiner(character) && !is_selector(character)
}

/// Whether a text has a character that shows nothing or changes the order of words.
///
/// Some scripts and emoji need joiners and variation selectors, so these are allowed where they
/// belong: a joiner between two characters that are not of ASCII, a selector after one of these or
/// in the picture of a key.
pub(crate) fn has_hidden(text: &str) -> bool {
    // The two characters before; a space stands for none.
    let (mut earlier, mut before) = (' ', ' ');
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let next = characters.peek().copied().unwrap_or(' ');
        let is_sound = if is_joiner(character) {
            let joined = if is_selector(before) { earlier } else { before };
            is_seen(joined) && is_seen(next)
        } else if is_selector(character) {
            let is_key = matches!(before, '#' | '*' | '0'..='9') && character == '\u{fe0f}' && next == '\u{20e3}';
            is_seen(before) || is_key
        } else {
            !is_hidden(character)
        };
        if !is_sound {
            return true;
        }
        (earlier, before) = (before, character);
    }
    false
}

/// Refuses a value with such a character in one of its texts.
pub(crate) fn refuse_hidden(value: &Value) -> Result<(), Fault> {
    match value {
        Value::String(text) if has_hidden(text) => Err(Fault::new("must be a text without invisible characters")),
        Value::Array(items) => {
            items.iter().enumerate().try_for_each(|(at, item)| refuse_hidden(item).map_err(|fault| fault.in_item(at)))
        }
        Value::Object(fields) => fields.iter().try_for_each(|(name, value)| {
            if has_hidden(name) {
                return Err(Fault::new("has a field whose name has invisible characters"));
            }
            refuse_hidden(value).map_err(|fault| fault.in_field(super::fault::shown(name)))
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use regex::Regex;
    use serde_json::json;

    use super::*;

    /// Whether the server takes a text of one line.
    fn is_taken(text: &str) -> bool {
        !has_hidden(text) && !text.contains(|character| character < ' ')
    }

    #[test]
    fn the_schema_says_what_is_refused() {
        let [line, lines] = [LINE, LINES].map(|patterns| Regex::new(patterns.new).unwrap());
        for character in char::MIN..=char::MAX {
            let text = character.to_string();
            let is_taken = is_taken(&text);
            assert_eq!(line.is_match(&text), is_taken, "{character:?}");
            assert_eq!(lines.is_match(&text), is_taken || matches!(character, '\t' | '\n' | '\r'), "{character:?}");
        }
        // All orders of characters of each kind.
        let kinds = ['a', '1', 'é', '\u{20e3}', '\u{200d}', '\u{fe0e}', '\u{fe0f}', '\u{200b}'];
        let mut texts = vec![String::new()];
        for _ in 0..4 {
            texts = texts.iter().flat_map(|text| kinds.map(|character| format!("{text}{character}"))).collect();
            for text in &texts {
                let is_taken = is_taken(text);
                assert_eq!((line.is_match(text), lines.is_match(text)), (is_taken, is_taken), "{text:?}");
            }
        }
    }

    #[test]
    fn what_shows_nothing_is_refused_but_for_joiners_and_selectors_in_their_place() {
        for hidden in [
            '\u{34f}',
            '\u{61c}',
            '\u{115f}',
            '\u{1160}',
            '\u{17b4}',
            '\u{180b}',
            '\u{200e}',
            '\u{200f}',
            '\u{2800}',
            '\u{3164}',
            '\u{fe00}',
            '\u{ffa0}',
            '\u{fff0}',
            '\u{1bca0}',
            '\u{1d173}',
            '\u{e0041}',
            '\u{e0100}',
        ] {
            assert!(has_hidden(&format!("Sta{hidden}ff")) && has_hidden(&format!("é{hidden}é")), "{hidden:?}");
        }
        for text in [
            "Sta\u{200d}ff",
            "Sta\u{200c}ff",
            "é\u{200d}",
            "\u{200d}é",
            "é\u{200d}\u{200d}é",
            "é\u{200d}a",
            "Sta\u{fe0f}ff",
            "\u{fe0f}",
            "é\u{fe0f}\u{fe0f}",
            "1\u{fe0f}",
            "1\u{fe0e}\u{20e3}",
            "a\u{fe0f}\u{20e3}",
            "1\u{fe0f}\u{200d}é",
        ] {
            assert!(has_hidden(text), "{text:?}");
        }
        for text in [
            "👩\u{200d}💻",
            "👩🏽\u{200d}💻",
            "❤\u{fe0f}",
            "❤\u{fe0f}\u{200d}🔥",
            "1\u{fe0f}\u{20e3}",
            "🏴\u{200d}☠\u{fe0f}",
            "می\u{200c}خواهم",
            "क्\u{200d}ष",
            "שלום",
            "e\u{301}",
            "日本",
            "plain",
        ] {
            assert!(!has_hidden(text), "{text:?}");
        }
    }

    #[test]
    fn the_path_leads_to_the_text() {
        for (value, path) in [
            (json!({"a": ["x", {"b": "y\u{202e}"}]}), Some("a[1].b")),
            (json!({"a\u{200b}": 1}), Some("")),
            (json!({"a": "👩\u{200d}💻 שלום é\n"}), None),
            (json!([1, null, true]), None),
        ] {
            assert_eq!(refuse_hidden(&value).err().map(|fault| fault.field().to_owned()).as_deref(), path, "{value}");
        }
    }
}
