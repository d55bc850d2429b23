//! Writes a value in the notation of the text around it.

use std::fmt::Write as _;

use super::tree::{Content, Node, may_be_no_text};
use crate::shown;

/// How the members of an object stand in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// In brackets, on one line. JSON and YAML read it.
    Line,
    /// JSON with each member on a line of its own.
    Json {
        /// The white space before a member.
        indent: String,
        /// What one level adds to it.
        unit: String,
    },
    /// YAML without brackets.
    Block {
        /// The white space before a member.
        indent: String,
    },
}

impl Layout {
    /// A member without what separates it from its neighbours.
    pub(super) fn member(&self, key: &str, value: &Node) -> String {
        match self {
            Self::Line => format!("{}: {}", quoted(key), line(value)),
            Self::Json { indent, unit } => {
                let mut text = format!("{}: ", quoted(key));
                json(&mut text, value, indent, unit);
                text
            }
            Self::Block { indent } => {
                let mut text = scalar(key);
                text.push(':');
                block(&mut text, value, indent);
                text
            }
        }
    }
}

/// A text in the quotes of JSON. YAML reads it too, because invisible characters above U+FFFF are
/// written as they are.
fn quoted(text: &str) -> String {
    let json = serde_json::to_string(text).unwrap_or_default();
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        match u32::from(character) {
            code @ ..=0xffff if shown::is_invisible(character) => {
                let _ = write!(escaped, "\\u{code:04x}");
            }
            _ => escaped.push(character),
        }
    }
    escaped
}

/// The text of a value on one line.
fn line(value: &Node) -> String {
    match &value.content {
        Content::Text(text) if text.is_plain => text.value.clone(),
        Content::Text(text) => quoted(&text.value),
        Content::List(items) => format!("[{}]", items.iter().map(line).collect::<Vec<_>>().join(", ")),
        Content::Object { members, .. } => {
            let members = members.iter().map(|member| format!("{}: {}", quoted(&member.key), line(&member.value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
        Content::Alias(_) => "null".to_owned(),
    }
}

fn json(text: &mut String, value: &Node, indent: &str, unit: &str) {
    let deeper = format!("{indent}{unit}");
    let (open, close) = if matches!(value.content, Content::List(_)) { ('[', ']') } else { ('{', '}') };
    let count = value.items().len() + value.members().len();
    if count == 0 {
        text.push_str(&line(value));
        return;
    }
    text.push(open);
    for (index, item) in value.items().iter().enumerate() {
        text.push_str(if index > 0 { ",\n" } else { "\n" });
        text.push_str(&deeper);
        json(text, item, &deeper, unit);
    }
    for (index, member) in value.members().iter().enumerate() {
        text.push_str(if index > 0 { ",\n" } else { "\n" });
        text.push_str(&deeper);
        text.push_str(&quoted(&member.key));
        text.push_str(": ");
        json(text, &member.value, &deeper, unit);
    }
    text.push('\n');
    text.push_str(indent);
    text.push(close);
}

/// The text of a value after its key and the colon.
fn block(text: &mut String, value: &Node, indent: &str) {
    let deeper = format!("{indent}  ");
    match &value.content {
        Content::List(items) if !items.is_empty() => {
            for item in items {
                let _ = write!(text, "\n{deeper}-");
                // An item with members or items of its own begins on the line of its dash.
                let mut inner = String::new();
                block(&mut inner, item, &deeper);
                let start = format!("\n{deeper}  ");
                text.push_str(&inner.replacen(&start, " ", usize::from(inner.starts_with(&start))));
            }
        }
        Content::Object { members, .. } if !members.is_empty() => {
            for member in members {
                let _ = write!(text, "\n{deeper}{}:", scalar(&member.key));
                block(text, &member.value, &deeper);
            }
        }
        Content::Text(written) if !written.is_plain => {
            if is_literal(&written.value) {
                // A line break at the end is a part of the text after `|`, and not after `|-`.
                let (sign, lines) = match written.value.strip_suffix('\n') {
                    Some(lines) => (" |", lines),
                    None => (" |-", written.value.as_str()),
                };
                text.push_str(sign);
                for line in lines.split('\n') {
                    text.push('\n');
                    if !line.is_empty() {
                        text.push_str(&deeper);
                        text.push_str(line);
                    }
                }
            } else {
                text.push(' ');
                text.push_str(&scalar(&written.value));
            }
        }
        _ => {
            text.push(' ');
            text.push_str(&line(value));
        }
    }
}

/// Whether a text of several lines can be written without quotes.
fn is_literal(text: &str) -> bool {
    let is_odd = |character: char| shown::is_invisible(character) && character != '\n' || character == '\u{85}';
    let lines = text.strip_suffix('\n').unwrap_or(text);
    lines.contains('\n')
        && !lines.ends_with(char::is_whitespace)
        && !text.starts_with([' ', '\n', '\t'])
        && !text.contains(is_odd)
}

/// A text on one line of YAML: without quotes if it can only be a text there.
fn scalar(text: &str) -> String {
    let is_word = |character: char| character.is_ascii_alphanumeric() || "-_./".contains(character);
    if text.chars().all(is_word) && !may_be_no_text(text) { text.to_owned() } else { quoted(text) }
}
