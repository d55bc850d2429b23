//! The automaton as tables of numbers, the literals hashed.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::automaton::{Automaton, State};
use super::emit::TextPool;
use super::trie::Accept;
use crate::matcher::{NO_NODE, NO_ROUTE, NO_ROW, Tables};

/// A slot without a literal: longer than any path.
const EMPTY: [u64; 7] = [0, 0, 0xffff << 48, 0, (NO_NODE as u64) << 32, 0x0000_ffff_ffff_ffff, NO_NODE as u64];
/// The state that an empty slot leads to.
const NO_STATE: u32 = u32::MAX;
const LAST: u64 = 1 << 48;
const REST: u64 = 1 << 49;

/// Columns of the methods that matter here.
pub(super) struct Columns {
    pub(super) count: usize,
    pub(super) get: Option<usize>,
    pub(super) head: Option<usize>,
}

struct Writer<'p> {
    pool: &'p mut TextPool,
    columns: &'p Columns,
    nodes: Vec<[u64; 7]>,
    /// Per node the state that it is of.
    states: Vec<u32>,
    /// Per state one of its nodes.
    homes: Vec<u32>,
    affixes: Vec<[u64; 3]>,
    rows: Vec<u16>,
    row_ids: BTreeMap<Vec<u16>, u16>,
}

/// `None` if 16-bit links do not suffice.
pub(super) fn write(automaton: &Automaton, columns: &Columns, pool: &mut TextPool) -> Option<Tables> {
    let mut writer = Writer {
        pool,
        columns,
        nodes: Vec::from([EMPTY]),
        states: Vec::from([0]),
        homes: alloc::vec![NO_NODE; automaton.states.len()],
        affixes: Vec::new(),
        rows: Vec::new(),
        row_ids: BTreeMap::new(),
    };
    let hashes: Vec<[u64; 3]> = automaton.states.iter().map(|state| writer.literals(&state.literals)).collect();
    writer.find_homes();
    let mut contents = Vec::with_capacity(hashes.len());
    for (state, hash) in automaton.states.iter().zip(hashes) {
        contents.push(writer.contents(state, hash)?);
    }
    for (node, state) in writer.nodes.iter_mut().zip(&writer.states) {
        if let Some(contents) = contents.get(*state as usize) {
            node[3..6].copy_from_slice(contents);
        }
    }
    Some(Tables {
        merged: automaton.merged,
        nodes: Cow::Owned(writer.nodes),
        affixes: Cow::Owned(writer.affixes),
        rows: Cow::Owned(writer.rows),
    })
}

impl Writer<'_> {
    /// A state that no literal leads to gets a node of its own; one that several lead to has several.
    fn find_homes(&mut self) {
        for (node, state) in self.states.iter().enumerate() {
            if let Some(home) = self.homes.get_mut(*state as usize)
                && *home == NO_NODE
            {
                *home = node as u32;
            }
        }
        for (state, home) in self.homes.iter_mut().enumerate() {
            if *home == NO_NODE {
                *home = self.nodes.len() as u32;
                self.nodes.push(EMPTY);
                self.states.push(state as u32);
            }
        }
    }

    fn home(&self, state: u32) -> u32 {
        self.homes.get(state as usize).copied().unwrap_or(NO_NODE)
    }

    /// What every node of a state holds beside the literal that leads to it.
    fn contents(&mut self, state: &State, [multiplier, shift, first]: [u64; 3]) -> Option<[u64; 3]> {
        let (accept, accept_slash) = (self.row(&state.accept)?, self.row(&state.accept_slash)?);
        let affix = self.affixes_of(state)?;
        // Behind affixes the node for any other segment is the last of them.
        let other = if state.affixes.is_empty() { state.other } else { None };
        let other = other.map_or(NO_NODE, |state| self.home(state));
        let accepts = u64::from(accept) | u64::from(accept_slash) << 16 | u64::from(affix) << 32;
        Some([multiplier, first | u64::from(other) << 32, accepts | shift << 48])
    }

    /// The best route per method. `HEAD` takes the most specific template among those of GET and HEAD; on one
    /// template HEAD's own route.
    fn row(&mut self, accepts: &[Accept]) -> Option<u16> {
        if accepts.is_empty() {
            return Some(NO_ROW);
        }
        let mut row = alloc::vec![NO_ROUTE; self.columns.count];
        let mut claim = |column: usize, route: u16| match row.get_mut(column) {
            Some(slot) if *slot == NO_ROUTE => *slot = route,
            _ => {}
        };
        for accept in accepts {
            for &(column, route) in accept {
                claim(column, route);
            }
            if let (Some(head), Some(get)) = (self.columns.head, self.columns.get)
                && let Some(&(_, route)) = accept.iter().find(|(column, _)| *column == get)
            {
                claim(head, route);
            }
        }
        if let Some(&id) = self.row_ids.get(&row) {
            return Some(id);
        }
        let id = u16::try_from(self.row_ids.len()).ok().filter(|id| *id != NO_ROW)?;
        self.rows.extend_from_slice(&row);
        self.row_ids.insert(row, id);
        Some(id)
    }

    fn affixes_of(&mut self, state: &State) -> Option<u16> {
        let rest = self.row(&state.rest)?;
        if state.affixes.is_empty() && rest == NO_ROW {
            return Some(NO_ROW);
        }
        let first = u16::try_from(self.affixes.len()).ok().filter(|first| *first != NO_ROW)?;
        for affix in &state.affixes {
            let (prefix, suffix) = (self.pool.add(&affix.prefix), self.pool.add(&affix.suffix));
            let next = self.home(affix.next);
            self.affixes.push([prefix, suffix, u64::from(next) | (affix.shortest as u64) << 32]);
        }
        if !state.affixes.is_empty()
            && let Some(other) = state.other
        {
            let next = self.home(other);
            self.affixes.push([0, 0, u64::from(next) | 1 << 32]);
        }
        if rest != NO_ROW {
            self.affixes.push([0, 0, u64::from(rest) | REST]);
        }
        if let Some(last) = self.affixes.last_mut() {
            last[2] |= LAST;
        }
        Some(first)
    }

    /// Gives the literals of a state their nodes: multiplier, shift and first slot of their hash.
    fn literals(&mut self, literals: &[(String, u32)]) -> [u64; 3] {
        let Some(shortest) = literals.iter().map(|(text, _)| text.len()).min() else { return [0, 0, 0] };
        // Only bytes that every literal has take part: what follows a segment in the path must not.
        let hashed = shortest.min(8);
        let dropped = 64 - 8 * hashed as u32;
        let keys: Vec<u64> = literals.iter().map(|(text, _)| first_word(text) << dropped).collect();
        let (multiplier, bits) = multiplier(&keys);
        let shift = if bits == 0 { 63 } else { 64 - bits };
        let base = self.nodes.len();
        self.nodes.resize(base + (1 << bits), EMPTY);
        self.states.resize(base + (1 << bits), NO_STATE);
        for ((text, next), key) in literals.iter().zip(&keys) {
            let unused = 64 - 8 * text.len().min(8) as u64;
            let place = self.pool.add(text) >> 32 | unused << 32 | (text.len() as u64 + 1) << 48;
            let mut node = EMPTY;
            node[..3].copy_from_slice(&[first_word(text), last_word(text), place]);
            let slot = base + (key.wrapping_mul(multiplier) >> shift) as usize;
            if self.states[slot] != NO_STATE {
                // The literal before it moves to the end of the chain.
                node[6] = self.nodes.len() as u64;
                let (before, state) = (self.nodes[slot], self.states[slot]);
                self.nodes.push(before);
                self.states.push(state);
            }
            self.nodes[slot] = node;
            self.states[slot] = *next;
        }
        // The dropped bits leave by the upper end of the product just as well.
        [multiplier << dropped, u64::from(shift), base as u64]
    }
}

/// A multiplier whose upper bits tell the keys apart, or nearly: keys that share a slot are chained.
fn multiplier(keys: &[u64]) -> (u64, u32) {
    if keys.len() <= 1 {
        return (0, 0);
    }
    let least = usize::BITS - (keys.len() - 1).leading_zeros();
    // Unoptimised code runs this: many tries for few keys, few for many.
    let tries = (8192 / keys.len()).clamp(8, 512);
    let mut best = (usize::MAX, 0, 0);
    let mut seed = 0;
    for bits in [least, least + 1] {
        let mut taken = alloc::vec![0_u32; 1 << bits];
        for attempt in 1..=tries as u32 {
            seed += 1;
            let candidate = mixed(seed) | 1;
            let mut collisions = 0;
            for key in keys {
                let slot = &mut taken[(key.wrapping_mul(candidate) >> (64 - bits)) as usize];
                collisions += usize::from(*slot == attempt);
                *slot = attempt;
            }
            if collisions < best.0 {
                best = (collisions, candidate, bits);
            }
            if collisions == 0 {
                return (candidate, bits);
            }
        }
    }
    (best.1, best.2)
}

/// The `SplitMix64` generator: a fixed sequence, so that equal catalogues have equal tables.
const fn mixed(seed: u64) -> u64 {
    let mut z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn first_word(text: &str) -> u64 {
    text.bytes().take(8).rev().fold(0, |word, byte| word << 8 | u64::from(byte))
}

fn last_word(text: &str) -> u64 {
    let start = text.len().saturating_sub(8);
    text.bytes().skip(start).rev().fold(0, |word, byte| word << 8 | u64::from(byte))
}
