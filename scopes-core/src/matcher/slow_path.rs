//! The walk for unusual paths, and for nodes with literal text around parameters.

use super::node::{DEAD_END, DEFERRED_ROW, NO_AFFIX, Node};
use super::{SegmentEnds, Start, Tables, Unfinished, WalkOutcome, scan};
use crate::layout::{AffixRecord, bytes_of};
use crate::path_rules;

impl Tables {
    /// Continues a walk at an unusual place of the path: a byte that must be checked against the
    /// rules, literal text around a parameter, a `?` (the end of the path), a trailing slash, or a
    /// segment that no template has. Also returns the path without the query.
    pub(crate) fn walk_on<'p>(
        &self,
        pool: &[u8],
        path: &'p [u8],
        unfinished: Unfinished<'_>,
        ends: &mut SegmentEnds,
    ) -> (WalkOutcome, &'p [u8]) {
        let outcome = self.walk_slowly(pool, path, unfinished, ends, true);
        if !matches!(outcome.0, WalkOutcome::Row { row: DEFERRED_ROW, .. }) {
            return outcome;
        }
        // The row depends on the last segment, which a fast walk has passed already.
        let Some(node) = self.nodes.first() else { return outcome };
        *ends = SegmentEnds::NONE;
        self.walk_slowly(pool, path, Unfinished { node, at: 0 }, ends, false)
    }

    /// Like `walk_on`, but without the second walk. After affixes it returns to the fast path if
    /// `fast_path` is set.
    fn walk_slowly<'p>(
        &self,
        pool: &[u8],
        mut path: &'p [u8],
        unfinished: Unfinished<'_>,
        ends: &mut SegmentEnds,
        fast_path: bool,
    ) -> (WalkOutcome, &'p [u8]) {
        let Unfinished { mut node, mut at } = unfinished;
        let (mut suspects, mut decoded_alike) = (0, true);
        while let Some((_, rest)) = path.get(at..).and_then(<[u8]>::split_first) {
            if rest.is_empty() {
                // If other software decodes the path, a `{*rest}` matches the slash as well.
                decoded_alike &= !self.readings.has_rest;
                return (WalkOutcome::Row { row: self.accept_slash(node), suspects, decoded_alike }, path);
            }
            if let Some((next, end)) = self.literal(&self.nodes, node, pool, path, at) {
                ends.put(end);
                (node, at) = (next, end);
                continue;
            }
            // Checked before the scan, because a segment that leads nowhere need not be measured.
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
            let affix = self.affixed(node, pool, segment, &mut decoded_alike);
            let Some(next) = self.nodes.get(affix.unwrap_or(node.other) as usize) else {
                return (miss(path, at, suspects), path);
            };
            ends.put(end);
            (node, at) = (next, end);
            if fast_path && affix.is_some() && plain.is_some() {
                match self.walk_again(pool, path, Unfinished { node, at }, ends) {
                    Ok(row) => return (WalkOutcome::Row { row, suspects, decoded_alike }, path),
                    Err(unfinished) => Unfinished { node, at } = unfinished,
                }
            }
        }
        (WalkOutcome::Row { row: node.accept, suspects, decoded_alike }, path)
    }

    /// Like [`walk`](Self::walk), from the middle of a path.
    #[inline(never)]
    fn walk_again<'n>(
        &'n self,
        pool: &'n [u8],
        path: &[u8],
        Unfinished { node, at }: Unfinished<'n>,
        ends: &mut SegmentEnds,
    ) -> Result<u32, Unfinished<'n>> {
        let start = Start { node, at, ends: *ends };
        self.walk(|| pool, start, path, ends)
    }

    /// Finds the first affix of a node that the segment fits, and returns the node after it. Clears
    /// `decoded_alike` if the segment consists only of an affix's text, because the decoded path
    /// may then be read as another route.
    fn affixed(&self, node: &Node, pool: &[u8], segment: &[u8], decoded_alike: &mut bool) -> Option<u32> {
        let mut affixes = self.affixes_of(node);
        let found = affixes.find(|affix| {
            *decoded_alike &= !affix.is_all_of(pool, segment);
            affix.fits(pool, segment)
        });
        *decoded_alike &= !affixes.any(|affix| affix.is_all_of(pool, segment));
        found.map(AffixRecord::next)
    }

    pub(super) fn affixes_of(&self, node: &Node) -> impl Iterator<Item = AffixRecord<'_>> {
        let affix = self.rare(node)[1];
        let mut last = affix == u32::from(NO_AFFIX);
        let group = self.affixes.get(affix as usize..).unwrap_or(&[]);
        group.iter().map(AffixRecord).take_while(move |affix| !core::mem::replace(&mut last, affix.is_last()))
    }
}

impl AffixRecord<'_> {
    /// Whether a segment is the affix's prefix and suffix with something in between.
    pub(super) fn fits(self, pool: &[u8], segment: &[u8]) -> bool {
        segment.len() >= self.shortest()
            && segment.starts_with(bytes_of(pool, self.prefix()))
            && segment.ends_with(bytes_of(pool, self.suffix()))
    }

    /// Whether a segment is the affix's prefix and suffix with nothing in between.
    fn is_all_of(self, pool: &[u8], segment: &[u8]) -> bool {
        let (prefix, suffix) = (bytes_of(pool, self.prefix()), bytes_of(pool, self.suffix()));
        segment.len() == prefix.len() + suffix.len() && segment.starts_with(prefix) && segment.ends_with(suffix)
    }
}

/// The number of segments that end before a position.
#[cold]
fn segments_before(path: &[u8], at: usize) -> usize {
    path.iter().take(at).filter(|&&byte| byte == b'/').count()
}

/// A miss: no template matches. If a quick scan shows that the rest breaks no rule, nothing is left
/// unchecked.
fn miss(path: &[u8], at: usize, suspects: u32) -> WalkOutcome {
    let checked = suspects == 0 && scan::is_common_path(path, at);
    WalkOutcome::Miss { unchecked: if checked { path.len() } else { at }, suspects }
}

/// The path without its query, if the query begins in the `within` bytes from `at` on.
#[cold]
#[inline(never)]
fn without_query(path: &[u8], at: usize, within: usize) -> Option<&[u8]> {
    let query = path.get(at..)?.iter().take(within).position(|&byte| byte == b'?')?;
    path.get(..at + query)
}
