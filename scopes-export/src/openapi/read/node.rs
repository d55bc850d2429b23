//! The values of a document, each with its position.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use crate::openapi::depth;

/// The most values of all files together, with those that aliases repeat.
pub(super) const MAX_VALUES: usize = 4_000_000;

/// Objects with more members get an index.
const SMALL: usize = 24;

/// A line and a column of a file, counted from 1. Columns count characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot {
    pub(super) line: u32,
    pub(super) column: u32,
}

impl Spot {
    pub(super) const START: Self = Self { line: 1, column: 1 };

    pub(super) fn new(line: usize, column: usize) -> Self {
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Self { line: number(line), column: number(column) }
    }
}

/// Why a text has no values.
#[derive(Debug)]
pub(super) struct SyntaxError {
    pub(super) spot: Spot,
    pub(super) message: String,
}

impl SyntaxError {
    pub(super) fn new(spot: Spot, message: impl Into<String>) -> Self {
        Self { spot, message: message.into() }
    }

    pub(super) fn too_deep(spot: Spot) -> Self {
        Self::new(spot, depth::message())
    }

    pub(super) fn too_many(spot: Spot) -> Self {
        Self::new(spot, format!("there are more than {MAX_VALUES} values, counting what aliases repeat"))
    }
}

#[derive(Debug)]
pub(super) struct Node {
    pub(super) value: Value,
    pub(super) spot: Spot,
}

#[derive(Debug)]
pub(super) enum Value {
    Null,
    Text(Box<str>),
    /// A number or a Boolean, as it is written.
    Other(Box<str>),
    List(Vec<Rc<Node>>),
    Object(Object),
    /// A value with a YAML tag that JSON does not have, such as `!include`. What it means is not
    /// known.
    #[cfg_attr(not(feature = "yaml"), allow(dead_code, reason = "JSON has no tags"))]
    Tagged,
}

#[derive(Debug)]
pub(super) struct Member {
    pub(super) key: Rc<str>,
    /// Where the key is written.
    pub(super) spot: Spot,
    pub(super) value: Rc<Node>,
}

#[derive(Debug)]
pub(super) struct Object {
    members: Vec<Member>,
    /// The first member whose key another member before it has.
    repeated: Option<usize>,
    index: OnceCell<HashMap<Rc<str>, usize>>,
}

impl Node {
    pub(super) const fn new(value: Value, spot: Spot) -> Self {
        Self { value, spot }
    }

    pub(super) const fn object(&self) -> Option<&Object> {
        match &self.value {
            Value::Object(object) => Some(object),
            _ => None,
        }
    }

    pub(super) fn list(&self) -> Option<&[Rc<Self>]> {
        match &self.value {
            Value::List(list) => Some(list),
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a text, number or Boolean.
    pub(super) fn scalar(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) | Value::Other(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn is_true(&self) -> bool {
        matches!(&self.value, Value::Other(text) if text.eq_ignore_ascii_case("true"))
    }

    /// The member of an object; `None` if this is not an object.
    pub(super) fn get(&self, key: &str) -> Option<&Rc<Self>> {
        self.object()?.get(key).map(|member| &member.value)
    }

    /// What the value is, for messages.
    pub(super) const fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "null",
            Value::Text(_) => "a text",
            Value::Other(_) => "a number or a Boolean",
            Value::List(_) => "an array",
            Value::Object(_) => "an object",
            Value::Tagged => "a value with a YAML tag",
        }
    }
}

impl Object {
    pub(super) fn new(members: Vec<Member>) -> Self {
        let repeated = if members.len() <= SMALL {
            let is_repeated = |at: usize| {
                members.iter().take(at).any(|earlier| members.get(at).is_some_and(|m| m.key == earlier.key))
            };
            (1..members.len()).find(|&at| is_repeated(at))
        } else {
            let mut seen: HashSet<&str> = HashSet::with_capacity(members.len());
            members.iter().position(|member| !seen.insert(&member.key))
        };
        Self { members, repeated, index: OnceCell::new() }
    }

    pub(super) fn members(&self) -> &[Member] {
        &self.members
    }

    /// A member whose key occurs twice. Readers of JSON and YAML differ in which of the two counts.
    pub(super) fn repeated(&self) -> Option<&Member> {
        self.members.get(self.repeated?)
    }

    pub(super) fn get(&self, key: &str) -> Option<&Member> {
        if self.members.len() <= SMALL {
            return self.members.iter().find(|member| &*member.key == key);
        }
        let index = self.index.get_or_init(|| {
            let mut index = HashMap::with_capacity(self.members.len());
            for (at, member) in self.members.iter().enumerate() {
                index.entry(Rc::clone(&member.key)).or_insert(at);
            }
            index
        });
        self.members.get(*index.get(key)?)
    }
}
