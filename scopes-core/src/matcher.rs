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
    /// Per node: hash multiplier, then first edge (lower half) | node for any other segment (upper half), then
    /// accepting row | row after a trailing slash << 16 | first affix << 32 | hash shift << 48 | dropped bits << 56.
    pub nodes: Cow<'static, [[u64; 3]]>,
    /// Per literal: its first eight bytes, its last eight, offset in the text pool | length << 32, then
    /// next node (lower half) | next edge of the chain (upper half).
    pub edges: Cow<'static, [[u64; 4]]>,
    /// Literal text around a parameter: prefix, suffix, then next node | shortest segment << 32 | kind << 48
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
    /// No template begins so; bytes from here on are not checked yet.
    Miss { unchecked: usize, suspects: u32 },
    /// A segment breaks a rule that nothing lifts.
    Malformed(Malformation),
}

/// What a parameter's scan found.
struct Scanned {
    length: usize,
    /// Every byte is a letter, a digit or one of `-._~`: no rule can be broken but G4. False is a maybe.
    plain: bool,
}

#[derive(Clone, Copy)]
struct Node<'n>(&'n [u64; 3]);

impl Node<'_> {
    const fn edge(self) -> u32 {
        self.0[1] as u32
    }
    const fn other(self) -> u32 {
        (self.0[1] >> 32) as u32
    }
    const fn accept(self) -> u16 {
        self.0[2] as u16
    }
    const fn accept_slash(self) -> u16 {
        (self.0[2] >> 16) as u16
    }
    const fn affix(self) -> u16 {
        (self.0[2] >> 32) as u16
    }
    const fn shift(self) -> u32 {
        (self.0[2] >> 48) as u32 & 0xff
    }
    const fn dropped(self) -> u32 {
        (self.0[2] >> 56) as u32
    }
}

impl Tables {
    /// Tables that match nothing.
    pub(crate) const EMPTY: Self = Self {
        merged: true,
        nodes: Cow::Borrowed(&[]),
        edges: Cow::Borrowed(&[]),
        affixes: Cow::Borrowed(&[]),
        rows: Cow::Borrowed(&[]),
    };

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

    /// The literal child for the beginning of `rest`, and what follows the literal (empty or a slash first).
    #[inline]
    fn literal<'p>(&self, node: Node<'_>, pool: &[u8], path: &'p [u8], rest: &'p [u8]) -> Option<(u32, &'p [u8])> {
        if node.shift() == 0 {
            return None;
        }
        let word = leading_word(path, rest);
        let slot = (word << node.dropped()).wrapping_mul(node.0[0]) >> node.shift();
        let mut edge = self.edges.get((node.edge() as usize).wrapping_add(slot as usize))?;
        loop {
            let [first, last, place, next] = *edge;
            let length = (place >> 32) as usize;
            let mask = if length >= 8 { u64::MAX } else { (1 << (8 * length)) - 1 };
            if (word ^ first) & mask == 0
                && let Some((literal, after)) = rest.split_at_checked(length)
                && after.first().is_none_or(|&byte| byte == b'/')
                && (length <= 8
                    || literal.last_chunk::<8>().is_some_and(|chunk| u64::from_le_bytes(*chunk) == last)
                        && (length <= 16
                            || pool.get((place as u32) as usize..).is_some_and(|text| text.starts_with(literal))))
            {
                return Some((next as u32, after));
            }
            edge = self.edges.get((next >> 32) as usize)?;
        }
    }

    /// Walks the merged automaton. `path` begins with a slash.
    pub(crate) fn walk(&self, pool: &[u8], path: &[u8], ends: &mut Ends) -> Walk {
        let mut suspects = 0;
        let (Some((b'/', mut rest)), Some(mut node)) = (path.split_first(), self.node(0)) else {
            return Walk::Miss { unchecked: 0, suspects };
        };
        loop {
            if rest.is_empty() {
                ends.trailing_slash = true;
                return Walk::Row { row: node.accept_slash(), suspects };
            }
            let miss = Walk::Miss { unchecked: path.len() - rest.len(), suspects };
            let (next, after) = match self.literal(node, pool, path, rest) {
                Some(found) => found,
                // Asked before the scan: a segment that leads nowhere need not be measured.
                None if node.other() == NO_NODE && node.affix() == NO_ROW => return miss,
                None => {
                    let (segment, after) = match scanned_segment(path, rest, ends.count, &mut suspects) {
                        Ok(split) => split,
                        Err(malformation) => return Walk::Malformed(malformation),
                    };
                    if segment.is_empty() {
                        return miss;
                    }
                    (self.affixed(node, pool, segment).unwrap_or(node.other()), after)
                }
            };
            let Some(found) = self.node(next) else { return miss };
            node = found;
            ends.push((path.len() - after.len()) as u16);
            match after.split_first() {
                None => return Walk::Row { row: node.accept(), suspects },
                Some((_, following)) => rest = following,
            }
        }
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
            search.route = descent.visit(0, 0, &mut search.columns);
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
    fn visit(&mut self, index: u32, depth: usize, seen: &mut u64) -> Option<u16> {
        let tables = self.tables;
        let node = tables.node(index)?;
        if depth == self.ends.count() {
            let row = if self.ends.trailing_slash { node.accept_slash() } else { node.accept() };
            return self.accept(row, seen);
        }
        let (start, end) = self.ends.span(depth)?;
        let (rest, segment) = (self.path.get(start..)?, self.path.get(start..end)?);
        if let Some((next, _)) = tables.literal(node, self.pool, self.path, rest)
            && let Some(route) = self.visit(next, depth + 1, seen)
        {
            return Some(route);
        }
        for affix in tables.affixes_of(node).filter(|affix| !affix.is_rest()) {
            if affix.fits(self.pool, segment)
                && let Some(route) = self.visit(affix.0[2] as u32, depth + 1, seen)
            {
                return Some(route);
            }
        }
        if node.other() != NO_NODE
            && let Some(route) = self.visit(node.other(), depth + 1, seen)
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

fn slice(pool: &[u8], text: u64) -> &[u8] {
    let (start, length) = ((text >> 32) as usize, (text & 0xffff_ffff) as usize);
    pool.get(start..start.saturating_add(length)).unwrap_or(&[])
}

/// The segment at the beginning of `rest`, checked, and what follows it.
#[inline]
fn scanned_segment<'p>(
    path: &[u8],
    rest: &'p [u8],
    index: u16,
    suspects: &mut u32,
) -> Result<(&'p [u8], &'p [u8]), Malformation> {
    let Scanned { length, plain } = scan(path, rest);
    let (segment, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
    if !plain {
        *suspects |= u32::from(octets::check_segment_raw(segment)?) << index.min(31);
    } else if length <= 2 && matches!(segment, b"." | b"..") {
        return Err(Malformation::DotSegment);
    }
    Ok((segment, after))
}

const LOW: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Bit 7 of every byte that is a slash; exact, so that all hits count and not only the first.
const fn slashes(word: u64) -> u64 {
    let x = word ^ (LOW * b'/' as u64);
    !(((x & !HIGH) + !HIGH) | x | !HIGH)
}

/// A letter, a digit or one of `-./_~`. Written without branches, so that a block of bytes becomes a vector.
const fn is_plain(byte: u8) -> bool {
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    let digit = byte.wrapping_sub(b'-') < 13;
    letter | digit | (byte == b'_') | (byte == b'~')
}

/// Bit 7 of every byte for which [`is_plain`] does not hold; exact.
const fn not_plain(word: u64) -> u64 {
    let low = word & !HIGH;
    let folded = low | (LOW * 0x20);
    // Adding `0x80 - bound` sets bit 7 of a seven-bit byte exactly when it is not below the bound.
    let letter = (folded + LOW * (0x80 - b'a' as u64)) & !(folded + LOW * (0x80 - (b'z' as u64 + 1)));
    let digit = (low + LOW * (0x80 - b'-' as u64)) & !(low + LOW * (0x80 - (b'9' as u64 + 1)));
    let underscore = !((low ^ (LOW * b'_' as u64)) + !HIGH);
    let tilde = !((low ^ (LOW * b'~' as u64)) + !HIGH);
    (!(letter | digit | underscore | tilde) | word) & HIGH
}

/// The first eight bytes of `rest`, zero-filled past the end of the path.
#[inline]
fn leading_word(path: &[u8], rest: &[u8]) -> u64 {
    if let Some(chunk) = rest.first_chunk::<8>() {
        return u64::from_le_bytes(*chunk);
    }
    match (path.last_chunk::<8>(), rest.len()) {
        (_, 0) => 0,
        (Some(chunk), length) => u64::from_le_bytes(*chunk) >> (64 - 8 * length),
        (None, _) => short_word(rest),
    }
}

#[cold]
fn short_word(rest: &[u8]) -> u64 {
    rest.iter().take(8).rev().fold(0, |word, &byte| word << 8 | u64::from(byte))
}

/// The length of the segment at the beginning of `rest`: blocks of 16 first (the compiler makes vectors of that),
/// then words.
#[inline]
fn scan(path: &[u8], rest: &[u8]) -> Scanned {
    let mut left = rest;
    let mut odd = 0;
    while let Some((block, following)) = left.split_first_chunk::<16>() {
        if block.iter().fold(false, |any, &byte| any | !is_plain(byte) | (byte == b'/')) {
            break;
        }
        left = following;
    }
    loop {
        let word = leading_word(path, left);
        let hits = slashes(word);
        let length = left.len().min((hits.trailing_zeros() / 8) as usize);
        // Only what lies before the slash, or before the end of the path, counts.
        let counted = if length >= 8 { u64::MAX } else { (1 << (8 * length)) - 1 };
        odd |= not_plain(word) & counted;
        left = left.get(length..).unwrap_or(&[]);
        if hits != 0 || left.is_empty() {
            return Scanned { length: rest.len() - left.len(), plain: odd == 0 };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::vec::Vec;

    #[test]
    fn scan_agrees_with_a_loop() {
        let pieces: [&[u8]; 9] = [
            b"",
            b"a",
            b"a.b",
            b"0123456",
            b"01234567",
            b"0123456789abcdef",
            b"f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            b"%41",
            b"x\x80y",
        ];
        for first in pieces {
            for second in pieces {
                for tail in pieces {
                    let path: Vec<u8> = [b"/", first, second, b"/", tail].concat();
                    let rest = &path[1..];
                    let length = rest.iter().position(|&byte| byte == b'/').unwrap();
                    let scanned = scan(&path, rest);
                    assert_eq!(scanned.length, length);
                    assert_eq!(scanned.plain, rest[..length].iter().all(|&byte| is_plain(byte)));
                    let last = &path[length + 2..];
                    assert_eq!(scan(&path, last).length, last.len());
                }
            }
        }
    }

    #[test]
    fn words_agree_with_bytes() {
        for byte in 0..=255_u8 {
            for at in 0..8 {
                let word = u64::from(byte) << (8 * at) | (u64::from_le_bytes(*b"aZ09-.~_") & !(0xff << (8 * at)));
                let expected = if is_plain(byte) { 0 } else { 0x80 << (8 * at) };
                assert_eq!(not_plain(word), expected, "{byte} at {at}");
                assert_eq!(slashes(word), if byte == b'/' { 0x80 << (8 * at) } else { 0 }, "{byte} at {at}");
            }
        }
    }

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
