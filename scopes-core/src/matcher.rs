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

use crate::catalogue::Parts;
use crate::octets::{self, Malformation};

mod node;
mod scan;
mod search;
mod spans;

pub(crate) use node::{NO_AFFIX, NO_NODE, NO_ROW, segment_hash};
pub use node::{Node, Trunk};
pub(crate) use spans::{NO_SPAN, Spans};

/// The longest template, in segments.
pub const MAX_SEGMENTS: usize = 32;

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
    /// Every path leads to one state; else the nodes are a trie.
    pub merged: bool,
    /// The steps and nodes; the root is the first.
    pub nodes: Cow<'static, [Node]>,
    /// Literal text around a parameter, or none where a parameter without it follows: prefix, suffix, then next node | shortest segment << 32 | kind << 48
    /// (bit 0: last of its group, bit 1: the "next node" is the row of a `{*rest}`).
    pub affixes: Cow<'static, [[u64; 3]]>,
    /// Per row and method: the route. Links to rows count in entries.
    pub rows: Cow<'static, [u16]>,
    /// What most paths begin with.
    pub trunk: Trunk,
}

/// Where a walk found nothing usual to go on with: the node, and the position of the slash behind what led to it.
#[derive(Clone, Copy)]
pub(crate) struct Stop<'n> {
    node: &'n Node,
    at: usize,
}

/// What a walk over a path came to.
pub(crate) enum Walk {
    /// The path leads to this row; segments whose bit is set break G3 or G5, which only a `#[raw]` parameter may.
    Row { row: u32, suspects: u32 },
    /// No template begins so; what is left from here on, if anything, is not checked yet and begins with a slash.
    Miss { unchecked: usize, suspects: u32 },
    /// A segment breaks a rule that nothing lifts.
    Malformed(Malformation),
}

impl Tables {
    /// Tables that match nothing.
    pub(crate) const EMPTY: Self = Self {
        merged: true,
        nodes: Cow::Borrowed(&[]),
        affixes: Cow::Borrowed(&[]),
        rows: Cow::Borrowed(&[]),
        trunk: Trunk::NONE,
    };

    #[inline]
    fn node(&self, index: u32) -> Option<&Node> {
        self.nodes.get(index as usize)
    }

    /// The route of a row for a method's column.
    #[inline(always)]
    pub(crate) fn route(&self, row: u32, column: Column) -> Option<u16> {
        let Column(column) = column;
        let route = *self.rows.get((row as usize).wrapping_add(column))?;
        (route != NO_ROUTE).then_some(route)
    }

    /// The columns of a row that have a route, as bits.
    pub(crate) fn columns(&self, row: u32, columns: usize) -> u64 {
        let start = row as usize;
        let routes = self.rows.get(start..start.saturating_add(columns)).unwrap_or(&[]);
        routes.iter().enumerate().filter(|&(_, &route)| route != NO_ROUTE).fold(0, |set, (column, _)| set | 1 << column)
    }

    /// The rows of the root: for the empty path, and for a slash after it.
    pub(crate) fn root_rows(&self) -> (u32, u32) {
        self.node(0).map_or((NO_ROW, NO_ROW), |node| (node.accept(), node.accept_slash()))
    }

    /// Walks the merged automaton over a path that begins with a slash and has at most 65,535 bytes: gives the row that it
    /// leads to, or where the walk came to an end.
    ///
    /// What nearly every path is made of is dealt with in place, so that all of it stays in registers.
    #[inline(always)]
    pub(crate) fn walk<'n>(parts: &'n Parts, path: &[u8], spans: &mut Spans) -> Result<u32, Stop<'n>> {
        let nodes = &*parts.tables.nodes;
        let Some(mut node) = nodes.first() else { return Err(Stop { node: &Node::EMPTY, at: 0 }) };
        let mut at = 0;
        let trunk = &parts.tables.trunk;
        let length = trunk.length();
        if length != 0
            && (scan::word_after_slash(path, 0) ^ trunk.words[0]) & trunk.words[1] == 0
            && path.get(length) == Some(&b'/')
            && scan::is_uuid(path, length)
            && (length <= 9
                || path
                    .get(length - 8..length)
                    .and_then(<[u8]>::first_chunk::<8>)
                    .is_some_and(|last| u64::from_le_bytes(*last) == trunk.words[2]))
            && let Some(next) = nodes.get(trunk.node() as usize)
        {
            node = next;
            at = length + scan::UUID;
            spans.put(1, length, at);
            if at >= path.len() {
                return Ok(node.accept());
            }
        }
        loop {
            let (next, end) = 'found: {
                'unusual: {
                    if node.shift() != 0 {
                        let word = scan::word_after_slash(path, at);
                        let mut index = node.slot(word.wrapping_mul(node.multiplier()));
                        while let Some(next) = nodes.get(index) {
                            if (word ^ next.first()) & next.mask() == 0
                                && let Some((before, after)) = path.split_at_checked(at + next.length())
                                && after.first().is_none_or(|&byte| byte == b'/')
                                && (next.length() <= 9 || scan::ends_with(before, at, next.length(), next.last()))
                            {
                                if next.length() > 17 {
                                    break 'unusual;
                                }
                                break 'found (next, before.len());
                            }
                            index = next.detour_or_next(path, at);
                        }
                    }
                    match nodes.get(node.other() as usize) {
                        Some(next) if scan::is_uuid(path, at) => break 'found (next, at + scan::UUID),
                        // No segment is empty.
                        Some(_) if path.get(at + 1) == Some(&b'/') => return Err(Stop { node, at }),
                        Some(next) => match scan::other_parameter_end(path, at) {
                            Some(end) => break 'found (next, end),
                            None => return Err(Stop { node, at }),
                        },
                        None => return Err(Stop { node, at }),
                    }
                }
                match literal_with_care(parts, path, node, at) {
                    Some(found) => found,
                    None => return Err(Stop { node, at }),
                }
            };
            spans.put(node.depth(), at, end);
            node = next;
            // Bounded, so that sums need no check.
            at = end & 0xffff;
            if end >= path.len() {
                return Ok(node.accept());
            }
        }
    }

    /// Whether nothing leads on from where a walk stopped, and nothing that is left breaks a rule. False is a maybe.
    #[inline(always)]
    pub(crate) fn is_miss(path: &[u8], Stop { node, at }: Stop<'_>) -> bool {
        let left = path.get(at..).unwrap_or(&[]);
        let stays = match left {
            [_] => return node.accept_slash() == NO_ROW,
            // No segment is empty.
            [_, b'/', ..] => true,
            _ => node.other() == NO_NODE && node.affix() == NO_AFFIX,
        };
        stays && scan::is_common_path(path, left)
    }

    /// Goes on with a walk where the path is unusual: bytes that the rules must be asked about, literal text around a
    /// parameter, a `?`, which ends the path, a trailing slash, or a segment that leads nowhere. Gives the path, too.
    pub(crate) fn walk_on<'p>(
        &self,
        pool: &[u8],
        mut path: &'p [u8],
        stop: Stop<'_>,
        spans: &mut Spans,
    ) -> (Walk, &'p [u8]) {
        let Stop { mut node, mut at } = stop;
        let mut suspects = 0;
        while let Some((_, rest)) = path.get(at..).and_then(<[u8]>::split_first) {
            if rest.is_empty() {
                return (Walk::Row { row: node.accept_slash(), suspects }, path);
            }
            if let Some((next, end)) = literal(&self.nodes, node, pool, path, at) {
                spans.put(node.depth(), at, end);
                (node, at) = (next, end);
                continue;
            }
            // Asked before the scan: a segment that leads nowhere need not be measured.
            if node.other() == NO_NODE && node.affix() == NO_AFFIX {
                let missed = miss(path, at, suspects);
                if matches!(missed, Walk::Miss { unchecked, .. } if unchecked == path.len()) {
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
                match octets::check_segment_raw(segment) {
                    Ok(false) => {}
                    Ok(true) => suspects |= 1 << segments_before(path, at).min(31),
                    Err(malformation) => return (Walk::Malformed(malformation), path),
                }
            }
            if segment.is_empty() {
                return (miss(path, at, suspects), path);
            }
            let Some(next) = self.node(self.affixed(node, pool, segment).unwrap_or(node.other())) else {
                return (miss(path, at, suspects), path);
            };
            spans.put(node.depth(), at, end);
            (node, at) = (next, end);
        }
        (Walk::Row { row: node.accept(), suspects }, path)
    }

    /// The first of a node's affixes that the segment fits.
    fn affixed(&self, node: &Node, pool: &[u8], segment: &[u8]) -> Option<u32> {
        self.affixes_of(node).find(|affix| affix.fits(pool, segment)).map(|affix| affix.0[2] as u32)
    }

    fn affixes_of(&self, node: &Node) -> impl Iterator<Item = Affix<'_>> {
        let mut last = node.affix() == NO_AFFIX;
        let group = self.affixes.get(usize::from(node.affix())..).unwrap_or(&[]);
        group.iter().map(Affix).take_while(move |affix| !core::mem::replace(&mut last, affix.is_last()))
    }
}

/// The node of the literal behind the slash at a position, and where the literal ends.
#[inline(always)]
fn literal<'n>(nodes: &'n [Node], node: &Node, pool: &[u8], path: &[u8], at: usize) -> Option<(&'n Node, usize)> {
    if node.shift() == 0 {
        return None;
    }
    let word = scan::word_after_slash(path, at);
    let mut index = node.slot(word.wrapping_mul(node.multiplier()));
    loop {
        let next = nodes.get(index)?;
        if (word ^ next.first()) & next.mask() == 0
            && let Some((before, after)) = path.split_at_checked(at + next.length())
            && after.first().is_none_or(|&byte| byte == b'/')
            && (next.length() <= 9 || scan::ends_with(before, at, next.length(), next.last()))
            && (next.length() <= 17 || is_at(pool, next.text(), before, at))
        {
            return Some((next, before.len()));
        }
        index = next.detour_or_next(path, at);
    }
}

impl Node {
    /// Where to look after a literal that does not fit.
    #[inline(always)]
    fn detour_or_next(&self, path: &[u8], at: usize) -> usize {
        if self.is_detour() {
            self.slot(scan::hash_of_segment(path, at, self.multiplier()))
        } else {
            self.next() as usize
        }
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

/// As [`literal`], then the parameter: out of line, for a literal that must be looked up in the text pool.
#[cold]
#[inline(never)]
fn literal_with_care<'n>(parts: &'n Parts, path: &[u8], node: &Node, at: usize) -> Option<(&'n Node, usize)> {
    let nodes = &*parts.tables.nodes;
    literal(nodes, node, parts.text.as_bytes(), path, at).or_else(|| {
        let next = nodes.get(node.other() as usize)?;
        Some((next, scan::other_parameter_end(path, at)?))
    })
}

#[cold]
#[inline(never)]
fn is_at(pool: &[u8], place: u32, before: &[u8], at: usize) -> bool {
    let text = pool.get(place as usize..).unwrap_or(&[]);
    before.get(at + 1..).is_some_and(|literal| text.starts_with(literal))
}

/// How many segments end before a position.
#[cold]
fn segments_before(path: &[u8], at: usize) -> usize {
    path.iter().take(at).filter(|&&byte| byte == b'/').count()
}

/// Nothing leads on from here: nothing is unchecked if a look at what is left shows that it breaks no rule.
fn miss(path: &[u8], at: usize, suspects: u32) -> Walk {
    let left = path.get(at..).unwrap_or(&[]);
    let checked = suspects == 0 && scan::is_common_path(path, left);
    Walk::Miss { unchecked: if checked { path.len() } else { at }, suspects }
}

/// The path without the query, if that begins among so many bytes from a position on.
#[cold]
#[inline(never)]
fn without_query(path: &[u8], at: usize, within: usize) -> Option<&[u8]> {
    let query = path.get(at..)?.iter().take(within).position(|&byte| byte == b'?')?;
    path.get(..at + query)
}

fn slice(pool: &[u8], text: u64) -> &[u8] {
    let (start, length) = ((text >> 32) as usize, (text & 0xffff_ffff) as usize);
    pool.get(start..start.saturating_add(length)).unwrap_or(&[])
}
