//! The matcher for a trie that is not merged: it goes back, but visits each node at most once.

use super::{Ends, NO_NODE, NO_ROW, Node, Tables};
use crate::octets::{self, Malformation};

impl Tables {
    /// Walks the trie: for catalogues whose merged automaton would be too large.
    pub(crate) fn search(
        &self,
        pool: &[u8],
        path: &[u8],
        column: Option<usize>,
        columns: usize,
        ends: &mut Ends,
    ) -> Search {
        let mut search = Search { route: None, columns: 0, suspects: 0, malformed: None };
        // All segments are measured and checked once, so that going back costs nothing per byte.
        let Some(split) = Ends::split(path) else { return search };
        *ends = split;
        let mut empty = false;
        let segments = path.get(1..).unwrap_or(&[]).split(|&byte| byte == b'/');
        for (index, segment) in segments.enumerate().take(ends.count()) {
            empty |= segment.is_empty();
            match octets::check_segment_raw(segment) {
                Ok(suspect) => search.suspects |= u32::from(suspect) << index.min(31),
                Err(malformation) => {
                    search.malformed = Some(malformation);
                    return search;
                }
            }
        }
        if !empty {
            let mut descent = Descent { tables: self, pool, path, ends, column, method_count: columns };
            search.route = descent.visit(self.node(0), 0, &mut search.columns);
        }
        search
    }
}

/// What a search of the trie came to.
pub(crate) struct Search {
    pub(crate) route: Option<u16>,
    /// Methods of all templates that match, until the route was found.
    pub(crate) columns: u64,
    pub(crate) suspects: u32,
    pub(crate) malformed: Option<Malformation>,
}

struct Descent<'d> {
    tables: &'d Tables,
    pool: &'d [u8],
    path: &'d [u8],
    ends: &'d Ends,
    column: Option<usize>,
    method_count: usize,
}

impl Descent<'_> {
    /// Depth is bounded by the templates' (at most [`MAX_SEGMENTS`]), the number of visits by the trie's nodes.
    fn visit(&mut self, node: Option<Node<'_>>, depth: usize, seen: &mut u64) -> Option<u16> {
        let (tables, node) = (self.tables, node?);
        if depth == self.ends.count() {
            let row = if self.ends.trailing_slash { node.accept_slash() } else { node.accept() };
            return self.accept(row, seen);
        }
        let (start, end) = self.ends.span(depth)?;
        let (left, segment) = (self.path.get(start - 1..)?, self.path.get(start..end)?);
        if let Some((next, _)) = Tables::literal(&tables.nodes, node, self.pool, self.path, left)
            && let Some(route) = self.visit(Some(next), depth + 1, seen)
        {
            return Some(route);
        }
        for affix in tables.affixes_of(node).filter(|affix| !affix.is_rest()) {
            if affix.fits(self.pool, segment)
                && let Some(route) = self.visit(tables.node(affix.0[2] as u32), depth + 1, seen)
            {
                return Some(route);
            }
        }
        if node.other() != NO_NODE
            && let Some(route) = self.visit(tables.node(node.other()), depth + 1, seen)
        {
            return Some(route);
        }
        if self.ends.trailing_slash {
            return None;
        }
        let rest = tables.affixes_of(node).find(|affix| affix.is_rest())?;
        self.accept(rest.0[2] as u16, seen)
    }

    fn accept(&self, row: u16, seen: &mut u64) -> Option<u16> {
        if row == NO_ROW {
            return None;
        }
        *seen |= self.tables.columns(row, self.method_count);
        self.tables.route(row, self.column?, self.method_count)
    }
}
