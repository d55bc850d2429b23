//! The trie merged into an automaton in which every path leads to one state.
//!
//! A state stands for the trie nodes that one path can be at, best first. Where a literal is taken, the nodes behind
//! the parameters beside it stay in the state, so that nothing ever goes back. Merging can explode (k routes with one
//! literal each at its own position make 2^k states), so it is given up above a bound and the trie is used as it is.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use super::trie::{Accept, Affix, Node, Trie};

/// More states than this times the trie's nodes are not worth their memory. Real catalogues need 1.0 times.
const GROWTH: usize = 4;
/// Small catalogues may grow more.
const FLOOR: usize = 256;
/// The most ways in which literal text around parameters may combine at one state.
const MAX_COMBINATIONS: usize = 64;

pub(super) struct Automaton {
    pub(super) merged: bool,
    pub(super) states: Vec<State>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) literals: Vec<(String, u32)>,
    pub(super) affixes: Vec<AffixEdge>,
    pub(super) other: Option<u32>,
    /// What is accepted here, best first; one entry per trie node.
    pub(super) accept: Vec<Accept>,
    pub(super) accept_slash: Vec<Accept>,
    /// In a trie: routes that take all that is left.
    pub(super) rest: Vec<Accept>,
}

/// A segment that begins and ends so, and is not shorter.
pub(super) struct AffixEdge {
    pub(super) prefix: String,
    pub(super) suffix: String,
    pub(super) shortest: usize,
    pub(super) next: u32,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Item {
    Node(u32),
    /// The `{*rest}` of a node, taken by at least one segment.
    Rest(u32),
}

impl Automaton {
    pub(super) fn build(trie: &Trie) -> Self {
        merge(trie).map_or_else(|| Self::of_trie(trie), |states| Self { merged: true, states })
    }

    /// The trie as it is, for the matcher that goes back.
    pub(super) fn of_trie(trie: &Trie) -> Self {
        let states = trie.nodes.iter().map(|node| State {
            literals: node.literals.iter().map(|(text, &child)| (text.clone(), child)).collect(),
            affixes: node
                .affixes
                .iter()
                .map(|affix| AffixEdge {
                    prefix: affix.prefix.clone(),
                    suffix: affix.suffix.clone(),
                    shortest: affix.shortest(),
                    next: affix.child,
                })
                .collect(),
            other: node.parameter,
            accept: non_empty(&node.accept),
            accept_slash: non_empty(&node.accept_slash),
            rest: non_empty(&node.rest),
        });
        Self { merged: false, states: states.collect() }
    }
}

fn non_empty(accept: &Accept) -> Vec<Accept> {
    if accept.is_empty() { Vec::new() } else { [accept.clone()].into() }
}

struct Merger<'t> {
    trie: &'t Trie,
    ids: BTreeMap<Vec<Item>, u32>,
    waiting: Vec<Vec<Item>>,
}

fn merge(trie: &Trie) -> Option<Vec<State>> {
    let bound = (trie.nodes.len() * GROWTH).max(FLOOR);
    let mut merger = Merger { trie, ids: BTreeMap::new(), waiting: Vec::new() };
    merger.id([Item::Node(0)].into());
    let mut states = Vec::new();
    // Breadth first, so that the states near the root lie together in memory.
    while let Some(items) = merger.waiting.get(states.len()).cloned() {
        if merger.waiting.len() > bound {
            return None;
        }
        states.push(merger.state(&items)?);
    }
    Some(states)
}

impl Merger<'_> {
    fn id(&mut self, items: Vec<Item>) -> u32 {
        if let Some(&id) = self.ids.get(&items) {
            return id;
        }
        let id = self.waiting.len() as u32;
        self.ids.insert(items.clone(), id);
        self.waiting.push(items);
        id
    }

    fn node(&self, index: u32) -> Option<&Node> {
        self.trie.nodes.get(index as usize)
    }

    fn state(&mut self, items: &[Item]) -> Option<State> {
        let nodes: Vec<&Node> = items
            .iter()
            .filter_map(|item| match item {
                Item::Node(index) => self.trie.nodes.get(*index as usize),
                Item::Rest(_) => None,
            })
            .collect();
        let mut state = State::default();
        for item in items {
            match item {
                Item::Node(index) => {
                    let node = self.node(*index)?;
                    state.accept.extend(non_empty(&node.accept));
                    state.accept_slash.extend(non_empty(&node.accept_slash));
                }
                Item::Rest(index) => state.accept.extend(non_empty(&self.node(*index)?.rest)),
            }
        }
        let literals: BTreeSet<&String> = nodes.iter().flat_map(|node| node.literals.keys()).collect();
        let combinations = combinations(&nodes)?;
        for literal in literals {
            let next = self.after(items, Some(literal), &|affix| affix.fits(literal));
            state.literals.push((literal.clone(), self.id(next)));
        }
        for combination in combinations {
            let next = self.after(items, None, &|affix| combination.implies(affix));
            let next = self.id(next);
            let Combination { prefix, suffix, shortest } = combination;
            state.affixes.push(AffixEdge { prefix, suffix, shortest, next });
        }
        let other = self.after(items, None, &|_| false);
        state.other = if other.is_empty() { None } else { Some(self.id(other)) };
        Some(state)
    }

    /// Where a segment leads: for each node in turn its literal child, the affixes that fit, its parameter, its rest.
    fn after(&self, items: &[Item], literal: Option<&str>, fits: &dyn Fn(&Affix) -> bool) -> Vec<Item> {
        let mut next = Vec::new();
        for item in items {
            let Item::Node(index) = item else {
                next.push(*item);
                continue;
            };
            let Some(node) = self.node(*index) else { continue };
            next.extend(literal.and_then(|literal| node.literals.get(literal)).map(|&child| Item::Node(child)));
            next.extend(node.affixes.iter().filter(|affix| fits(affix)).map(|affix| Item::Node(affix.child)));
            next.extend(node.parameter.map(Item::Node));
            if !node.rest.is_empty() {
                next.push(Item::Rest(*index));
            }
        }
        next
    }
}

/// What several affixes ask together of one segment.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Combination {
    prefix: String,
    suffix: String,
    shortest: usize,
}

impl Combination {
    fn implies(&self, affix: &Affix) -> bool {
        self.shortest >= affix.shortest()
            && self.prefix.starts_with(&affix.prefix)
            && self.suffix.ends_with(&affix.suffix)
    }

    /// What a segment must look like to fit both, if one can.
    fn and(&self, other: &Self) -> Option<Self> {
        let longer = |a: &String, b: &String| if a.len() >= b.len() { a.clone() } else { b.clone() };
        let prefix = longer(&self.prefix, &other.prefix);
        let suffix = longer(&self.suffix, &other.suffix);
        let possible = prefix.starts_with(&self.prefix)
            && prefix.starts_with(&other.prefix)
            && suffix.ends_with(&self.suffix)
            && suffix.ends_with(&other.suffix);
        possible.then(|| Self { prefix, suffix, shortest: self.shortest.max(other.shortest) })
    }
}

/// All ways in which the nodes' affixes can fit one segment together, those that imply most first: the first that
/// fits a segment says exactly which affixes fit it, because the combination of all of them is in the list.
fn combinations(nodes: &[&Node]) -> Option<Vec<Combination>> {
    let affixes: Vec<&Affix> = nodes.iter().flat_map(|node| &node.affixes).collect();
    let mut all: BTreeSet<Combination> = BTreeSet::new();
    for affix in &affixes {
        let single =
            Combination { prefix: affix.prefix.clone(), suffix: affix.suffix.clone(), shortest: affix.shortest() };
        let joint: Vec<Combination> = all.iter().filter_map(|combination| combination.and(&single)).collect();
        all.extend(joint);
        all.insert(single);
        if all.len() > MAX_COMBINATIONS {
            return None;
        }
    }
    let mut sorted: Vec<Combination> = all.into_iter().collect();
    let implied = |combination: &Combination| affixes.iter().filter(|affix| combination.implies(affix)).count();
    sorted.sort_by_cached_key(|combination| core::cmp::Reverse(implied(combination)));
    Some(sorted)
}
