//! Human texts in the Markdown pages that this project generates.
//!
//! A text of the declaration becomes one line, such as a cell of a table. The page shows the text,
//! and no character of it can end the cell, begin a block, open a tag or make a link.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

mod spans;
#[cfg(test)]
mod tests;

pub use self::spans::{Span, spans};

/// The beginnings of a link without brackets.
const SCHEMES: [&str; 2] = ["http://", "https://"];

/// The first paragraph of a text, or the part of it before its first block of code.
#[must_use]
pub fn first_paragraph(text: &str) -> &str {
    let is_fence = |line: &str| line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
    let is_code = |line: &str| line.starts_with('\t') || line.starts_with("    ");
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        if line.trim().is_empty() || is_fence(line) || end == 0 && is_code(line) {
            break;
        }
        end += line.len();
    }
    text.get(..end).unwrap_or_default().trim_end()
}

/// Converts a text to one line of Markdown. Code stays code, a link becomes its text, and the
/// address of a page becomes a link. All other characters are shown unchanged.
///
/// ```
/// use scopes_core::markdown::inline;
/// assert_eq!(inline("Read `users` | see\n<b>[the manual](x)</b>"), r"Read `users` | see \<b>the manual\</b>");
/// ```
#[must_use]
pub fn inline(text: &str) -> String {
    Line { in_table: false }.write(&one_line(text))
}

/// Like [`inline`], for one cell of a table.
///
/// ```
/// use scopes_core::markdown::cell;
/// assert_eq!(cell("one | `two|three`"), r"one \| `two\|three`");
/// ```
#[must_use]
pub fn cell(text: &str) -> String {
    in_cell(&Line { in_table: true }.write(&one_line(text)))
}

/// Escapes the bars in Markdown for a cell of a table. Otherwise a bar would end the cell, even
/// within code.
#[must_use]
pub fn in_cell(markdown: &str) -> String {
    markdown.replace('|', "\\|")
}

/// Formats a text as inline code of Markdown.
#[must_use]
pub fn code(text: &str) -> String {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or(0);
    let marks = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{marks}{pad}{text}{pad}{marks}")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[derive(Clone, Copy)]
struct Line {
    in_table: bool,
}

impl Line {
    fn write(self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        let mut before = None;
        while let Some(character) = rest.chars().next() {
            let (written, length) = self.next(rest, character, before);
            out.push_str(&written);
            let (taken, more) = rest.split_at(length);
            before = taken.chars().next_back();
            rest = more;
        }
        escaped_beginning(out)
    }

    /// The output for the beginning of `rest`, and the number of bytes that it replaces.
    fn next(self, rest: &str, character: char, before: Option<char>) -> (String, usize) {
        if character == '`' {
            return self.code(rest);
        }
        if let Some(address) = address(rest) {
            return (format!("<{address}>"), address.len());
        }
        if let Some(inside) = rest.strip_prefix('<')
            && let Some(address) = address(inside)
            && inside.get(address.len()..).is_some_and(|after| after.starts_with('>'))
        {
            return (format!("<{address}>"), address.len() + 2);
        }
        if let Some((label, length)) = link(rest) {
            return (self.write(label), length);
        }
        let next = rest.chars().nth(1);
        let is_escaped = match character {
            '\\' | '*' | '~' | '[' => true,
            '_' => !(before.is_some_and(char::is_alphanumeric) && next.is_some_and(char::is_alphanumeric)),
            '<' => next.is_some_and(|next| next != ' '),
            '&' => next.is_some_and(|next| next.is_ascii_alphanumeric() || next == '#'),
            _ => false,
        };
        let written = if is_escaped { format!("\\{character}") } else { character.to_string() };
        (written, character.len_utf8())
    }

    /// The output for inline code, or for backticks that do not begin code.
    fn code(self, rest: &str) -> (String, usize) {
        let marks = marks(rest);
        match code_at(rest) {
            // In a table the bar would end the cell, and an escape is not possible after a
            // backslash.
            Some((inner, length)) if self.in_table && inner.contains("\\|") => (self.write(inner), length),
            Some((inner, length)) => (code(inner), length),
            None => ("\\`".repeat(marks), marks),
        }
    }
}

/// The number of backticks at the beginning of a text.
fn marks(text: &str) -> usize {
    text.len() - text.trim_start_matches('`').len()
}

/// The code at the beginning of a text: the text between the backticks, and the length with them.
fn code_at(text: &str) -> Option<(&str, usize)> {
    let marks = marks(text);
    let mut at = marks;
    loop {
        let start = at + text.get(at..)?.find('`')?;
        let length = self::marks(text.get(start..)?);
        at = start + length;
        if length == marks {
            let inner = text.get(marks..start)?.trim();
            return (!inner.is_empty()).then_some((inner, at));
        }
    }
}

/// The address of a page at the beginning of a text.
fn address(text: &str) -> Option<&str> {
    let scheme = SCHEMES.into_iter().find(|scheme| text.starts_with(scheme))?;
    let is_inside = |character: char| character.is_ascii_alphanumeric() || "-._~:/?#@!$&()*+,;=%".contains(character);
    let end = text.find(|character| !is_inside(character)).unwrap_or(text.len());
    let address = text.get(..end)?.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '*']);
    (address.len() > scheme.len()).then_some(address)
}

/// The link at the beginning of a text: its label, and the length of the whole link.
fn link(text: &str) -> Option<(&str, usize)> {
    let inside = text.strip_prefix('[')?;
    // Only up to the next bracket, so that a text of many brackets is read only once.
    let (label, after) = inside.split_at(inside.find(['[', ']'])?);
    let after = after.strip_prefix(']')?;
    // `[^1]` is a footnote.
    if label.is_empty() || label.starts_with('^') {
        return None;
    }
    let target = match after.chars().next() {
        Some('(') => Some(parenthesis(after)?),
        Some('[') => {
            let name = after.get(1..)?;
            let end = name.find(['[', ']']).filter(|end| name.get(*end..).is_some_and(|rest| rest.starts_with(']')))?;
            Some(end + 2)
        }
        // A label that is only code is a link by itself: [`Permit`].
        _ => (code_at(label).is_some_and(|(_, length)| length == label.len())).then_some(0),
    };
    target.map(|target| (label, text.len() - after.len() + target))
}

/// The length of the parenthesis at the beginning of a text, including its end.
fn parenthesis(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            // Stops here, so that a text of many targets without an end is read only once.
            '[' => return None,
            _ => {}
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

/// Escapes the first mark of a line that would begin a heading, a quotation or a list.
fn escaped_beginning(line: String) -> String {
    let digits = line.len() - line.trim_start_matches(|character: char| character.is_ascii_digit()).len();
    let is_mark = match line.as_bytes().get(digits) {
        Some(b'.' | b')') => digits > 0,
        Some(b'#' | b'>' | b'+' | b'-' | b'=') => digits == 0,
        _ => false,
    };
    if !is_mark {
        return line;
    }
    let (before, after) = line.split_at(digits);
    format!("{before}\\{after}")
}
