//! The matcher: one automaton for all methods, walked once over the path.
//!
//! The literal that follows is found by hashing the first bytes of the rest of the path, then
//! compared as two words, with the slash after it. Only parameters are scanned for their end, and
//! that scan checks the strict byte rules (G2 to G5). Literals need no check: their bytes are known
//! to be sound. Nothing is allocated.
//!
//! The automaton is *merged*: every path leads to one state, there is no backtracking, and every
//! byte is looked at a bounded number of times. If merging would make too many states, the tables
//! hold the plain trie instead, and `Tables::search` visits each of its nodes at most once.
//!
//! This module is a leaf: it knows the tables and the text pool, but neither catalogues nor routes.

use alloc::borrow::Cow;

use crate::layout::{AffixRecord, bytes_of};
use crate::malformation::Malformation;
use crate::path_rules;

mod common_prefix;
mod literal;
mod node;
mod readings;
mod scan;
mod search;
mod segment_ends;

pub use common_prefix::CommonPrefix;
use literal::{long_literal, next_of_slot};
pub use node::Node;
pub(crate) use node::{
    DEAD_END, DETOUR, LITERALS, LONG, MORE, NO_AFFIX, NO_NODE, NO_RARE_FIELDS, NO_ROW, RareFields, SLASHED,
    segment_hash,
};
pub use readings::Readings;
pub(crate) use segment_ends::{SegmentEnds, SegmentSlot, segment_of};

pub use crate::layout::MAX_SEGMENTS;

/// The longest path that can be walked, in bytes: positions have 16 bits.
pub(crate) const MAX_PATH: usize = u16::MAX as usize;

/// A method that the row does not have.
pub(crate) const NO_ROUTE: u16 = u16::MAX;

/// Where a method's route stands in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Column(pub(crate) usize);

impl Column {
    /// Of a method that no route has: beyond every row.
    pub(crate) const NONE: Self = Self(usize::MAX / 2);
}

/// The automaton's tables; printed by `scopes!`, not for hand-writing.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tables {
    /// The automaton's nodes, if every path leads to one state; the root is the first.
    pub nodes: Cow<'static, [Node]>,
    /// The trie's nodes if not.
    pub trie: Cow<'static, [Node]>,
    /// The fields that few nodes have; the first entry is shared by all nodes without such fields.
    pub rare_fields: Cow<'static, [RareFields]>,
    /// Literal text around parameters, those of one node together; then, without text, the
    /// parameter and the `{*rest}` that may follow the same node.
    pub affixes: Cow<'static, [[u64; 3]]>,
    /// Per row and method: the route; before each row a bit for each method that it has, sixteen to
    /// an entry. Links to rows count in entries.
    pub rows: Cow<'static, [u16]>,
    /// The literal and the parameter that most paths begin with.
    pub common_prefix: CommonPrefix,
    /// The trie for decoded paths.
    pub readings: Readings,
}

/// Where a walk begins.
#[derive(Clone, Copy)]
pub(crate) struct Start<'n> {
    node: &'n Node,
    at: usize,
    pub(crate) ends: SegmentEnds,
}

/// A walk that the fast path could not finish: the node that it reached, and the position of the
/// next slash.
#[derive(Clone, Copy)]
pub(crate) struct Unfinished<'n> {
    node: &'n Node,
    at: usize,
}

/// What a walk over a path came to.
pub(crate) enum WalkOutcome {
    /// The path leads to this row; segments whose bit is set break G3 or G5, which only a `#[raw]`
    /// parameter may. `decoded_alike` says that the decoded path cannot be read as another route.
    Row { row: u32, suspects: u32, decoded_alike: bool },
    /// No template begins so; what is left from here on, if anything, is not checked yet and begins
    /// with a slash.
    Miss { unchecked: usize, suspects: u32 },
    /// A segment breaks a rule that nothing lifts.
    Malformed(Malformation),
}

impl Tables {
    /// Tables that match nothing.
    pub(crate) const EMPTY: Self = Self {
        nodes: Cow::Borrowed(&[]),
        trie: Cow::Borrowed(&[]),
        rare_fields: Cow::Borrowed(&[]),
        affixes: Cow::Borrowed(&[]),
        rows: Cow::Borrowed(&[]),
        common_prefix: CommonPrefix::NONE,
        readings: Readings::EMPTY,
    };

    /// Where the walk of a path begins. `None` for what is not walked: nothing, what begins without
    /// a slash, with a query, or is too long; and where the nodes are a trie.
    #[inline(always)]
    pub(crate) fn start(&self, path: &[u8]) -> Option<Start<'_>> {
        if let Some(start) = self.common_prefix.start(path) {
            return Some(start);
        }
        match path {
            [b'/', second, ..] if *second != b'?' && path.len() <= MAX_PATH => {
                Some(Start { node: self.nodes.first()?, at: 0, ends: SegmentEnds::NONE })
            }
            _ => None,
        }
    }

    /// The automaton's or the trie's.
    fn all_nodes(&self) -> &[Node] {
        if self.nodes.is_empty() { &self.trie } else { &self.nodes }
    }

    fn rare(&self, node: &Node) -> &RareFields {
        self.rare_fields.get(node.rare as usize).unwrap_or(&NO_RARE_FIELDS)
    }

    fn accept_slash(&self, node: &Node) -> u32 {
        self.rare(node)[0]
    }

    /// The route of a row for a method's column.
    #[inline(always)]
    pub(crate) fn route(&self, row: u32, column: Column) -> Option<u16> {
        let Column(column) = column;
        let route = *self.rows.get((row as usize).wrapping_add(column))?;
        (route != NO_ROUTE).then_some(route)
    }

    /// The columns of a row that have a route, as bits.
    #[inline(always)]
    pub(crate) fn columns(&self, row: u32, columns: usize) -> u64 {
        if columns <= 16 {
            return self.rows.get((row as usize).wrapping_sub(1)).copied().map_or(0, u64::from);
        }
        self.many_columns(row, columns)
    }

    #[cold]
    #[inline(never)]
    fn many_columns(&self, row: u32, columns: usize) -> u64 {
        let end = row as usize;
        let bits = self.rows.get(end.wrapping_sub(columns.div_ceil(16))..end).unwrap_or(&[]);
        bits.iter().rev().fold(0, |set, &bits| set << 16 | u64::from(bits))
    }

    /// The rows of the root: for the empty path, and for a slash after it.
    pub(crate) fn root_rows(&self) -> (u32, u32) {
        self.all_nodes().first().map_or((NO_ROW, NO_ROW), |node| (node.accept, self.accept_slash(node)))
    }

    /// Walks the merged automaton over a path that begins with a slash and has at most 65,535
    /// bytes: gives the row that it leads to, or where the walk came to an end.
    ///
    /// Only what nearly every path is made of is handled here, inlined, so that all of it stays in
    /// registers.
    #[inline(always)]
    pub(crate) fn walk<'n>(
        &'n self,
        pool: impl Fn() -> &'n [u8],
        start: Start<'n>,
        path: &[u8],
        ends: &mut SegmentEnds,
    ) -> Result<u32, Unfinished<'n>> {
        let nodes = &*self.nodes;
        let Start { mut node, mut at, .. } = start;
        while at < path.len() {
            let (next, end) = 'found: {
                if node.is(LITERALS) {
                    let words = scan::words_after_slash(path, at);
                    if let Some(next) = nodes.get(node.slot(words.0.wrapping_mul(node.multiplier))) {
                        if next.begins(words) {
                            break 'found (next, at + next.length());
                        }
                        if next.is(MORE)
                            && let Some(next) = next_of_slot(nodes, next, path, at)
                        {
                            if !next.is(LONG) {
                                break 'found (next, at + next.length());
                            }
                            if let Some(found) = long_literal(self, pool(), next, path, at) {
                                break 'found found;
                            }
                        }
                    }
                }
                let Some(next) = nodes.get(node.other as usize) else { return Err(Unfinished { node, at }) };
                if scan::is_uuid(path, at) {
                    break 'found (next, at + scan::UUID);
                }
                // No segment is empty.
                if path.get(at + 1).is_some_and(|&byte| byte != b'/')
                    && let Some(end) = scan::other_parameter_end(path, at)
                {
                    break 'found (next, end);
                }
                return Err(Unfinished { node, at });
            };
            ends.put(end);
            node = next;
            // Bounded, so that sums need no check.
            at = end & 0xffff;
        }
        Ok(node.accept)
    }

    /// Whether an unfinished walk is known to lead nowhere, and the rest of the path to break no
    /// rule. False is a maybe.
    #[inline(always)]
    pub(crate) fn is_miss(path: &[u8], Unfinished { node, at }: Unfinished<'_>) -> bool {
        let Some(&next) = path.get(at + 1) else { return !node.is(SLASHED) };
        // No segment is empty.
        (next == b'/' || node.is(DEAD_END)) && scan::is_common_path(path, at)
    }

    /// Goes on with a walk where the path is unusual: bytes that the rules must be asked about,
    /// literal text around a parameter, a `?`, which ends the path, a trailing slash, or a segment
    /// that leads nowhere. Gives the path, too.
    pub(crate) fn walk_on<'p>(
        &self,
        pool: &[u8],
        mut path: &'p [u8],
        unfinished: Unfinished<'_>,
        ends: &mut SegmentEnds,
    ) -> (WalkOutcome, &'p [u8]) {
        let Unfinished { mut node, mut at } = unfinished;
        let (mut suspects, mut decoded_alike) = (0, true);
        while let Some((_, rest)) = path.get(at..).and_then(<[u8]>::split_first) {
            if rest.is_empty() {
                // A `{*rest}` takes the slash as well, if the path is decoded by others.
                decoded_alike &= !self.readings.has_rest;
                return (WalkOutcome::Row { row: self.accept_slash(node), suspects, decoded_alike }, path);
            }
            if let Some((next, end)) = self.literal(&self.nodes, node, pool, path, at) {
                ends.put(end);
                (node, at) = (next, end);
                continue;
            }
            // Asked before the scan: a segment that leads nowhere need not be measured.
            if node.is(DEAD_END) {
                let missed = miss(path, at, suspects);
                if matches!(missed, WalkOutcome::Miss { unchecked, .. } if unchecked == path.len()) {
                    return (missed, path);
                }
                let Some(shorter) = without_query(path, at, rest.len() + 1) else { return (missed, path) };
                path = shorter;
                continue;
            }
            let plain = scan::other_parameter_end(path, at);
            let end = plain.unwrap_or_else(|| at + 1 + scan::segment_length(rest));
            let segment = path.get(at + 1..end).unwrap_or(rest);
            if plain.is_none() {
                if let Some(shorter) = without_query(path, at, segment.len() + 1) {
                    path = shorter;
                    continue;
                }
                match path_rules::check_segment_raw(segment) {
                    Ok(false) => {}
                    Ok(true) => suspects |= 1 << segments_before(path, at).min(31),
                    Err(malformation) => return (WalkOutcome::Malformed(malformation), path),
                }
                decoded_alike &= !self.readings.escapes_text(segment);
            }
            if segment.is_empty() {
                return (miss(path, at, suspects), path);
            }
            decoded_alike &= !self.affixes_of(node).any(|affix| affix.is_all_of(pool, segment));
            let next = self.affixed(node, pool, segment).unwrap_or(node.other);
            let Some(next) = self.nodes.get(next as usize) else {
                return (miss(path, at, suspects), path);
            };
            ends.put(end);
            (node, at) = (next, end);
        }
        (WalkOutcome::Row { row: node.accept, suspects, decoded_alike }, path)
    }

    /// The first of a node's affixes that the segment fits.
    fn affixed(&self, node: &Node, pool: &[u8], segment: &[u8]) -> Option<u32> {
        self.affixes_of(node).find(|affix| affix.fits(pool, segment)).map(AffixRecord::next)
    }

    fn affixes_of(&self, node: &Node) -> impl Iterator<Item = AffixRecord<'_>> {
        let affix = self.rare(node)[1];
        let mut last = affix == u32::from(NO_AFFIX);
        let group = self.affixes.get(affix as usize..).unwrap_or(&[]);
        group.iter().map(AffixRecord).take_while(move |affix| !core::mem::replace(&mut last, affix.is_last()))
    }
}

impl AffixRecord<'_> {
    /// Whether a segment begins and ends with the text and has something between.
    fn fits(self, pool: &[u8], segment: &[u8]) -> bool {
        segment.len() >= self.shortest()
            && segment.starts_with(bytes_of(pool, self.prefix()))
            && segment.ends_with(bytes_of(pool, self.suffix()))
    }

    /// Whether a segment is the text with nothing between.
    fn is_all_of(self, pool: &[u8], segment: &[u8]) -> bool {
        let (prefix, suffix) = (bytes_of(pool, self.prefix()), bytes_of(pool, self.suffix()));
        segment.len() == prefix.len() + suffix.len() && segment.starts_with(prefix) && segment.ends_with(suffix)
    }
}

/// How many segments end before a position.
#[cold]
fn segments_before(path: &[u8], at: usize) -> usize {
    path.iter().take(at).filter(|&&byte| byte == b'/').count()
}

/// Nothing leads on from here: nothing is unchecked if a look at what is left shows that it breaks
/// no rule.
fn miss(path: &[u8], at: usize, suspects: u32) -> WalkOutcome {
    let checked = suspects == 0 && scan::is_common_path(path, at);
    WalkOutcome::Miss { unchecked: if checked { path.len() } else { at }, suspects }
}

/// The path without the query, if that begins among so many bytes from a position on.
#[cold]
#[inline(never)]
fn without_query(path: &[u8], at: usize, within: usize) -> Option<&[u8]> {
    let query = path.get(at..)?.iter().take(within).position(|&byte| byte == b'?')?;
    path.get(..at + query)
}
