//! The automaton as tables of numbers, the literals hashed.

use alloc::borrow::Cow;
use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::automaton::{Automaton, State};
use super::emit::TextPool;
use super::trie::Accept;
use crate::matcher::{NO_NODE, NO_ROUTE, NO_ROW, Tables};

/// An edge that no word equals: a slot without a literal.
const NO_EDGE: [u64; 4] = [1, 0, 0xffff << 32, u64::MAX];
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
    nodes: Vec<[u64; 3]>,
    edges: Vec<[u64; 4]>,
    affixes: Vec<[u64; 3]>,
    rows: Vec<u16>,
    row_ids: BTreeMap<Vec<u16>, u16>,
}

/// `None` if 16-bit links do not suffice.
pub(super) fn write(automaton: &Automaton, columns: &Columns, pool: &mut TextPool) -> Option<Tables> {
    let mut writer = Writer {
        pool,
        columns,
        nodes: Vec::with_capacity(automaton.states.len()),
        edges: Vec::new(),
        affixes: Vec::new(),
        rows: Vec::new(),
        row_ids: BTreeMap::new(),
    };
    for state in &automaton.states {
        writer.node(state)?;
    }
    Some(Tables {
        merged: automaton.merged,
        nodes: Cow::Owned(writer.nodes),
        edges: Cow::Owned(writer.edges),
        affixes: Cow::Owned(writer.affixes),
        rows: Cow::Owned(writer.rows),
    })
}

impl Writer<'_> {
    fn node(&mut self, state: &State) -> Option<()> {
        let (accept, accept_slash) = (self.row(&state.accept)?, self.row(&state.accept_slash)?);
        let affix = self.affixes_of(state)?;
        let (multiplier, shift, dropped, edge) = self.edges_of(&state.literals);
        self.nodes.push([
            multiplier,
            u64::from(edge) | u64::from(state.other.unwrap_or(NO_NODE)) << 32,
            u64::from(accept)
                | u64::from(accept_slash) << 16
                | u64::from(affix) << 32
                | u64::from(shift) << 48
                | u64::from(dropped) << 56,
        ]);
        Some(())
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
            self.affixes.push([prefix, suffix, u64::from(affix.next) | (affix.shortest as u64) << 32]);
        }
        if rest != NO_ROW {
            self.affixes.push([0, 0, u64::from(rest) | REST]);
        }
        if let Some(last) = self.affixes.last_mut() {
            last[2] |= LAST;
        }
        Some(first)
    }

    /// Multiplier, shift, dropped bits and the first edge of a node's literals.
    fn edges_of(&mut self, literals: &[(String, u32)]) -> (u64, u32, u32, u32) {
        let Some(shortest) = literals.iter().map(|(text, _)| text.len()).min() else { return (0, 0, 0, 0) };
        // Only bytes that every literal has take part: what follows a segment in the path must not.
        let hashed = shortest.min(8);
        let dropped = 64 - 8 * hashed as u32;
        let keys: Vec<u64> = literals.iter().map(|(text, _)| first_word(text) << dropped).collect();
        let (multiplier, bits) = multiplier(&keys);
        let shift = if bits == 0 { 63 } else { 64 - bits };
        let base = self.edges.len();
        self.edges.resize(base + (1 << bits), NO_EDGE);
        for ((text, next), key) in literals.iter().zip(&keys) {
            let place = self.pool.add(text) >> 32 | (text.len() as u64) << 32;
            let mut edge = [first_word(text), last_word(text), place, u64::from(*next) | u64::from(u32::MAX) << 32];
            let slot = base + (key.wrapping_mul(multiplier) >> shift) as usize;
            if self.edges[slot] != NO_EDGE {
                // The literal before it moves to the end of the chain.
                let moved = self.edges.len() as u64;
                edge[3] = u64::from(*next) | moved << 32;
                let before = self.edges[slot];
                self.edges.push(before);
            }
            self.edges[slot] = edge;
        }
        (multiplier, shift, dropped, base as u32)
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
