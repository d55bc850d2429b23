//! Affixes that the fast path skips on most paths.
//!
//! After `/repos/{owner}` the one route `{repo}:archive` would slow down all paths that continue
//! after `{repo}`, because each of them would be compared with that text. If no route continues
//! after the text, only paths that end there need the comparison. In that case the state leads
//! every segment to a copy of the parameter's node with the row [`DEFERRED_ROW`]. A path that ends
//! there is walked once more, with the affixes.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::automaton::{Automaton, State};
use super::tables::Writer;
use crate::matcher::{DEFERRED_ROW, LONG, MORE, NO_NODE, Node, SLASHED};

/// Skipping is worth it if at least this number of states follows the parameter for each route that
/// ends with it, because skipping costs a second walk for every path that ends there.
const WORTH: usize = 4;

impl Writer<'_> {
    /// Lets the fast path skip the affixes of each state where most paths continue.
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
            // Only a parameter leads to the copy, never a literal.
            let Node { first, first_mask, second, second_mask, length, .. } = Node::EMPTY;
            // With this flag, a path that ends there does not look like a miss.
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

/// Whether a state's affixes matter only for paths that end there, and few paths end there.
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

/// Whether both states lead each segment to the same state.
fn goes_on_alike(one: &State, other: &State) -> bool {
    let mut affixes = one.affixes.iter().zip(&other.affixes);
    one.literals == other.literals
        && one.other == other.other
        && one.accept_slash == other.accept_slash
        && one.affixes.len() == other.affixes.len()
        && affixes.all(|(a, b)| (&a.prefix, &a.suffix, a.next) == (&b.prefix, &b.suffix, b.next))
}
