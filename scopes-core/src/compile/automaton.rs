//! The trie merged into an automaton in which every path leads to one state.
//!
//! A state stands for the trie nodes that one path can be at, best first. If a path takes a
//! literal, the nodes after the parameters beside it stay in the state, so that the matcher never
//! backtracks. Merging can explode: k routes with one literal each at different positions make 2^k
//! states. So the compiler stops merging above a bound and uses the trie as it is. A search may
//! then visit each node of the trie, and the catalogue gets a note.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use super::combinations::{Affixes, Combination};
use super::trie::{Accept, Affix, Node, Position, Trie};

/// The greatest number of states, as a multiple of the trie's nodes: more are not worth their
/// memory. Real catalogues need 1.0 times as many.
const GROWTH: usize = 4;
/// The bound for small catalogues, which may grow more.
const FLOOR: usize = 256;
/// The greatest number of steps from the nodes of states, as a multiple of the trie's nodes: more
/// take longer than all other steps of the compiler. Real catalogues need 3 to 4 times as many; 107
/// actions on each resource (`{x}:verb`) need 7.
const EFFORT: usize = 8;
/// The bound on steps for small catalogues.
const EFFORT_FLOOR: usize = 1 << 17;

pub(super) struct Automaton {
    pub(super) merged: bool,
    pub(super) states: Vec<State>,
    /// If the trie could not be merged: two of the routes that prevented it.
    pub(super) crossing: Option<Crossing>,
}

/// Two routes: one has a literal or an affix where a parameter of the other matches the same
/// segment.
pub(super) type Crossing = (u16, u16);

#[derive(Default)]
pub(super) struct State {
    pub(super) literals: Vec<(String, u32)>,
    pub(super) affixes: Vec<AffixEdge>,
    pub(super) other: Option<u32>,
    /// The routes that a path may reach by ending here, best first, with one entry per trie node.
    pub(super) accept: Vec<Accept>,
    pub(super) accept_slash: Vec<Accept>,
    /// In a trie that is not merged: the routes that end in `{*rest}` here.
    pub(super) rest: Vec<Accept>,
}

/// An edge for segments with this prefix and suffix and at least this length.
pub(super) struct AffixEdge {
    pub(super) prefix: String,
    pub(super) suffix: String,
    pub(super) shortest: usize,
    pub(super) next: u32,
}

impl Automaton {
    pub(super) fn build(trie: &Trie) -> Self {
        match merge(trie) {
            Ok(states) => Self { merged: true, states, crossing: None },
            Err(crossing) => Self { crossing: Some(crossing), ..Self::of_trie(trie) },
        }
    }

    /// The trie without merging, for the matcher that backtracks.
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
        Self { merged: false, states: states.collect(), crossing: None }
    }
}

fn non_empty(accept: &Accept) -> Vec<Accept> {
    if accept.is_empty() { Vec::new() } else { [accept.clone()].into() }
}

struct Merger<'t> {
    trie: &'t Trie,
    ids: BTreeMap<Vec<Position>, u32>,
    waiting: Vec<Vec<Position>>,
    /// The number of steps that are left.
    effort: usize,
}

/// Merging was stopped; the two routes whose affixes caused it, if any.
struct TooMuch(Option<Crossing>);

fn merge(trie: &Trie) -> Result<Vec<State>, Crossing> {
    let bound = (trie.nodes.len() * GROWTH).max(FLOOR);
    let effort = (trie.nodes.len() * EFFORT).max(EFFORT_FLOOR);
    let mut merger = Merger { trie, ids: BTreeMap::new(), waiting: Vec::new(), effort };
    merger.id([Position::Node(0)].into());
    let mut states = Vec::new();
    // Breadth first, so that the states near the root are close together in memory.
    while let Some(positions) = merger.waiting.get(states.len()).cloned() {
        let state = if merger.waiting.len() > bound { Err(TooMuch(None)) } else { merger.state(&positions) };
        match state {
            Ok(state) => states.push(state),
            Err(TooMuch(crossing)) => return Err(crossing.unwrap_or_else(|| merger.crossing(states.len()))),
        }
    }
    Ok(states)
}

impl Merger<'_> {
    fn id(&mut self, positions: Vec<Position>) -> u32 {
        if let Some(&id) = self.ids.get(&positions) {
            return id;
        }
        let id = self.waiting.len() as u32;
        self.ids.insert(positions.clone(), id);
        self.waiting.push(positions);
        id
    }

    /// Two routes that meet in one state. Among the states that are known when merging stops at the
    /// state `at`, this is the state with the most nodes.
    fn crossing(&self, at: usize) -> Crossing {
        let widest =
            self.waiting.iter().max_by_key(|positions| positions.len()).filter(|positions| positions.len() > 1);
        let below = |position: &Position| match position {
            Position::Node(node) => self.trie.some_route(*node),
            Position::Rest(node) => self.node(*node).and_then(|node| node.rest.first()).map(|&(_, route)| route),
        };
        let mut routes: Vec<u16> = match widest {
            Some(positions) => positions.iter().filter_map(below).collect(),
            // The affixes of one node are the cause.
            None => {
                let positions = self.waiting.get(at).into_iter().flatten();
                let affixes = positions.filter_map(|position| match position {
                    Position::Node(node) => self.node(*node),
                    Position::Rest(_) => None,
                });
                affixes.flat_map(|node| &node.affixes).filter_map(|affix| self.trie.some_route(affix.child)).collect()
            }
        };
        routes.truncate(2);
        (routes.first().copied().unwrap_or_default(), routes.last().copied().unwrap_or_default())
    }

    fn node(&self, index: u32) -> Option<&Node> {
        self.trie.nodes.get(index as usize)
    }

    fn state(&mut self, positions: &[Position]) -> Result<State, TooMuch> {
        let nodes: Vec<&Node> = positions
            .iter()
            .filter_map(|position| match position {
                Position::Node(index) => self.trie.nodes.get(*index as usize),
                Position::Rest(_) => None,
            })
            .collect();
        let mut state = State::default();
        for position in positions {
            match position {
                Position::Node(index) => {
                    let node = self.node(*index).ok_or(TooMuch(None))?;
                    state.accept.extend(non_empty(&node.accept));
                    state.accept_slash.extend(non_empty(&node.accept_slash));
                }
                Position::Rest(index) => state.accept.extend(non_empty(&self.node(*index).ok_or(TooMuch(None))?.rest)),
            }
        }
        let literals: BTreeSet<&String> = nodes.iter().flat_map(|node| node.literals.keys()).collect();
        let affixes = Affixes::new(nodes.iter().flat_map(|node| &node.affixes).collect());
        self.spend((literals.len() + 1).saturating_mul(positions.len()).saturating_add(affixes.len()))?;
        let (combinations, looked_at) = affixes.combinations();
        self.spend(looked_at)?;
        let routes_of = |(one, other): (&Affix, &Affix)| {
            TooMuch(self.trie.some_route(one.child).zip(self.trie.some_route(other.child)))
        };
        let combinations = combinations.map_err(routes_of)?;
        for literal in literals {
            let (fitting, looked_at) = affixes.fitting(literal);
            self.spend(looked_at)?;
            let next = self.after(positions, Some(literal), &fitting);
            state.literals.push((literal.clone(), self.id(next)));
        }
        for (combination, implied) in combinations {
            let next = self.after(positions, None, &implied);
            let next = self.id(next);
            let Combination { prefix, suffix, shortest } = combination;
            state.affixes.push(AffixEdge { prefix, suffix, shortest, next });
        }
        let other = self.after(positions, None, &[]);
        state.other = if other.is_empty() { None } else { Some(self.id(other)) };
        Ok(state)
    }

    fn spend(&mut self, steps: usize) -> Result<(), TooMuch> {
        self.effort = self.effort.checked_sub(steps).ok_or(TooMuch(None))?;
        Ok(())
    }

    /// The positions that a segment leads to: for each node in turn its literal child, the affixes
    /// that fit, its parameter, its rest. Affixes are numbered in the order of the nodes.
    fn after(&self, positions: &[Position], literal: Option<&str>, affixes: &[usize]) -> Vec<Position> {
        let mut next = Vec::new();
        let (mut affixes, mut first) = (affixes.iter().peekable(), 0);
        for position in positions {
            let Position::Node(index) = position else {
                next.push(*position);
                continue;
            };
            let Some(node) = self.node(*index) else { continue };
            next.extend(literal.and_then(|literal| node.literals.get(literal)).map(|&child| Position::Node(child)));
            while let Some(at) = affixes.next_if(|&&at| at < first + node.affixes.len()) {
                next.extend(node.affixes.get(at - first).map(|affix| Position::Node(affix.child)));
            }
            first += node.affixes.len();
            next.extend(node.parameter.map(Position::Node));
            if !node.rest.is_empty() {
                next.push(Position::Rest(*index));
            }
        }
        next
    }
}
