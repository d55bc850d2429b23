//! Reads YAML with the bytes of each value.

use std::borrow::Cow;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::tree::{Content, Member, Mistake, Node, Text, may_be_no_text, repeated};
use crate::openapi::depth;

/// Reads a YAML text of one document.
pub(super) fn parse(text: &str) -> Result<Node, Mistake> {
    let mut builder = Builder { text, character: 0, byte: 0, open: Vec::new(), root: None };
    for event in Parser::new_from_str(text) {
        match event {
            Ok((event, span)) => builder.take(event, span)?,
            Err(error) => {
                let at = builder.byte_of(error.marker().index());
                return Err(Mistake::new(at, error.info()));
            }
        }
    }
    builder.root.ok_or_else(|| Mistake::new(0, "the document is empty"))
}

struct Builder<'t> {
    text: &'t str,
    /// The last place that was asked for, in characters and in bytes.
    character: usize,
    byte: usize,
    open: Vec<Open>,
    root: Option<Node>,
}

/// A list or an object whose end was not read yet.
struct Open {
    node: Node,
    key: Option<(String, usize, usize)>,
}

impl Builder<'_> {
    /// The parser counts characters.
    fn byte_of(&mut self, character: usize) -> usize {
        if let Some(back) = self.character.checked_sub(character).filter(|back| *back > 0) {
            let before = self.text.get(..self.byte).unwrap_or_default();
            let byte = before.char_indices().rev().nth(back - 1).map_or(0, |(at, _)| at);
            (self.character, self.byte) = (character, byte);
        }
        let rest = self.text.get(self.byte..).unwrap_or_default();
        let steps = character - self.character;
        // Most of a document is ASCII.
        let length = match rest.as_bytes().get(..steps) {
            Some(bytes) if bytes.is_ascii() => steps,
            _ => rest.char_indices().nth(steps).map_or(rest.len(), |(at, _)| at),
        };
        (self.character, self.byte) = (character, self.byte + length);
        self.byte
    }

    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Mistake> {
        let start = self.byte_of(span.start.index());
        let end = self.byte_of(span.end.index());
        match event {
            Event::DocumentStart(_) if self.root.is_some() => {
                Err(Mistake::new(start, "the file has more than one YAML document"))
            }
            Event::Scalar(value, style, anchor, tag) => {
                let is_plain = style == ScalarStyle::Plain && may_be_no_text(&value);
                let node = node(start, end, anchor, tag, Content::Text(Text { value: value.into_owned(), is_plain }));
                self.add(node)
            }
            Event::Alias(anchor) => self.add(Node::new(start, end, Content::Alias(anchor))),
            Event::SequenceStart(anchor, tag) => self.begin(node(start, start, anchor, tag, Content::List(Vec::new()))),
            Event::MappingStart(anchor, tag) => {
                let is_flow = self.text.get(start..end).is_some_and(|text| text.contains('{'));
                self.begin(node(start, start, anchor, tag, Content::Object { members: Vec::new(), is_flow }))
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(mut open) = self.open.pop() else { return Ok(()) };
                // The end of a list or object in brackets is the bracket. The other ones end with
                // their last value.
                if end > start {
                    open.node.end = start + 1;
                }
                if let Some(member) = repeated(open.node.members()) {
                    return Err(Mistake::new(member.key_start, format!("the key `{}` occurs twice", member.key)));
                }
                self.add(open.node)
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, node: Node) -> Result<(), Mistake> {
        if self.open.len() >= depth::MAX_DEPTH {
            return Err(Mistake::new(node.start, depth::message()));
        }
        self.open.push(Open { node, key: None });
        Ok(())
    }

    fn add(&mut self, node: Node) -> Result<(), Mistake> {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut open.node.content {
            Content::List(items) => {
                open.node.end = node.end;
                items.push(node);
            }
            Content::Object { members, .. } => match open.key.take() {
                Some((key, key_start, key_end)) => {
                    open.node.end = node.end.max(key_end);
                    members.push(Member { key, key_start, key_end, value: node });
                }
                None => match node {
                    Node { content: Content::Text(text), is_anchored: false, tag: None, start, end, .. } => {
                        open.key = Some((text.value, start, end));
                    }
                    _ => return Err(Mistake::new(node.start, "a key is not a plain text")),
                },
            },
            Content::Text(_) | Content::Alias(_) => {}
        }
        Ok(())
    }
}

fn node(start: usize, end: usize, anchor: usize, tag: Option<Cow<'_, Tag>>, content: Content) -> Node {
    let mut node = Node::new(start, end, content);
    node.is_anchored = anchor > 0;
    node.tag = tag.map(|tag| tag.to_string());
    node
}
