//! The comments and string literals of Rust source.

use crate::passage::{Kind, Line, Passage};

/// A part of the source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Part<'a> {
    /// Code between comments and literals.
    Code(&'a str),
    /// A comment, with its marks, up to the end of the line or to `*/`.
    Comment(&'a str),
    /// A string literal, without its quotes.
    Literal(&'a str),
}

/// Source that is cut into parts from its beginning.
pub(crate) struct Parts<'a> {
    rest: &'a str,
}

impl<'a> Parts<'a> {
    pub(crate) fn of(source: &'a str) -> Self {
        Self { rest: source }
    }

    fn cut(&mut self, length: usize) -> &'a str {
        let (cut, rest) = self.rest.split_at(length.min(self.rest.len()));
        self.rest = rest;
        cut
    }
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        let rest = self.rest;
        if rest.is_empty() {
            return None;
        }
        if rest.starts_with("//") {
            return Some(Part::Comment(self.cut(rest.find('\n').unwrap_or(rest.len()))));
        }
        if rest.starts_with("/*") {
            return Some(Part::Comment(self.cut(block_comment(rest))));
        }
        if let Some((begin, end, length)) = string(rest) {
            return Some(Part::Literal(&self.cut(length)[begin..end]));
        }
        // At least one character is code. A quote that does not begin a literal is code, too.
        let mut length = code(rest);
        while length < rest.len() && !begins_other(&rest[..length], &rest[length..]) {
            length += code(&rest[length..]);
        }
        Some(Part::Code(self.cut(length)))
    }
}

/// Whether a comment or a string begins where the code before it ends.
fn begins_other(before: &str, rest: &str) -> bool {
    let in_word = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
    rest.starts_with("//") || rest.starts_with("/*") || (string(rest).is_some() && (!in_word || rest.starts_with('"')))
}

/// The bytes of the next piece of code: a character literal whole, otherwise one character.
fn code(rest: &str) -> usize {
    let mut chars = rest.char_indices();
    let Some((_, first)) = chars.next() else { return 0 };
    if first == '\'' {
        match chars.next() {
            Some((_, '\\')) => {
                // The character after the backslash may be a quote.
                let from = 3.min(rest.len());
                return rest.get(from..).and_then(|tail| tail.find('\'')).map_or(1, |at| from + at + 1);
            }
            Some((_, _)) => {
                if let Some((at, '\'')) = chars.next() {
                    return at + 1;
                }
            }
            None => {}
        }
    }
    first.len_utf8()
}

/// The length of a block comment, which may hold others.
fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        let tail = &rest.as_bytes()[at..];
        if tail.starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if tail.starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// Where the text of a string literal begins and ends, and the length of the whole literal.
fn string(rest: &str) -> Option<(usize, usize, usize)> {
    let prefix = ["br", "cr", "r", "b", "c", ""].into_iter().find(|prefix| {
        let tail = rest.strip_prefix(prefix);
        tail.is_some_and(|tail| tail.starts_with('"') || (prefix.ends_with('r') && tail.starts_with('#')))
    })?;
    let hashes = rest[prefix.len()..].bytes().take_while(|byte| *byte == b'#').count();
    let begin = prefix.len() + hashes + 1;
    if !rest[prefix.len() + hashes..].starts_with('"') {
        return None;
    }
    if prefix.ends_with('r') {
        let close = format!("\"{}", "#".repeat(hashes));
        let end = begin + rest[begin..].find(&close)?;
        return Some((begin, end, end + close.len()));
    }
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(begin) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some((begin, at, at + 1)),
            _ => {}
        }
    }
    None
}

/// The comments and string literals of Rust source. Comments of one kind on consecutive lines are
/// one passage.
pub(crate) fn passages(source: &str) -> Vec<Passage> {
    let source_lines: Vec<&str> = source.lines().collect();
    let mut passages: Vec<Passage> = Vec::new();
    let mut number = 1;
    for part in Parts::of(source) {
        let (kind, text) = match part {
            Part::Code(text) => {
                passages.extend(names_of_functions(text, number));
                number += newlines(text);
                continue;
            }
            Part::Comment(text) => comment(text),
            Part::Literal(text) => (Kind::Text, text),
        };
        // Whether nothing but this comment is on its line.
        let whole = source_lines.get(number - 1).copied().unwrap_or_default();
        let alone = kind != Kind::Text && whole.trim_start().starts_with('/');
        // The line of an empty comment ends a paragraph.
        let lines = text.split('\n').enumerate().map(|(at, text)| Line {
            number: number + at,
            text: text.trim().trim_end_matches('\\').to_owned(),
            columns: if alone { source_lines.get(number - 1 + at).map_or(0, |line| line.chars().count()) } else { 0 },
        });
        let follows = |last: &&mut Passage| last.lines.last().is_some_and(|line| line.number + 1 == number);
        match passages.last_mut().filter(|last| alone && last.kind == kind).filter(follows) {
            Some(last) => last.lines.extend(lines),
            None => passages.push(Passage { kind, lines: lines.collect() }),
        }
        number += newlines(text);
    }
    passages
}

/// The names of the functions in a piece of code that begins on a line, each a passage. The name of
/// a test is a sentence.
fn names_of_functions(code: &str, number: usize) -> impl Iterator<Item = Passage> {
    code.match_indices("fn ").filter(|(at, _)| !code[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_')).map(
        move |(at, found)| {
            let name = code[at + found.len()..].split(|c: char| !c.is_alphanumeric() && c != '_').next();
            Passage::of_name(number + newlines(&code[..at]), name.unwrap_or_default())
        },
    )
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

/// Whether a comment documents an item, and its text without the marks.
fn comment(text: &str) -> (Kind, &str) {
    // Four slashes are a plain comment.
    for mark in ["///", "//!", "/**", "/*!"] {
        if let Some(text) = text.strip_prefix(mark).filter(|text| !text.starts_with(['/', '*'])) {
            return (Kind::Documentation, text.trim_end_matches("*/"));
        }
    }
    (Kind::Comment, text.trim_start_matches(['/', '*']).trim_end_matches("*/"))
}
