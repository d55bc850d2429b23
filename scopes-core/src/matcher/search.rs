//! The matcher for a trie that is not merged. It backtracks, but visits each node at most once.

use super::{Column, MAX_SEGMENTS, NO_NODE, NO_ROW, Node, SegmentEnds, Tables};
use crate::malformation::Malformation;
use crate::path_rules;

impl Tables {
    /// Searches the trie, for catalogues whose merged automaton would be too large.
    pub(crate) fn search(
        &self,
        pool: &[u8],
        path: &[u8],
        column: Column,
        columns: usize,
        segment_ends: &mut SegmentEnds,
    ) -> Search {
        let mut search = Search { route: None, columns: 0, suspects: 0, malformed: None };
        let Some((split, _, trailing_slash)) = SegmentEnds::split(path) else { return search };
        *segment_ends = split;
        // All segments are measured and checked once, so that backtracking does not read bytes
        // again.
        let mut ends = [0_usize; MAX_SEGMENTS];
        let (mut count, mut end, mut empty) = (0_usize, 0_usize, false);
        let slash = usize::from(trailing_slash);
        let sound = path.get(1..path.len() - slash).unwrap_or(&[]);
        for segment in sound.split(|&byte| byte == b'/') {
            empty |= segment.is_empty();
            match path_rules::check_segment_raw(segment) {
                Ok(suspect) => search.suspects |= u32::from(suspect) << count.min(31),
                Err(malformation) => {
                    search.malformed = Some(malformation);
                    return search;
                }
            }
            end += 1 + segment.len();
            if let Some(slot) = ends.get_mut(count) {
                *slot = end;
            }
            count += 1;
        }
        if !empty {
            let mut descent =
                Descent { tables: self, pool, path, ends: &ends, count, trailing_slash, column, method_count: columns };
            search.route = descent.visit(self.trie.first(), 0, 0, &mut search.columns);
        }
        search
    }
}

/// The result of a search of the trie.
pub(crate) struct Search {
    pub(crate) route: Option<u16>,
    /// The methods of all matching templates that were visited until the route was found.
    pub(crate) columns: u64,
    pub(crate) suspects: u32,
    pub(crate) malformed: Option<Malformation>,
}

struct Descent<'d> {
    tables: &'d Tables,
    pool: &'d [u8],
    path: &'d [u8],
    /// The ends of the segments; no template has more than these.
    ends: &'d [usize; MAX_SEGMENTS],
    count: usize,
    trailing_slash: bool,
    column: Column,
    method_count: usize,
}

impl Descent<'_> {
    /// The depth is at most the number of a template's segments ([`MAX_SEGMENTS`]), and the number
    /// of visits at most the number of the trie's nodes.
    fn visit(&mut self, node: Option<&Node>, depth: usize, at: usize, seen: &mut u64) -> Option<u16> {
        let (tables, node) = (self.tables, node?);
        if depth == self.count {
            let row = if self.trailing_slash { tables.accept_slash(node) } else { node.accept };
            return self.accept(row, seen);
        }
        if let Some((next, end)) = tables.literal(&tables.trie, node, self.pool, self.path, at)
            && let Some(route) = self.visit(Some(next), depth + 1, end, seen)
        {
            return Some(route);
        }
        let end = *self.ends.get(depth)?;
        let segment = self.path.get(at + 1..end)?;
        for affix in tables.affixes_of(node).filter(|affix| !affix.is_rest()) {
            if affix.fits(self.pool, segment)
                && let Some(route) = self.visit(tables.trie.get(affix.next() as usize), depth + 1, end, seen)
            {
                return Some(route);
            }
        }
        if node.other != NO_NODE
            && let Some(route) = self.visit(tables.trie.get(node.other as usize), depth + 1, end, seen)
        {
            return Some(route);
        }
        if self.trailing_slash {
            return None;
        }
        let rest = tables.affixes_of(node).find(|affix| affix.is_rest())?;
        self.accept(rest.next(), seen)
    }

    fn accept(&self, row: u32, seen: &mut u64) -> Option<u16> {
        if row == NO_ROW {
            return None;
        }
        *seen |= self.tables.columns(row, self.method_count);
        self.tables.route(row, self.column)
    }
}
