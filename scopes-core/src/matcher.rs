//! The matcher: one automaton for all methods, walked once over the path.
//!
//! A node's literals are found by hashing the first bytes of what is left of the path, then compared as words; only
//! parameters are scanned for their end, and the strict byte rules (G2 to G5) are checked in that scan. Literals need
//! no check: their bytes are known to be sound. Nothing is allocated, and every byte is looked at a bounded number of
//! times.
//!
//! The automaton is *merged* (every path leads to one state, no backtracking) unless merging would make too many
//! states; then the tables hold the plain trie, and `Tables::search` visits each of its nodes at most once.

use alloc::borrow::Cow;

use crate::octets::{self, Malformation};

mod scan;
mod search;

/// The longest template, in segments.
pub const MAX_SEGMENTS: usize = 32;

/// A link that leads nowhere.
pub(crate) const NO_NODE: u32 = u32::MAX;
/// A row that does not exist: the node accepts nothing.
pub(crate) const NO_ROW: u16 = u16::MAX;
/// A method that the row does not have.
pub(crate) const NO_ROUTE: u16 = u16::MAX;

/// The automaton's tables; printed by `scopes!`, not for hand-writing.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tables {
    /// Every path leads to one state; else the nodes are a trie.
    pub merged: bool,
    /// Per node, one cache line: the literal that leads to it, then the node itself. Nodes are found by the hash of a
    /// literal or by their position; a slot that no literal hashes to is there, but empty. The root is the first.
    ///
    /// | word | from the low bits |
    /// |---|---|
    /// | 0 | the literal's first eight bytes |
    /// | 1 | its last eight, if it is longer |
    /// | 2 | 32 bits: its place in the text pool; 16: bits of word 0 that it leaves free; 16: length with the slash |
    /// | 3 | multiplier of the hash of the literals that may follow |
    /// | 4 | 32 bits: the first slot of these; 32: node for any other segment, unless there are affixes |
    /// | 5 | 16 bits each: accepting row, row after a trailing slash, first affix, shift of the hash (0: no literals) |
    /// | 6 | next literal of the same hash |
    pub nodes: Cow<'static, [[u64; 7]]>,
    /// Literal text around a parameter, or none where a parameter without it follows: prefix, suffix, then next node | shortest segment << 32 | kind << 48
    /// (bit 0: last of its group, bit 1: the "next node" is the row of a `{*rest}`).
    pub affixes: Cow<'static, [[u64; 3]]>,
    /// Per row and method: the route.
    pub rows: Cow<'static, [u16]>,
}

/// Where the segments of a path end.
#[derive(Clone, Copy)]
pub(crate) struct Ends {
    at: [u16; MAX_SEGMENTS],
    count: u16,
    trailing_slash: bool,
}

impl Ends {
    pub(crate) const NONE: Self = Self { at: [0; MAX_SEGMENTS], count: 0, trailing_slash: false };

    /// Splits a path at its slashes; a last empty segment is a trailing slash. `None` for what is no path.
    pub(crate) fn split(path: &[u8]) -> Option<Self> {
        let mut ends = Self::NONE;
        if u16::try_from(path.len()).is_err() {
            return None;
        }
        let Some((b'/', rest)) = path.split_first() else {
            return path.is_empty().then_some(ends);
        };
        let mut end = 0;
        for segment in rest.split(|&byte| byte == b'/') {
            end += 1 + segment.len();
            ends.trailing_slash = segment.is_empty();
            ends.push(end as u16);
        }
        if ends.trailing_slash {
            ends.count -= 1;
        }
        Some(ends)
    }

    #[inline]
    fn push(&mut self, end: u16) {
        if let Some(slot) = self.at.get_mut(usize::from(self.count)) {
            *slot = end;
        }
        self.count = self.count.saturating_add(1);
    }

    pub(crate) const fn count(&self) -> usize {
        self.count as usize
    }

    pub(crate) const fn has_trailing_slash(&self) -> bool {
        self.trailing_slash
    }

    /// Start and end of a segment.
    #[inline]
    pub(crate) fn span(&self, segment: usize) -> Option<(usize, usize)> {
        if segment >= usize::from(self.count) {
            return None;
        }
        let end = usize::from(*self.at.get(segment)?);
        let start = match segment.checked_sub(1) {
            None => 1,
            Some(before) => usize::from(*self.at.get(before)?) + 1,
        };
        Some((start, end))
    }
}

/// What a walk over a path came to.
pub(crate) enum Walk {
    /// The path leads to this row; segments whose bit is set break G3 or G5, which only a `#[raw]` parameter may.
    Row { row: u16, suspects: u32 },
    /// No template begins so; what is left from here on, if anything, is not checked yet and begins with a slash.
    Miss { unchecked: usize, suspects: u32 },
    /// A segment breaks a rule that nothing lifts.
    Malformed(Malformation),
}

#[derive(Clone, Copy)]
struct Node<'n>(&'n [u64; 7]);

impl Node<'_> {
    const fn length(self) -> usize {
        (self.0[2] >> 48) as usize
    }
    const fn first_literal(self) -> u32 {
        self.0[4] as u32
    }
    const fn other(self) -> u32 {
        (self.0[4] >> 32) as u32
    }
    const fn accept(self) -> u16 {
        self.0[5] as u16
    }
    const fn accept_slash(self) -> u16 {
        (self.0[5] >> 16) as u16
    }
    const fn affix(self) -> u16 {
        (self.0[5] >> 32) as u16
    }
    const fn shift(self) -> u32 {
        (self.0[5] >> 48) as u32
    }
}

impl Tables {
    /// Tables that match nothing.
    pub(crate) const EMPTY: Self =
        Self { merged: true, nodes: Cow::Borrowed(&[]), affixes: Cow::Borrowed(&[]), rows: Cow::Borrowed(&[]) };

    #[inline]
    fn node(&self, index: u32) -> Option<Node<'_>> {
        self.nodes.get(index as usize).map(Node)
    }

    /// The route of a row for a method's column.
    #[inline]
    pub(crate) fn route(&self, row: u16, column: usize, columns: usize) -> Option<u16> {
        let route = *self.rows.get(usize::from(row) * columns + column)?;
        (route != NO_ROUTE).then_some(route)
    }

    /// The columns of a row that have a route, as bits.
    pub(crate) fn columns(&self, row: u16, columns: usize) -> u64 {
        let start = usize::from(row) * columns;
        let routes = self.rows.get(start..start + columns).unwrap_or(&[]);
        routes.iter().enumerate().filter(|&(_, &route)| route != NO_ROUTE).fold(0, |set, (column, _)| set | 1 << column)
    }

    /// The rows of the root: for the empty path, and for a slash after it.
    pub(crate) fn root_rows(&self) -> (u16, u16) {
        self.node(0).map_or((NO_ROW, NO_ROW), |node| (node.accept(), node.accept_slash()))
    }

    /// The node of the literal at the beginning of `left`, which begins with a slash, and what follows the literal (empty
    /// or a slash first).
    #[inline(always)]
    fn literal<'n, 'p>(
        nodes: &'n [[u64; 7]],
        node: Node<'_>,
        pool: &[u8],
        path: &[u8],
        left: &'p [u8],
    ) -> Option<(Node<'n>, &'p [u8])> {
        if node.shift() == 0 {
            return None;
        }
        let word = scan::word_after_slash(path, left);
        let slot = (word.wrapping_mul(node.0[3]) >> node.shift()) as usize;
        let mut next = Node(nodes.get((node.first_literal() as usize).wrapping_add(slot))?);
        loop {
            if (word ^ next.0[0]) << (next.0[2] >> 32 & 63) == 0
                && let Some((literal, after)) = left.split_at_checked(next.length())
                && after.first().is_none_or(|&byte| byte == b'/')
                && (literal.len() <= 9
                    || literal.last_chunk::<8>().is_some_and(|chunk| u64::from_le_bytes(*chunk) == next.0[1])
                        && (literal.len() <= 17 || is_at(pool, next.0[2], literal)))
            {
                return Some((next, after));
            }
            next = Node(nodes.get(next.0[6] as usize)?);
        }
    }

    /// Walks the merged automaton over a path that begins with a slash. Only what nearly every path is made of is dealt
    /// with here; from anything else on [`walk_on`](Self::walk_on) takes over.
    #[inline(always)]
    pub(crate) fn walk<'p>(&self, pool: &[u8], path: &mut &'p [u8], ends: &mut Ends) -> Walk {
        let nodes = &*self.nodes;
        let Some(root) = nodes.first() else {
            return Walk::Miss { unchecked: 0, suspects: 0 };
        };
        let whole: &'p [u8] = path;
        let mut left = whole;
        let mut node = Node(root);
        let mut count = 0;
        loop {
            let (next, after) = if let Some(found) = Self::literal(nodes, node, pool, whole, left) {
                found
            } else if let Some(next) = nodes.get(node.other() as usize)
                && let Some(after) = scan::after_plain_segment(whole, left)
            {
                (Node(next), after)
            } else {
                break;
            };
            let Some(slot) = ends.at.get_mut(count) else { break };
            *slot = (whole.len() - after.len()) as u16;
            count += 1;
            node = next;
            left = after;
            if left.is_empty() {
                ends.count = count as u16;
                return Walk::Row { row: node.accept(), suspects: 0 };
            }
        }
        ends.count = count as u16;
        self.walk_on(pool, path, left, node, ends)
    }

    /// Goes on with a walk where the path is unusual: bytes that the rules must be asked about, literal text around a
    /// parameter, a `?`, which ends the path, a trailing slash, or a segment that leads nowhere.
    #[cold]
    #[inline(never)]
    fn walk_on<'n, 'p>(
        &'n self,
        pool: &[u8],
        path: &mut &'p [u8],
        mut left: &'p [u8],
        mut node: Node<'n>,
        ends: &mut Ends,
    ) -> Walk {
        let mut suspects = 0;
        while let Some((_, rest)) = left.split_first() {
            if rest.is_empty() {
                ends.trailing_slash = true;
                return Walk::Row { row: node.accept_slash(), suspects };
            }
            if let Some((next, after)) = Self::literal(&self.nodes, node, pool, path, left) {
                (node, left) = (next, after);
                ends.push((path.len() - after.len()) as u16);
                continue;
            }
            // Asked before the scan: a segment that leads nowhere need not be measured.
            if node.other() == NO_NODE && node.affix() == NO_ROW {
                let missed = miss(path, left, suspects);
                if matches!(missed, Walk::Miss { unchecked, .. } if unchecked == path.len()) {
                    return missed;
                }
                let Some(shorter) = without_query(path, left, left.len()) else { return missed };
                (*path, left) = shorter;
                continue;
            }
            let plain = scan::after_plain_segment(path, left);
            let after = plain.unwrap_or_else(|| scan::after_segment(rest));
            let segment = rest.get(..rest.len() - after.len()).unwrap_or(rest);
            if plain.is_none() {
                if let Some(shorter) = without_query(path, left, segment.len() + 1) {
                    (*path, left) = shorter;
                    continue;
                }
                match octets::check_segment_raw(segment) {
                    Ok(suspect) => suspects |= u32::from(suspect) << ends.count.min(31),
                    Err(malformation) => return Walk::Malformed(malformation),
                }
            }
            if segment.is_empty() {
                return miss(path, left, suspects);
            }
            let Some(next) = self.node(self.affixed(node, pool, segment).unwrap_or(node.other())) else {
                return miss(path, left, suspects);
            };
            (node, left) = (next, after);
            ends.push((path.len() - after.len()) as u16);
        }
        Walk::Row { row: node.accept(), suspects }
    }

    /// The first of a node's affixes that the segment fits.
    fn affixed(&self, node: Node<'_>, pool: &[u8], segment: &[u8]) -> Option<u32> {
        self.affixes_of(node).find(|affix| affix.fits(pool, segment)).map(|affix| affix.0[2] as u32)
    }

    fn affixes_of(&self, node: Node<'_>) -> impl Iterator<Item = Affix<'_>> {
        let mut last = node.affix() == NO_ROW;
        let group = self.affixes.get(usize::from(node.affix())..).unwrap_or(&[]);
        group.iter().map(Affix).take_while(move |affix| !core::mem::replace(&mut last, affix.is_last()))
    }
}

#[derive(Clone, Copy)]
struct Affix<'a>(&'a [u64; 3]);

impl Affix<'_> {
    const fn is_last(self) -> bool {
        self.0[2] >> 48 & 1 == 1
    }
    const fn is_rest(self) -> bool {
        self.0[2] >> 49 & 1 == 1
    }
    fn fits(self, pool: &[u8], segment: &[u8]) -> bool {
        let [prefix, suffix, rest] = *self.0;
        let shortest = (rest >> 32 & 0xffff) as usize;
        segment.len() >= shortest && segment.starts_with(slice(pool, prefix)) && segment.ends_with(slice(pool, suffix))
    }
}

#[cold]
#[inline(never)]
fn is_at(pool: &[u8], place: u64, literal: &[u8]) -> bool {
    let text = pool.get((place as u32) as usize..).unwrap_or(&[]);
    literal.strip_prefix(b"/").is_some_and(|literal| text.starts_with(literal))
}

/// Nothing leads on from here: nothing is unchecked if a look at what is left shows that it breaks no rule.
fn miss(path: &[u8], left: &[u8], suspects: u32) -> Walk {
    let checked = suspects == 0 && scan::is_common_path(path, left);
    Walk::Miss { unchecked: path.len() - if checked { 0 } else { left.len() }, suspects }
}

/// The path and what is left of it without the query, if it begins among so many bytes of what is left.
#[cold]
#[inline(never)]
fn without_query<'p>(path: &'p [u8], left: &'p [u8], within: usize) -> Option<(&'p [u8], &'p [u8])> {
    let query = left.iter().take(within).position(|&byte| byte == b'?')?;
    Some((path.get(..path.len() - left.len() + query)?, left.get(..query)?))
}

fn slice(pool: &[u8], text: u64) -> &[u8] {
    let (start, length) = ((text >> 32) as usize, (text & 0xffff_ffff) as usize);
    pool.get(start..start.saturating_add(length)).unwrap_or(&[])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn ends_of_small_paths() {
        for (path, count, slash, spans) in [
            ("", 0, false, &[][..]),
            ("/", 0, true, &[]),
            ("/a", 1, false, &[(1, 2)]),
            ("/a/", 1, true, &[(1, 2)]),
            ("/a/bc", 2, false, &[(1, 2), (3, 5)]),
            ("//a", 2, false, &[(1, 1), (2, 3)]),
        ] {
            let ends = Ends::split(path.as_bytes()).unwrap();
            assert_eq!((ends.count(), ends.trailing_slash), (count, slash), "{path}");
            let found: Vec<_> = (0..count).filter_map(|segment| ends.span(segment)).collect();
            assert_eq!(found, spans, "{path}");
        }
        assert!(Ends::split(b"a").is_none());
    }
}
