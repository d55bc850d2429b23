//! Texts and names in a block.

use scopes_core::name::identifier;
use scopes_core::suggest::nearest;
use scopes_core::{ScopeInfo, method};

use crate::shown::is_invisible;

/// The words of the grammar that begin an item or follow a name.
const WORDS: [&str; 10] =
    ["all", "public", "authenticated", "external", "base", "tenant", "principal", "routes", "under", "includes"];

/// A string literal. Rust's own escapes leave no invisible character.
pub(super) fn literal(text: &str) -> String {
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for character in text.chars() {
        match character {
            '\'' => literal.push('\''),
            _ if is_invisible(character) && !character.is_ascii() => literal.extend(character.escape_unicode()),
            _ => literal.extend(character.escape_debug()),
        }
    }
    literal.push('"');
    literal
}

/// The lines of a description: doc comments, or one attribute for a text that a comment cannot
/// hold.
pub(super) fn description(text: &str) -> Vec<String> {
    let text = text.trim_end();
    if text.is_empty() {
        return Vec::new();
    }
    let is_odd = |character: char| is_invisible(character) && character != '\t';
    let is_plain = |line: &str| !line.contains(is_odd) && line == line.trim_end();
    if text.starts_with('\n') || !text.split('\n').all(is_plain) {
        // The macro removes one blank at the beginning.
        let blank = if text.starts_with(' ') { " " } else { "" };
        return vec![format!("#[doc = {}]", literal(&format!("{blank}{text}")))];
    }
    text.split('\n').map(|line| if line.is_empty() { "///".to_owned() } else { format!("/// {line}") }).collect()
}

/// Whether the text is a word of letters, digits and `_` that begins no number.
pub(super) fn is_word(text: &str) -> bool {
    text.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
        && text.bytes().next().is_some_and(|first| !first.is_ascii_digit())
        && text.bytes().any(|byte| byte != b'_')
}

/// The name of a parameter: a word, or a string.
pub(super) fn attribute_name(name: &str) -> String {
    if is_word(name) && identifier(name) == name { name.to_owned() } else { literal(name) }
}

/// The name of a scope where it is declared or referred to: dotted words, or the wire name as a
/// string.
pub(super) fn scope_name(scope: ScopeInfo<'_>) -> String {
    let name = scope.name();
    let mut segments = name.split('.');
    let first = segments.next().unwrap_or_default();
    let is_single = segments.next().is_none();
    let is_dotted = name == scope.dotted() && name.split('.').all(|segment| is_word(segment) && !is_literal(segment));
    // The macro takes a single word for a misspelt word of the grammar, or for a method.
    let is_doubtful = identifier(first) != first
        || is_single && (nearest(name, WORDS).is_some() || method::is_standard(&name.to_ascii_uppercase()));
    if is_dotted && !is_doubtful { name.to_owned() } else { literal(name) }
}

/// Rust reads these words as values.
fn is_literal(segment: &str) -> bool {
    matches!(segment, "true" | "false")
}

#[cfg(test)]
mod tests {
    use super::{description, literal};

    #[test]
    fn texts() {
        assert_eq!(literal("a\"b\\\n\u{202e}'\u{e9}\0"), "\"a\\\"b\\\\\\n\\u{202e}'\u{e9}\\0\"");
        assert_eq!(description("a\n\n*/ #[x] \"b\""), ["/// a", "///", "/// */ #[x] \"b\""]);
        assert_eq!(description("a \nb"), ["#[doc = \"a \\nb\"]"]);
        assert_eq!(description("  a\rb  "), ["#[doc = \"   a\\rb\"]"]);
        assert_eq!(description(" \n"), [""; 0]);
    }
}
