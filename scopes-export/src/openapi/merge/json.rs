//! Reads JSON with the bytes of each value.

use serde::de::IgnoredAny;

use super::tree::{Content, Member, Mistake, Node, Text, repeated};
use crate::openapi::depth;

/// Reads a JSON text.
pub(super) fn parse(text: &str) -> Result<Node, Mistake> {
    // serde_json checks the syntax, so that the second pass only has to find the bytes. It skips
    // values without recursion, and so without a bound of their depth.
    if let Err(error) = serde_json::from_str::<IgnoredAny>(text) {
        let line_start = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum::<usize>();
        return Err(Mistake::new(line_start + error.column().saturating_sub(1), error.to_string()));
    }
    let mut reader = Reader { text, at: 0 };
    reader.value(0)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&mut self) -> u8 {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        self.at += rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        self.text.as_bytes().get(self.at).copied().unwrap_or_default()
    }

    /// Reads a value within so many others.
    fn value(&mut self, outer: usize) -> Result<Node, Mistake> {
        let first = self.peek();
        let start = self.at;
        let content = match first {
            b'{' | b'[' if outer >= depth::MAX_DEPTH => return Err(Mistake::new(start, depth::message())),
            b'{' => {
                let mut members = Vec::new();
                self.each(b'}', |reader| {
                    reader.peek();
                    let key_start = reader.at;
                    let key = reader.text()?;
                    let key_end = reader.at;
                    reader.peek();
                    reader.at += 1;
                    members.push(Member { key, key_start, key_end, value: reader.value(outer + 1)? });
                    Ok(())
                })?;
                if let Some(member) = repeated(&members) {
                    return Err(Mistake::new(member.key_start, format!("the key `{}` occurs twice", member.key)));
                }
                Content::Object { members, is_flow: true }
            }
            b'[' => {
                let mut items = Vec::new();
                self.each(b']', |reader| {
                    items.push(reader.value(outer + 1)?);
                    Ok(())
                })?;
                Content::List(items)
            }
            b'"' => Content::Text(Text { value: self.text()?, is_plain: false }),
            _ => {
                let rest = self.text.as_bytes().get(start..).unwrap_or_default();
                let is_end = |byte: &u8| byte.is_ascii_whitespace() || b",]}".contains(byte);
                self.at += rest.iter().position(is_end).unwrap_or(rest.len());
                let value = self.text.get(start..self.at).unwrap_or_default().to_owned();
                Content::Text(Text { value, is_plain: true })
            }
        };
        Ok(Node::new(start, self.at, content))
    }

    /// Reads what stands between a bracket and its end.
    fn each(&mut self, end: u8, mut read: impl FnMut(&mut Self) -> Result<(), Mistake>) -> Result<(), Mistake> {
        self.at += 1;
        loop {
            match self.peek() {
                found if found == end || found == 0 => break,
                b',' => self.at += 1,
                _ => read(self)?,
            }
        }
        self.at += 1;
        Ok(())
    }

    /// Reads a text in quotes.
    fn text(&mut self) -> Result<String, Mistake> {
        let start = self.at;
        self.at += 1;
        loop {
            match self.text.as_bytes().get(self.at) {
                Some(b'"') | None => break,
                Some(b'\\') => self.at += 2,
                Some(_) => self.at += 1,
            }
        }
        self.at += 1;
        let quoted = self.text.get(start..self.at).unwrap_or_default();
        serde_json::from_str(quoted).map_err(|error| Mistake::new(start, error.to_string()))
    }
}
