//! A document as a tree whose nodes know their bytes in the text.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};

/// Objects with more members get an index.
const SMALL: usize = 24;

/// A value and its bytes, without the white space around it.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether the value has a YAML anchor, so that other places of the document may repeat it.
    pub(super) is_anchored: bool,
    pub(super) tag: Option<String>,
    pub(super) content: Content,
    /// The members of an object with many, by their keys.
    index: OnceCell<HashMap<String, usize>>,
}

#[derive(Clone, Debug)]
pub(super) enum Content {
    Text(Text),
    List(Vec<Node>),
    Object {
        members: Vec<Member>,
        /// Whether it is written in braces.
        is_flow: bool,
    },
    /// A YAML alias, by the number of its anchor.
    #[cfg_attr(not(feature = "yaml"), allow(dead_code, reason = "JSON has no aliases"))]
    Alias(usize),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    pub(super) value: String,
    /// Whether it is written without quotes and may be a number, a boolean or null for some reader.
    pub(super) is_plain: bool,
}

/// Whether a text of YAML without quotes may be something else than a text, in YAML 1.1 or 1.2.
pub(super) fn may_be_no_text(plain: &str) -> bool {
    const WORDS: [&str; 10] = ["true", "false", "null", "~", "yes", "no", "on", "off", "y", "n"];
    plain.is_empty()
        || plain.starts_with(|first: char| first.is_ascii_digit() || "+-.=<".contains(first))
        || WORDS.contains(&plain.to_ascii_lowercase().as_str())
}

#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) key: String,
    pub(super) key_start: usize,
    pub(super) key_end: usize,
    pub(super) value: Node,
}

impl Node {
    pub(super) const fn new(start: usize, end: usize, content: Content) -> Self {
        Self { start, end, is_anchored: false, tag: None, content, index: OnceCell::new() }
    }

    /// The same node with other content.
    pub(super) fn with(&self, content: Content) -> Self {
        Self { is_anchored: self.is_anchored, tag: self.tag.clone(), ..Self::new(self.start, self.end, content) }
    }

    /// A text that is part of no document.
    pub(super) fn text(value: impl Into<String>) -> Self {
        Self::new(0, 0, Content::Text(Text { value: value.into(), is_plain: false }))
    }

    pub(super) fn members(&self) -> &[Member] {
        match &self.content {
            Content::Object { members, .. } => members,
            _ => &[],
        }
    }

    pub(super) fn items(&self) -> &[Self] {
        match &self.content {
            Content::List(items) => items,
            _ => &[],
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.member(key).map(|member| &member.value)
    }

    pub(super) fn member(&self, key: &str) -> Option<&Member> {
        let members = self.members();
        if members.len() <= SMALL {
            return members.iter().find(|member| member.key == key);
        }
        let keys = || members.iter().enumerate().map(|(at, member)| (member.key.clone(), at)).collect();
        members.get(*self.index.get_or_init(keys).get(key)?)
    }

    pub(super) fn as_text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(&text.value),
            _ => None,
        }
    }

    /// Whether both say the same, in the same order, whatever the notation.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        let contents = match (&self.content, &other.content) {
            (Content::Text(mine), Content::Text(theirs)) => mine == theirs,
            (Content::List(mine), Content::List(theirs)) => {
                mine.len() == theirs.len() && mine.iter().zip(theirs).all(|(mine, theirs)| mine.says_the_same(theirs))
            }
            (Content::Object { members: mine, .. }, Content::Object { members: theirs, .. }) => {
                mine.len() == theirs.len() && mine.iter().zip(theirs).all(|(mine, theirs)| mine.says_the_same(theirs))
            }
            (Content::Alias(mine), Content::Alias(theirs)) => mine == theirs,
            _ => false,
        };
        contents && self.tag == other.tag && self.is_anchored == other.is_anchored
    }
}

impl Member {
    fn says_the_same(&self, other: &Self) -> bool {
        self.key == other.key && self.value.says_the_same(&other.value)
    }
}

/// A key that an object has twice, if there is one.
pub(super) fn repeated(members: &[Member]) -> Option<&Member> {
    let mut seen = BTreeSet::new();
    members.iter().find(|member| !seen.insert(member.key.as_str()))
}

/// Why a text is not a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) at: usize,
    pub(super) message: String,
}

impl Mistake {
    pub(super) fn new(at: usize, message: impl Into<String>) -> Self {
        Self { at, message: message.into() }
    }
}
