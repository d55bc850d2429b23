//! The matcher: one automaton for all methods, walked once over the path.
//!
//! The matcher finds the next literal by hashing the first bytes of the rest of the path. Then it
//! compares the literal and the slash after it as two words. It scans only parameters for their
//! end, and that scan checks the strict byte rules (G2 to G5). Literals need no check, because
//! their bytes are known to be sound. The matcher allocates nothing.
//!
//! The automaton is *merged*: every path leads to one state, the matcher does not backtrack, and it
//! looks at every byte a bounded number of times. If merging would make too many states, the tables
//! hold the plain trie instead, and `Tables::search` visits each of its nodes at most once.
//!
//! This module is a leaf: it uses the tables and the text pool, but neither catalogues nor routes.

use alloc::borrow::Cow;

use crate::malformation::Malformation;

mod common_prefix;
mod literal;
mod node;
mod readings;
mod scan;
mod search;
mod segment_ends;
mod slow_path;

pub use common_prefix::CommonPrefix;
use literal::{long_literal, next_of_slot};
pub use node::Node;
pub(crate) use node::{
    DEAD_END, DEFERRED_ROW, DETOUR, LITERALS, LONG, MORE, NO_AFFIX, NO_NODE, NO_RARE_FIELDS, NO_ROW, RareFields,
    SLASHED, segment_hash,
};
pub use readings::Readings;
pub(crate) use segment_ends::{SegmentEnds, SegmentSlot, segment_of};

pub use crate::layout::MAX_SEGMENTS;

/// The longest path that the matcher walks, in bytes: positions have 16 bits.
pub(crate) const MAX_PATH: usize = u16::MAX as usize;

/// The entry of a method for which a row has no route.
pub(crate) const NO_ROUTE: u16 = u16::MAX;

/// The position of a method's route in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Column(pub(crate) usize);

impl Column {
    /// The column of a method that no route has: it is beyond every row.
    pub(crate) const NONE: Self = Self(usize::MAX / 2);
}

/// The automaton's tables. Printed by `scopes!`, not for writing by hand.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tables {
    /// The automaton's nodes, if every path leads to one state; the root is the first.
    pub nodes: Cow<'static, [Node]>,
    /// The trie's nodes, if the automaton is not merged.
    pub trie: Cow<'static, [Node]>,
    /// The fields that few nodes have; the first entry is shared by all nodes without such fields.
    pub rare_fields: Cow<'static, [RareFields]>,
    /// Literal text around parameters. The entries of one node are contiguous. The last of them
    /// have no text: the plain parameter and the `{*rest}` that may follow the same node.
    pub affixes: Cow<'static, [[u64; 3]]>,
    /// For each row, the route of each method. The entries before a row have one bit for each
    /// method of the row, sixteen bits per entry. A link to a row is the index of its first route
    /// in this list.
    pub rows: Cow<'static, [u16]>,
    /// The literal and the parameter that most paths begin with.
    pub common_prefix: CommonPrefix,
    /// The trie that matches decoded paths.
    pub readings: Readings,
}

/// The start of a walk.
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

/// The result of a walk over a path.
pub(crate) enum WalkOutcome {
    /// The path leads to this row. Segments whose bit is set in `suspects` break a rule that only a
    /// `#[raw]` parameter may break. `decoded_alike`: the decoded path cannot be read as another
    /// route.
    Row { row: u32, suspects: u32, decoded_alike: bool },
    /// No template matches the path. The rest from `unchecked` on, if it is not empty, begins with
    /// a slash and is not checked yet.
    Miss { unchecked: usize, suspects: u32 },
    /// A segment breaks a rule that even `#[raw]` does not lift.
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

    /// The start of the walk of a path. `None` if the path is empty, is too long, does not begin
    /// with a slash, or has its query right after that slash, or if the nodes are a trie.
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

    /// The nodes of the automaton or of the trie.
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

    /// The rows of the root: for the empty path, and for the path `/`.
    pub(crate) fn root_rows(&self) -> (u32, u32) {
        self.all_nodes().first().map_or((NO_ROW, NO_ROW), |node| (node.accept, self.accept_slash(node)))
    }

    /// Walks the merged automaton over a path that begins with a slash and has at most 65,535
    /// bytes. Returns the row that the path leads to, or where the walk stopped.
    ///
    /// This function handles only what most paths consist of. It is inlined, so that all its state
    /// stays in registers.
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
                // Segments are never empty.
                if path.get(at + 1).is_some_and(|&byte| byte != b'/')
                    && let Some(end) = scan::other_parameter_end(path, at)
                {
                    break 'found (next, end);
                }
                return Err(Unfinished { node, at });
            };
            ends.put(end);
            node = next;
            // Limited to 16 bits, so that sums need no overflow check.
            at = end & 0xffff;
        }
        // The row may depend on the last segment, which this walk has passed already.
        let row = node.accept;
        if row == DEFERRED_ROW {
            return Err(deferred(node, at));
        }
        Ok(row)
    }

    /// Whether it is known that an unfinished walk matches no route and that the rest of the path
    /// breaks no rule. `false` means unknown.
    #[inline(always)]
    pub(crate) fn is_miss(path: &[u8], Unfinished { node, at }: Unfinished<'_>) -> bool {
        let Some(&next) = path.get(at + 1) else { return !node.is(SLASHED) };
        // Segments are never empty.
        (next == b'/' || node.is(DEAD_END)) && scan::is_common_path(path, at)
    }
}

/// Leaves a walk unfinished, because its row depends on the last segment.
#[cold]
const fn deferred(node: &Node, at: usize) -> Unfinished<'_> {
    Unfinished { node, at }
}
