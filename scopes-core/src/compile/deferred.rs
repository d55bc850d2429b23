//! Affixes at which most paths need not be looked at.
//!
//! After `/repos/{owner}` the one route `{repo}:archive` would slow down all paths that go on after
//! `{repo}`: is it that text, or any other segment? Where nothing goes on after the text, only a
//! path that ends there asks. Then the state leads any segment to a copy of the parameter's node,
//! whose row is [`DEFERRED_ROW`]: a path that ends there is walked once more, with the affixes.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::automaton::{Automaton, State};
use super::tables::Writer;
use crate::matcher::{DEFERRED_ROW, LONG, MORE, NO_NODE, Node, SLASHED};

/// So many more states must follow the parameter than there are routes that end with it: a path
/// that ends there is walked twice.
const WORTH: usize = 4;

impl Writer<'_> {
    /// Leads the fast path past the affixes of each state of which most paths go on.
    pub(super) fn defer(&mut self, automaton: &Automaton, weights: &[u32]) {
        if !automaton.merged {
            return;
        }
        let mut copies: Vec<(u32, u32)> = Vec::new();
        for (index, state) in automaton.states.iter().enumerate() {
            let Some(other) = state.other.filter(|&other| is_worth_it(automaton, state, other, weights)) else {
                continue;
            };
            let Some(&node) = self.nodes.get(self.home(other) as usize) else { continue };
            copies.push((index as u32, self.nodes.len() as u32));
            let rare = self.without_literal(node.rare);
            // A parameter leads to it, and no literal.
            let Node { first, first_mask, second, second_mask, length, .. } = Node::EMPTY;
            // With the flag a path that ends there does not look like a miss.
            let (accept, chained, flags) = (DEFERRED_ROW, NO_NODE, node.flags & !(LONG | MORE) | SLASHED);
            let copy = Node { first, first_mask, second, second_mask, length, flags, accept, chained, rare, ..node };
            self.nodes.push(copy);
            self.states.push(other);
        }
        for (node, state) in self.nodes.iter_mut().zip(&self.states) {
            let found = copies.binary_search_by_key(state, |&(state, _)| state);
            if let Some(&(_, copy)) = found.ok().and_then(|found| copies.get(found)) {
                node.other = copy;
            }
        }
    }
}

/// Whether the affixes of a state decide nothing but where a path ends, and few paths end there.
fn is_worth_it(automaton: &Automaton, state: &State, other: u32, weights: &[u32]) -> bool {
    let state_of = |index: u32| automaton.states.get(index as usize);
    let Some(parameter) = state_of(other) else { return false };
    let mut ending: BTreeSet<(usize, u16)> = parameter.accept.iter().flatten().copied().collect();
    for affix in &state.affixes {
        let Some(affix) = state_of(affix.next).filter(|affix| goes_on_alike(affix, parameter)) else { return false };
        ending.extend(affix.accept.iter().flatten());
    }
    let following = weights.get(other as usize).copied().unwrap_or(0) as usize;
    !state.affixes.is_empty() && following >= WORTH * ending.len()
}

/// Whether both states lead the same segments to the same states.
fn goes_on_alike(one: &State, other: &State) -> bool {
    let mut affixes = one.affixes.iter().zip(&other.affixes);
    one.literals == other.literals
        && one.other == other.other
        && one.accept_slash == other.accept_slash
        && one.affixes.len() == other.affixes.len()
        && affixes.all(|(a, b)| (&a.prefix, &a.suffix, a.next) == (&b.prefix, &b.suffix, b.next))
}
