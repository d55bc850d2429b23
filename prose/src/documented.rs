//! Finds public items whose documentation says hardly more than their name.

use crate::rust_source::{Part, Parts};

/// Documentation with at most this number of words is too short.
const WORDS: usize = 5;

/// The contents of a pair of braces.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Body {
    /// The variants of a public enum or the items of a public trait, which are public without
    /// `pub`.
    PublicMembers,
    Other,
}

/// The public items of a source file that are documented in a few words: line and documentation.
pub(crate) fn too_short(source: &str) -> impl Iterator<Item = (usize, String)> {
    let mut reader = Reader { line: 1, ..Reader::default() };
    for part in Parts::of(source) {
        let text = match part {
            Part::Comment(text) => {
                if let Some(doc) = text.strip_prefix("///").filter(|doc| !doc.starts_with('/')) {
                    reader.documentation(doc);
                }
                text
            }
            // Only its presence counts, as in `#[doc(alias = "..")]`.
            Part::Literal(text) => text,
            Part::Code(text) => {
                text.chars().for_each(|c| reader.code(c));
                continue;
            }
        };
        reader.line += text.bytes().filter(|byte| *byte == b'\n').count();
    }
    reader.found.into_iter()
}

#[derive(Default)]
struct Reader {
    line: usize,
    /// The bodies around the current position.
    bodies: Vec<Body>,
    /// How many brackets and parentheses are open.
    nested: usize,
    /// The line and the text of the documentation of the next item.
    documentation: Option<(usize, String)>,
    /// The code of the item so far, without its attributes.
    head: String,
    /// The code of the current attribute, from `#` on.
    attribute: Option<String>,
    found: Vec<(usize, String)>,
}

impl Reader {
    fn documentation(&mut self, text: &str) {
        let (_, doc) = self.documentation.get_or_insert_with(|| (self.line, String::new()));
        doc.push_str(text);
        doc.push(' ');
    }

    fn code(&mut self, c: char) {
        if c == '\n' {
            self.line += 1;
        }
        if let Some(attribute) = &mut self.attribute {
            attribute.push(c);
            let (open, closed) = (attribute.matches('[').count(), attribute.matches(']').count());
            if open > 0 && open == closed {
                // A hidden item is not shown, so its documentation is not either.
                if attribute.replace(' ', "").starts_with("#[doc(hidden") {
                    self.documentation = None;
                }
                self.attribute = None;
            }
            return;
        }
        match c {
            '#' if self.head.trim().is_empty() => self.attribute = Some(c.to_string()),
            '(' | '[' => {
                self.item();
                self.nested += 1;
            }
            ')' | ']' => {
                self.nested = self.nested.saturating_sub(1);
                self.head.clear();
            }
            '{' => {
                self.item();
                let head = self.head.trim();
                // The fields of a variant are as public as the variant.
                let public = self.is_member() || head.starts_with("pub enum ") || head.starts_with("pub trait ");
                self.bodies.push(if public { Body::PublicMembers } else { Body::Other });
                self.head.clear();
            }
            '}' => {
                self.item();
                self.bodies.pop();
                self.head.clear();
            }
            ';' | ',' | '=' => {
                self.item();
                self.head.clear();
            }
            _ => self.head.push(c),
        }
    }

    /// Whether the current item is public without `pub`.
    fn is_member(&self) -> bool {
        self.bodies.last() == Some(&Body::PublicMembers) && self.nested == 0
    }

    /// Called at the end of an item's head: records the item if its documentation is too short.
    fn item(&mut self) {
        let head = self.head.trim();
        if head.is_empty() {
            return;
        }
        let Some((line, doc)) = self.documentation.take() else { return };
        let words = doc.split_whitespace().filter(|word| word.contains(char::is_alphanumeric)).count();
        if (head.starts_with("pub ") || self.is_member()) && words <= WORDS {
            self.found.push((line, doc.trim().to_owned()));
        }
    }
}
