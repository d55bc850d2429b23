//! Where each value of a JSON text stands, by its JSON pointer (RFC 6901).

use std::collections::BTreeMap;

/// The place of a value in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The line, counted from 1.
    pub(crate) line: usize,
    /// The column in characters, counted from 1.
    pub(crate) column: usize,
    /// The offset of the first byte.
    pub(crate) start: usize,
    /// The offset after the value, but at most at the end of its line.
    pub(crate) end: usize,
}

/// The places of all values of a text that has been read as JSON before.
#[derive(Debug, Default)]
pub(crate) struct Places {
    by_pointer: BTreeMap<String, usize>,
    lines: Vec<usize>,
    text: String,
}

impl Places {
    pub(crate) fn of(text: &str) -> Self {
        let mut scanner = Scanner { bytes: text.as_bytes(), at: 0, found: BTreeMap::new(), pointer: String::new() };
        scanner.value(0);
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { by_pointer: scanner.found, lines: std::iter::once(0).chain(ends).collect(), text: text.to_owned() }
    }

    /// The place of the value with this pointer, or of the nearest value around it.
    pub(crate) fn get(&self, pointer: &str) -> Option<Place> {
        let mut pointer = pointer;
        loop {
            if let Some(&offset) = self.by_pointer.get(pointer) {
                return Some(self.place(offset));
            }
            pointer = pointer.rsplit_once('/')?.0;
        }
    }

    /// The place at a line and a column in bytes, both counted from 1, as
    /// `serde_json` counts them.
    pub(crate) fn at(&self, line: usize, column: usize) -> Place {
        let start = line.checked_sub(1).and_then(|line| self.lines.get(line)).copied().unwrap_or(self.text.len());
        let mut offset = (start + column.saturating_sub(1)).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        Place { line, column, ..self.place(offset) }
    }

    fn place(&self, offset: usize) -> Place {
        let line = self.lines.partition_point(|&start| start <= offset);
        let start = line.checked_sub(1).and_then(|line| self.lines.get(line)).copied().unwrap_or(0);
        let column = self.text.get(start..offset).map_or(0, |before| before.chars().count()) + 1;
        let rest = self.text.get(offset..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let end = match rest.strip_prefix('"').and_then(|rest| rest.find('"')) {
            Some(length) => offset + length + 2,
            None => offset + rest.chars().next().map_or(0, char::len_utf8),
        };
        Place { line, column, start: offset, end }
    }
}

/// The format is far less deep than this limit. Deeper values have no place of their own.
const DEEPEST: usize = 32;

struct Scanner<'t> {
    bytes: &'t [u8],
    at: usize,
    found: BTreeMap<String, usize>,
    pointer: String,
}

impl Scanner<'_> {
    fn peek(&mut self) -> Option<u8> {
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }

    fn value(&mut self, depth: usize) {
        let Some(first) = self.peek() else { return };
        self.found.entry(self.pointer.clone()).or_insert(self.at);
        match first {
            b'{' | b'[' if depth >= DEEPEST => self.at = self.bytes.len(),
            b'{' => self.members(depth),
            b'[' => self.elements(depth),
            b'"' => drop(self.string()),
            _ => {
                while self.bytes.get(self.at).is_some_and(|byte| !b",]} \t\r\n".contains(byte)) {
                    self.at += 1;
                }
            }
        }
    }

    fn members(&mut self, depth: usize) {
        self.at += 1;
        while self.peek() == Some(b'"') {
            let name = self.string();
            if self.peek() == Some(b':') {
                self.at += 1;
            }
            self.below(&name, depth);
            if self.peek() == Some(b',') {
                self.at += 1;
            }
        }
        self.at += 1;
    }

    fn elements(&mut self, depth: usize) {
        self.at += 1;
        let mut index = 0_usize;
        while self.peek().is_some_and(|byte| byte != b']') {
            self.below(&index.to_string(), depth);
            index += 1;
            if self.peek() == Some(b',') {
                self.at += 1;
            }
        }
        self.at += 1;
    }

    fn below(&mut self, name: &str, depth: usize) {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(name);
        self.value(depth + 1);
        self.pointer.truncate(length);
    }

    /// The text of a string. Escapes stay as they are: no name of the format has one.
    fn string(&mut self) -> String {
        let start = self.at + 1;
        self.at = start;
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        let text = self.bytes.get(start..self.at).unwrap_or_default();
        self.at += 1;
        String::from_utf8_lossy(text).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::Places;

    #[test]
    fn every_value_has_its_place() {
        let places = Places::of("{\"a\": [1, {\"b\": \"x\\\"}\"}],\n \"\u{e9}\": {}, \"c\": null}");
        for (pointer, expected) in [
            ("", Some((1, 1))),
            ("/a", Some((1, 7))),
            ("/a/0", Some((1, 8))),
            ("/a/1/b", Some((1, 17))),
            ("/a/1/b/none", Some((1, 17))),
            ("/\u{e9}", Some((2, 7))),
            ("/c", Some((2, 16))),
            ("/d", Some((1, 1))),
        ] {
            assert_eq!(places.get(pointer).map(|place| (place.line, place.column)), expected, "{pointer}");
        }
    }

    #[test]
    fn broken_text_ends() {
        for text in ["", "{", "[", "[1", "{\"a\"", "{\"a\\", "[[[", "}", "{\"a\":}"] {
            let _ = Places::of(text);
        }
        let _ = Places::of(&"[".repeat(100_000));
    }
}
