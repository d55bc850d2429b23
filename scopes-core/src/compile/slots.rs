//! The literals of a state in a table of slots: a hash with few or no collisions. Literals that
//! share a slot form a chain.

use alloc::string::String;
use alloc::vec::Vec;

use super::tables::{NO_STATE, Writer};
use crate::layout::start_of;
use crate::matcher::{DETOUR, LONG, MORE, NO_AFFIX, NO_NODE, NO_ROW, Node, segment_hash};

/// The hash of a state's literals; without literals the shift is 0.
#[derive(Clone, Copy, Default)]
pub(super) struct Hash {
    pub(super) multiplier: u64,
    pub(super) shift: u8,
    pub(super) first: u32,
}

impl Writer<'_> {
    /// Puts a literal into its slot. Of the literals that share a slot, the one with the most
    /// routes below it comes first. A long literal never comes first, because the fast path
    /// compares only short literals to their end.
    fn chain(&mut self, mut slot: usize, mut node: Node, mut state: u32, weights: &[u32]) {
        let weight = |state: u32| weights.get(state as usize).copied().unwrap_or(0);
        let is_long = node.flags & LONG != 0;
        let is_free = self.states[slot] == NO_STATE;
        if !is_long && (is_free || weight(self.states[slot]) < weight(state)) {
            let first = &mut self.nodes[slot];
            (node.chained, node.flags) = (first.chained, node.flags | first.flags & MORE);
            core::mem::swap(first, &mut node);
            core::mem::swap(&mut self.states[slot], &mut state);
            (node.chained, node.flags) = (NO_NODE, node.flags & !MORE);
            if is_free {
                return;
            }
        }
        while self.nodes[slot].flags & MORE != 0 {
            slot = self.nodes[slot].chained as usize;
        }
        self.nodes[slot].chained = self.nodes.len() as u32;
        self.nodes[slot].flags |= MORE;
        self.nodes.push(node);
        self.states.push(state);
    }

    /// Makes the nodes of a state's literals.
    pub(super) fn literals(&mut self, literals: &[(String, u32)], weights: &[u32]) -> Hash {
        let Some(shortest) = literals.iter().map(|(text, _)| text.len()).min() else { return Hash::default() };
        // Hashes only the bytes that every literal has, because the bytes of the path after a
        // segment must not count.
        let dropped = 64 - 8 * (shortest + 1).min(8) as u32;
        let closed = |text: &String| [text, "/"].concat();
        let mut keys: Vec<u64> = literals.iter().map(|(text, _)| first_word(&closed(text)) << dropped).collect();
        let (mut multiplier, mut bits) = multiplier(&keys);
        // If too many of them begin alike, a detour leads to a table hashed by more bytes.
        let detour = collisions(&keys, multiplier, bits) * 3 > keys.len();
        if detour {
            keys = literals.iter().map(|(text, _)| segment_hash(first_word(text), second_word(text), 1)).collect();
            (multiplier, bits) = self::multiplier(&keys);
        }
        let shift = if bits == 0 { 63 } else { 64 - bits };
        let mut hash = Hash { multiplier: multiplier << dropped, shift: shift as u8, first: self.nodes.len() as u32 };
        if detour {
            let (slots, shift, flags) = (hash.first + 1, hash.shift, MORE | DETOUR);
            self.nodes.push(Node { multiplier, slots, shift, flags, ..Node::EMPTY });
            self.states.push(NO_STATE);
            hash.multiplier = 0;
        }
        let base = self.nodes.len();
        self.nodes.resize(base + (1 << bits), Node::EMPTY);
        self.states.resize(base + (1 << bits), NO_STATE);
        for ((text, next), key) in literals.iter().zip(&keys) {
            let closed = closed(text);
            let mut node = Node {
                first: first_word(&closed),
                first_mask: mask(closed.as_bytes()),
                second: second_word(&closed),
                second_mask: mask(closed.as_bytes().get(8..).unwrap_or_default()),
                ..Node::EMPTY
            };
            let is_long = closed.len() > 16;
            if is_long {
                let place = start_of(self.pool.add(text)) as u32;
                node.rare = self.rare([NO_ROW, u32::from(NO_AFFIX), place, text.len() as u32]);
            }
            (node.length, node.flags) = if is_long { (0, LONG) } else { (closed.len() as u8, 0) };
            let slot = base + (key.wrapping_mul(multiplier) >> shift) as usize;
            self.chain(slot, node, *next, weights);
        }
        // The matcher does not drop bytes before it multiplies: the multiplier is shifted instead,
        // and the product is the same.
        hash
    }
}

/// The number of keys that do not come first in their slot.
fn collisions(keys: &[u64], multiplier: u64, bits: u32) -> usize {
    if bits == 0 {
        return keys.len().saturating_sub(1);
    }
    let mut taken = alloc::vec![false; 1 << bits];
    keys.iter()
        .filter(|key| core::mem::replace(&mut taken[(key.wrapping_mul(multiplier) >> (64 - bits)) as usize], true))
        .count()
}

/// Finds a multiplier whose upper bits distinguish all keys, or most of them: keys that share a
/// slot are chained.
fn multiplier(keys: &[u64]) -> (u64, u32) {
    if keys.len() <= 1 {
        return (0, 0);
    }
    let least = usize::BITS - (keys.len() - 1).leading_zeros();
    // This code runs unoptimised, so it tries many multipliers for few keys and few for many.
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

pub(super) fn first_word(text: &str) -> u64 {
    text.bytes().take(8).rev().fold(0, |word, byte| word << 8 | u64::from(byte))
}

pub(super) fn last_word(text: &str) -> u64 {
    let start = text.len().saturating_sub(8);
    text.bytes().skip(start).rev().fold(0, |word, byte| word << 8 | u64::from(byte))
}

/// The second eight bytes of a text, as a word.
fn second_word(text: &str) -> u64 {
    text.bytes().skip(8).take(8).rev().fold(0, |word, byte| word << 8 | u64::from(byte))
}

/// A mask of the bytes of a word that the text fills.
fn mask(text: &[u8]) -> u64 {
    u64::MAX.checked_shr(64 - 8 * text.len().min(8) as u32).unwrap_or(0)
}
