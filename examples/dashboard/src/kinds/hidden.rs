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

/// Makes the patterns from the control characters below the space that the texts may not have.
macro_rules! hidden {
    ($controls:literal) => {
        Patterns {
            new: concat!(
                "^[^",
                $controls,
                r"\x7F-\x9F\xAD\u180E\u200B\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]*$"
            ),
            stored: concat!("^[^", $controls, r"\x7F]*$"),
        }
    };
}

/// Texts of one line.
pub(super) const LINE: Patterns = hidden!(r"\x00-\x1F");

/// Texts of several lines, which may have tabs and line ends.
pub(super) const LINES: Patterns = hidden!(r"\x00-\x08\x0B\x0C\x0E-\x1F");

/// Whether a character has no width, changes the direction of what follows, or ends a line. Joiners
/// and the marks of direction without an effect on other words are parts of names and emoji.
fn is_hidden(character: char) -> bool {
    matches!(character, '\u{7f}'..='\u{9f}' | '\u{ad}' | '\u{180e}' | '\u{200b}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// Whether a text has such a character.
pub(crate) fn has_hidden(text: &str) -> bool {
    text.contains(is_hidden)
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

    #[test]
    fn the_schema_says_what_is_refused() {
        let [line, lines] = [LINE, LINES].map(|patterns| Regex::new(patterns.new).unwrap());
        for character in char::MIN..=char::MAX {
            let text = character.to_string();
            let is_refused = is_hidden(character) || character < ' ';
            assert_eq!(line.is_match(&text), !is_refused, "{character:?}");
            let is_refused = is_refused && !matches!(character, '\t' | '\n' | '\r');
            assert_eq!(lines.is_match(&text), !is_refused, "{character:?}");
        }
    }

    #[test]
    fn the_path_leads_to_the_text() {
        for (value, path) in [
            (json!({"a": ["x", {"b": "y\u{202e}"}]}), Some("a[1].b")),
            (json!({"a\u{200b}": 1}), Some("")),
            (json!({"a": "👩\u{200d}💻 \u{200f}שלום é\n"}), None),
            (json!([1, null, true]), None),
        ] {
            assert_eq!(refuse_hidden(&value).err().map(|fault| fault.field().to_owned()).as_deref(), path, "{value}");
        }
    }
}
