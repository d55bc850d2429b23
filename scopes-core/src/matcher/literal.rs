//! Look-up of the literal that a path continues with at a node.

use super::node::{DETOUR, LITERALS, LONG, MORE, Node};
use super::{Tables, scan};

impl Tables {
    /// Finds the literal after the slash at `at`: its node, and where the literal ends.
    #[inline(always)]
    pub(super) fn literal<'n>(
        &self,
        nodes: &'n [Node],
        node: &Node,
        pool: &[u8],
        path: &[u8],
        at: usize,
    ) -> Option<(&'n Node, usize)> {
        if !node.is(LITERALS) {
            return None;
        }
        let words = scan::words_after_slash(path, at);
        let first = nodes.get(node.slot(words.0.wrapping_mul(node.multiplier)))?;
        // A long literal never comes first in its slot.
        if first.begins(words) {
            return Some((first, at + first.length()));
        }
        if first.is(MORE) { self.literal_from(nodes, first, pool, path, at) } else { None }
    }

    /// Like [`literal`](Self::literal), but starts at one literal of a slot.
    #[inline(never)]
    fn literal_from<'n>(
        &self,
        nodes: &'n [Node],
        mut next: &'n Node,
        pool: &[u8],
        path: &[u8],
        at: usize,
    ) -> Option<(&'n Node, usize)> {
        let words = scan::words_after_slash(path, at);
        loop {
            if next.begins(words) {
                if !next.is(LONG) {
                    return Some((next, at + next.length()));
                }
                if let Some(end) = self.long_end(next, pool, path, at) {
                    return Some((next, end));
                }
            }
            next = next_of_slot(nodes, next, path, at)?;
        }
    }

    /// The end of a literal of more than fifteen bytes, if the path continues with it.
    fn long_end(&self, node: &Node, pool: &[u8], path: &[u8], at: usize) -> Option<usize> {
        let &[_, _, place, length] = self.rare(node);
        let text = pool.get(place as usize..)?.get(..length as usize)?;
        let behind = path.get(at + 1..)?.strip_prefix(text)?;
        (!text.is_empty() && behind.first().is_none_or(|&byte| byte == b'/')).then_some(at + 1 + text.len())
    }
}

/// Finds the next literal of a slot whose first sixteen bytes match the path.
///
/// Reads the words again, so that the walk does not have to keep them.
#[cold]
#[inline(never)]
pub(super) fn next_of_slot<'n>(nodes: &'n [Node], mut next: &'n Node, path: &[u8], at: usize) -> Option<&'n Node> {
    let words = scan::words_after_slash(path, at);
    // A detour is the only node of a slot that is not a literal, and it is the first.
    if next.is(DETOUR) {
        next = nodes.get(next.slot(scan::hash_of_segment(words, next.multiplier)))?;
        if next.begins(words) {
            return Some(next);
        }
    }
    while next.is(MORE) {
        next = nodes.get(next.chained as usize)?;
        if next.begins(words) {
            return Some(next);
        }
    }
    None
}

/// Finds the literal that the path continues with, starting at a long literal.
#[cold]
#[inline(never)]
pub(super) fn long_literal<'n>(
    tables: &'n Tables,
    pool: &[u8],
    next: &'n Node,
    path: &[u8],
    at: usize,
) -> Option<(&'n Node, usize)> {
    tables.literal_from(&tables.nodes, next, pool, path, at)
}
