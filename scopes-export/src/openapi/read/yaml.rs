//! Reads YAML with positions.

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};

use super::node::{Member, Node, Object, Spot, SyntaxError, Value};
use crate::openapi::depth::MAX_DEPTH;

/// The key of YAML 1.1 that takes the members of other objects over. The specification of OpenAPI
/// leaves it out, but the usual readers of YAML know it, and documents have it.
const MERGE: &str = "<<";

/// Reads a text. `left` is the number of values that may still be read, with those that aliases
/// repeat.
pub(super) fn parse(text: &str, left: &mut usize) -> Result<Rc<Node>, SyntaxError> {
    refuse_control_characters(text)?;
    let mut builder = Builder { left, open: Vec::new(), anchors: HashMap::new(), root: None };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| located(&error))?;
        builder.take(event, span)?;
    }
    builder.root.ok_or_else(|| SyntaxError::new(Spot::START, "the document is empty"))
}

/// YAML allows no control characters but these. The parser would take NUL for the end.
fn refuse_control_characters(text: &str) -> Result<(), SyntaxError> {
    let is_odd = |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x7f);
    let Some(at) = text.as_bytes().iter().position(is_odd) else { return Ok(()) };
    let before = text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|&character| character != '\n').count() + 1;
    Err(SyntaxError::new(Spot::new(line, column), "YAML allows no control characters"))
}

fn located(error: &ScanError) -> SyntaxError {
    let mark = error.marker();
    SyntaxError::new(Spot::new(mark.line(), mark.col() + 1), format!("this is not YAML: {}", error.info()))
}

fn spot(span: Span) -> Spot {
    Spot::new(span.start.line(), span.start.col() + 1)
}

struct Builder<'l> {
    left: &'l mut usize,
    open: Vec<Open>,
    /// The values with an anchor.
    anchors: HashMap<usize, Anchored>,
    root: Option<Rc<Node>>,
}

/// A value that aliases may repeat.
#[derive(Clone)]
struct Anchored {
    node: Rc<Node>,
    /// How many values it has.
    count: usize,
    /// How many objects and arrays are within one another in it, with those of aliases.
    height: usize,
}

/// A list or object whose end was not read yet.
struct Open {
    spot: Spot,
    anchor: usize,
    is_tagged: bool,
    /// `left` at the start.
    left: usize,
    /// The greatest height of its values so far.
    height: usize,
    content: Content,
}

enum Content {
    List(Vec<Rc<Node>>),
    Object { members: Vec<Member>, key: Option<(Rc<str>, Spot)>, merged: Vec<Rc<Node>> },
}

impl Builder<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), SyntaxError> {
        let spot = spot(span);
        match event {
            Event::DocumentStart(_) if self.root.is_some() => {
                return Err(SyntaxError::new(spot, "the file has more than one YAML document"));
            }
            Event::Alias(anchor) => {
                let anchored = self.anchors.get(&anchor).cloned();
                let Anchored { node, count, height } =
                    anchored.ok_or_else(|| SyntaxError::new(spot, "this alias is within the value that it names"))?;
                self.spend(count, spot)?;
                if self.open.len() + height > MAX_DEPTH {
                    return Err(SyntaxError::too_deep(spot));
                }
                return self.add(node, height, spot);
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.spend(1, spot)?;
                let node = Rc::new(Node::new(scalar(&text, style, tag.as_deref()), spot));
                self.anchor(anchor, &node, 1, 0);
                return self.add(node, 0, spot);
            }
            Event::SequenceStart(anchor, tag) => {
                self.open(Content::List(Vec::new()), anchor, is_foreign(tag.as_ref(), "seq"), spot)?;
            }
            Event::MappingStart(anchor, tag) => {
                let content = Content::Object { members: Vec::new(), key: None, merged: Vec::new() };
                self.open(content, anchor, is_foreign(tag.as_ref(), "map"), spot)?;
            }
            Event::SequenceEnd | Event::MappingEnd => return self.close(),
            _ => {}
        }
        Ok(())
    }

    fn spend(&mut self, count: usize, spot: Spot) -> Result<(), SyntaxError> {
        *self.left = self.left.checked_sub(count).ok_or_else(|| SyntaxError::too_many(spot))?;
        Ok(())
    }

    fn open(&mut self, content: Content, anchor: usize, is_tagged: bool, spot: Spot) -> Result<(), SyntaxError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(SyntaxError::too_deep(spot));
        }
        let left = *self.left;
        self.spend(1, spot)?;
        self.open.push(Open { spot, anchor, is_tagged, left, height: 0, content });
        Ok(())
    }

    fn close(&mut self) -> Result<(), SyntaxError> {
        let Some(open) = self.open.pop() else { return Ok(()) };
        let Open { spot, anchor, is_tagged, left, height, content } = open;
        let value = match content {
            _ if is_tagged => Value::Tagged,
            Content::List(items) => Value::List(items),
            Content::Object { mut members, merged, .. } => {
                for node in merged {
                    self.merge(&node, &mut members, spot)?;
                }
                Value::Object(Object::new(members))
            }
        };
        let node = Rc::new(Node::new(value, spot));
        self.anchor(anchor, &node, left.saturating_sub(*self.left), height + 1);
        self.add(node, height + 1, spot)
    }

    /// Takes over the members of an object, or of a list of objects, that are not there yet.
    fn merge(&mut self, node: &Node, members: &mut Vec<Member>, at: Spot) -> Result<(), SyntaxError> {
        let sources: Vec<&Object> = match &node.value {
            Value::Object(object) => vec![object],
            Value::List(list) => list.iter().filter_map(|node| node.object()).collect(),
            _ => Vec::new(),
        };
        let is_sound = match &node.value {
            Value::List(list) => list.len() == sources.len(),
            _ => sources.len() == 1,
        };
        if !is_sound {
            return Err(SyntaxError::new(node.spot, "`<<` takes over the members of objects, and this is not one"));
        }
        let mut known: std::collections::HashSet<Rc<str>> =
            members.iter().map(|member| Rc::clone(&member.key)).collect();
        for member in sources.iter().flat_map(|source| source.members()) {
            self.spend(1, at)?;
            if known.insert(Rc::clone(&member.key)) {
                let Member { key, spot, value } = member;
                members.push(Member { key: Rc::clone(key), spot: *spot, value: Rc::clone(value) });
            }
        }
        Ok(())
    }

    fn anchor(&mut self, anchor: usize, node: &Rc<Node>, count: usize, height: usize) {
        // 0 is not an anchor.
        if anchor > 0 {
            self.anchors.insert(anchor, Anchored { node: Rc::clone(node), count, height });
        }
    }

    fn add(&mut self, node: Rc<Node>, height: usize, spot: Spot) -> Result<(), SyntaxError> {
        if let Some(open) = self.open.last_mut() {
            open.height = open.height.max(height);
        }
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.root = Some(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Object { members, key, merged }) => match key.take() {
                None => {
                    let text =
                        node.scalar().ok_or_else(|| SyntaxError::new(spot, "the key of a member must be a text"))?;
                    *key = Some((text.into(), spot));
                }
                Some((key, spot)) if &*key == MERGE && !merged.is_empty() => {
                    let message = "`<<` occurs twice, and readers differ in which one counts: write one with a list";
                    return Err(SyntaxError::new(spot, message));
                }
                Some((key, _)) if &*key == MERGE => merged.push(node),
                Some((key, spot)) => members.push(Member { key, spot, value: node }),
            },
        }
        Ok(())
    }
}

/// Whether the tag says something else than the value's own form.
fn is_foreign(tag: Option<&Cow<'_, Tag>>, own: &str) -> bool {
    tag.is_some_and(|tag| !(tag.is_yaml_core_schema() && tag.suffix == own))
}

/// The scalars of YAML 1.2's core schema: `no` and `on` are texts.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    match tag {
        Some(tag) if tag.is_yaml_core_schema() => match &*tag.suffix {
            "str" => Value::Text(text.into()),
            "null" => Value::Null,
            "bool" | "int" | "float" => Value::Other(text.into()),
            _ => Value::Tagged,
        },
        // `!` alone makes a text of a plain scalar.
        Some(tag) if tag.handle.is_empty() && matches!(&*tag.suffix, "!" | "") => Value::Text(text.into()),
        Some(_) => Value::Tagged,
        None if style != ScalarStyle::Plain => Value::Text(text.into()),
        None => match text {
            "" | "~" | "null" | "Null" | "NULL" => Value::Null,
            "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => Value::Other(text.into()),
            _ if is_number(text) => Value::Other(text.into()),
            _ => Value::Text(text.into()),
        },
    }
}

fn is_number(text: &str) -> bool {
    if !text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first)) {
        return false;
    }
    let digits = text.trim_start_matches(['+', '-']);
    let based = digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0o"));
    match based {
        Some(digits) => !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None if matches!(digits, ".inf" | ".Inf" | ".INF" | ".nan" | ".NaN" | ".NAN") => true,
        None => text.parse::<f64>().is_ok(),
    }
}
