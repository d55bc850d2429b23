//! Reads JSON with positions.

use std::rc::Rc;

use super::node::{Member, Node, Object, Spot, SyntaxError, Value};
use crate::openapi::depth::MAX_DEPTH;

/// Reads a text. `left` is the number of values that may still be read.
pub(super) fn parse(text: &str, left: &mut usize) -> Result<Rc<Node>, SyntaxError> {
    let mut parser = Parser { text, at: 0, line: 1, seen: 0, column: 1, left };
    let node = parser.value(0)?;
    parser.skip_space();
    match parser.peek() {
        None => Ok(node),
        Some(_) => Err(parser.error("the text goes on after the value")),
    }
}

struct Parser<'t, 'l> {
    text: &'t str,
    at: usize,
    line: usize,
    /// The byte whose column is `column`. Columns are counted on from there, because a whole
    /// document may be one line.
    seen: usize,
    column: usize,
    left: &'l mut usize,
}

impl Parser<'_, '_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn spot(&mut self) -> Spot {
        let between = self.text.as_bytes().get(self.seen..self.at).unwrap_or_default();
        // Bytes that continue a character are not counted.
        self.column += between.iter().filter(|&&byte| byte & 0xc0 != 0x80).count();
        self.seen = self.at;
        Spot::new(self.line, self.column)
    }

    fn error(&mut self, message: impl Into<String>) -> SyntaxError {
        SyntaxError::new(self.spot(), message)
    }

    fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\r' => self.at += 1,
                b'\n' => {
                    self.at += 1;
                    self.line += 1;
                    (self.seen, self.column) = (self.at, 1);
                }
                _ => break,
            }
        }
    }

    fn value(&mut self, depth: usize) -> Result<Rc<Node>, SyntaxError> {
        self.skip_space();
        let spot = self.spot();
        *self.left = self.left.checked_sub(1).ok_or_else(|| SyntaxError::too_many(spot))?;
        let value = match self.peek() {
            Some(b'{' | b'[') if depth >= MAX_DEPTH => return Err(SyntaxError::too_deep(spot)),
            Some(b'{') => Value::Object(self.object(depth)?),
            Some(b'[') => Value::List(self.list(depth)?),
            Some(b'"') => Value::Text(self.string()?.into()),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't' | b'f' | b'n') => self.word()?,
            Some(_) => return Err(self.error("expected a value")),
            None => return Err(self.error("the text ends within the document")),
        };
        Ok(Rc::new(Node::new(value, spot)))
    }

    fn object(&mut self, depth: usize) -> Result<Object, SyntaxError> {
        let mut members = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Object::new(members));
        }
        loop {
            self.skip_space();
            let spot = self.spot();
            if self.peek() != Some(b'"') {
                return Err(self.error("expected the name of a member, in quotes"));
            }
            let key = self.string()?.into();
            self.skip_space();
            if self.peek() != Some(b':') {
                return Err(self.error("expected `:` after the name of a member"));
            }
            self.at += 1;
            let value = self.value(depth + 1)?;
            members.push(Member { key, spot, value });
            if !self.goes_on(b'}')? {
                return Ok(Object::new(members));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Rc<Node>>, SyntaxError> {
        let mut items = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(items);
        }
        loop {
            items.push(self.value(depth + 1)?);
            if !self.goes_on(b']')? {
                return Ok(items);
            }
        }
    }

    /// Reads a comma or the closing bracket; returns whether it was a comma.
    fn goes_on(&mut self, close: u8) -> Result<bool, SyntaxError> {
        self.skip_space();
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            _ => Err(self.error(format!("expected `,` or `{}`", char::from(close)))),
        }
    }

    fn number(&mut self) -> Result<Value, SyntaxError> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte)) {
            self.at += 1;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        let is_number = text.parse::<f64>().is_ok() && !text.trim_start_matches('-').starts_with(['i', 'n', '.', '+']);
        if is_number { Ok(Value::Other(text.into())) } else { Err(self.error("expected a number")) }
    }

    fn word(&mut self) -> Result<Value, SyntaxError> {
        let rest = self.text.get(self.at..).unwrap_or_default();
        for word in ["true", "false", "null"] {
            if rest.starts_with(word) {
                self.at += word.len();
                return Ok(if word == "null" { Value::Null } else { Value::Other(word.into()) });
            }
        }
        Err(self.error("expected a value"))
    }

    /// Reads a string, from its opening quote on.
    fn string(&mut self) -> Result<String, SyntaxError> {
        self.at += 1;
        let mut string = String::new();
        loop {
            let start = self.at;
            while self.peek().is_some_and(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
                self.at += 1;
            }
            string.push_str(self.text.get(start..self.at).unwrap_or_default());
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(string);
                }
                Some(b'\\') => {
                    self.at += 1;
                    string.push(self.escape()?);
                }
                Some(_) => return Err(self.error("a control character in a text must be escaped")),
                None => return Err(self.error("the text ends within a string")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, SyntaxError> {
        let byte = self.peek();
        self.at += 1;
        Ok(match byte {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => {
                self.at -= 1;
                return Err(self.error("no such escape"));
            }
        })
    }

    /// Reads the digits of `\u` and, after the first half of a pair, the second half. Half a pair
    /// alone is not a character.
    fn unicode(&mut self) -> Result<char, SyntaxError> {
        let first = self.digits()?;
        if !(0xd800..0xdc00).contains(&first) {
            return Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        if !self.text.get(self.at..).unwrap_or_default().starts_with("\\u") {
            return Ok(char::REPLACEMENT_CHARACTER);
        }
        let start = self.at;
        self.at += 2;
        let second = self.digits()?;
        if !(0xdc00..0xe000).contains(&second) {
            self.at = start;
            return Ok(char::REPLACEMENT_CHARACTER);
        }
        let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn digits(&mut self) -> Result<u32, SyntaxError> {
        let digits = self.text.get(self.at..self.at + 4).filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()));
        let code = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let code = code.ok_or_else(|| self.error("expected four hexadecimal digits after `\\u`"))?;
        self.at += 4;
        Ok(code)
    }
}
