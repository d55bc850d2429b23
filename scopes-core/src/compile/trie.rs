//! The templates as a trie, segment by segment.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::template::{Segment, Template, compare_segments};

/// The routes accepted at a node: the column of the method, and the route.
pub(super) type Accept = Vec<(usize, u16)>;

/// The known affixes while a trie is built: a node, the text before and after a parameter, and the
/// child.
type KnownAffixes<'t> = BTreeMap<(usize, &'t str, &'t str), u32>;

#[derive(Default)]
pub(super) struct Trie {
    pub(super) nodes: Vec<Node>,
}

#[derive(Default)]
pub(super) struct Node {
    pub(super) literals: BTreeMap<String, u32>,
    /// The children after literal text around a parameter, most specific first.
    pub(super) affixes: Vec<Affix>,
    pub(super) parameter: Option<u32>,
    /// The routes that end in `{*rest}` here.
    pub(super) rest: Accept,
    pub(super) accept: Accept,
    pub(super) accept_slash: Accept,
}

#[derive(Clone, PartialEq, Eq)]
pub(super) struct Affix {
    pub(super) prefix: String,
    pub(super) suffix: String,
    pub(super) child: u32,
}

/// Where a path can be in the trie.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Position {
    /// The path is at a node.
    Node(u32),
    /// The path is in the `{*rest}` of a node, after at least one segment.
    Rest(u32),
}

impl Affix {
    /// The length of the shortest segment that fits: a parameter is never empty.
    pub(super) const fn shortest(&self) -> usize {
        self.prefix.len() + self.suffix.len() + 1
    }

    pub(super) fn fits(&self, segment: &str) -> bool {
        segment.len() >= self.shortest() && segment.starts_with(&self.prefix) && segment.ends_with(&self.suffix)
    }
}

impl Trie {
    pub(super) fn build<'t>(routes: impl Iterator<Item = (&'t Template, usize, u16)>) -> Self {
        let mut trie = Self { nodes: [Node::default()].into() };
        let mut known = KnownAffixes::new();
        for (template, column, route) in routes {
            trie.add(template, (column, route), &mut known);
        }
        for node in &mut trie.nodes {
            node.affixes.sort_by(compare_affixes);
        }
        trie
    }

    /// Some route below this node.
    pub(super) fn some_route(&self, node: u32) -> Option<u16> {
        let mut next = Some(node);
        while let Some(node) = next.and_then(|node| self.nodes.get(node as usize)) {
            if let Some(&(_, route)) = node.accept.first().or(node.accept_slash.first()).or(node.rest.first()) {
                return Some(route);
            }
            let affix = node.affixes.first().map(|affix| affix.child);
            next = node.literals.values().next().copied().or(affix).or(node.parameter);
        }
        None
    }

    fn add<'t>(&mut self, template: &'t Template, accepted: (usize, u16), known: &mut KnownAffixes<'t>) {
        let mut at = 0;
        for segment in template.segments() {
            if let Segment::Rest { .. } = segment {
                return self.nodes[at].rest.push(accepted);
            }
            at = self.child(at, segment, known);
        }
        let node = &mut self.nodes[at];
        if template.trailing_slash() { node.accept_slash.push(accepted) } else { node.accept.push(accepted) }
    }

    fn child<'t>(&mut self, at: usize, segment: &'t Segment, known: &mut KnownAffixes<'t>) -> usize {
        let new = self.nodes.len() as u32;
        let node = &mut self.nodes[at];
        let child = match segment {
            Segment::Literal(text) => match node.literals.get(text) {
                Some(&child) => child,
                None => {
                    node.literals.insert(text.clone(), new);
                    new
                }
            },
            Segment::Parameter { prefix, suffix, .. } if prefix.is_empty() && suffix.is_empty() => {
                *node.parameter.get_or_insert(new)
            }
            Segment::Parameter { prefix, suffix, .. } => {
                let child = *known.entry((at, prefix, suffix)).or_insert(new);
                if child == new {
                    node.affixes.push(Affix { prefix: prefix.clone(), suffix: suffix.clone(), child });
                }
                child
            }
            Segment::Rest { .. } => new,
        };
        if child == new {
            self.nodes.push(Node::default());
        }
        child as usize
    }
}

/// Orders affixes like [`compare_segments`], but totally, so that the tables do not depend on the
/// order of declaration.
fn compare_affixes(a: &Affix, b: &Affix) -> Ordering {
    let segment = |affix: &Affix| Segment::Parameter {
        prefix: affix.prefix.clone(),
        name: String::new(),
        suffix: affix.suffix.clone(),
    };
    compare_segments(&segment(a), &segment(b)).then_with(|| (&a.prefix, &a.suffix).cmp(&(&b.prefix, &b.suffix)))
}
