//! Affixes, the literal text around parameters: which of them can fit one segment together.
//!
//! Large catalogues have hundreds of affixes at one node (`{name}:cancel`, `{name}:copy`, ..), and
//! few of them combine. Affixes are looked up by prefix and suffix, so that affixes that cannot
//! combine are not compared with each other.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Reverse;
use core::ops::Range;

use super::trie::Affix;

/// The greatest number of ways in which affixes of one state may combine. Affixes that combine with
/// no other affix do not count.
const MAX_COMBINATIONS: usize = 64;

/// The affixes of several nodes, numbered in the order of the nodes.
pub(super) struct Affixes<'t> {
    all: Vec<&'t Affix>,
    by_prefix: Index,
    /// An index by the suffix, read backwards.
    by_suffix: Index,
}

/// The condition under which one segment fits several affixes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Combination {
    pub(super) prefix: String,
    pub(super) suffix: String,
    pub(super) shortest: usize,
}

/// A combination, and the affixes that fit every segment of the combination, in their order.
pub(super) type Implying = (Combination, Vec<usize>);

/// Two affixes that combine in a state where too many affixes do.
pub(super) type TooMany<'t> = (&'t Affix, &'t Affix);

impl<'t> Affixes<'t> {
    pub(super) fn new(all: Vec<&'t Affix>) -> Self {
        let by_prefix = Index::new(all.iter().map(|affix| affix.prefix.bytes().collect()));
        let by_suffix = Index::new(all.iter().map(|affix| affix.suffix.bytes().rev().collect()));
        Self { all, by_prefix, by_suffix }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// The affixes that fit this text, in their order, and how many were compared.
    pub(super) fn fitting(&self, text: &str) -> (Vec<usize>, usize) {
        self.implied(text, text, text.len())
    }

    /// The affixes that fit every segment with this prefix and suffix and at least this length.
    fn implied(&self, prefix: &str, suffix: &str, shortest: usize) -> (Vec<usize>, usize) {
        let backwards: Vec<u8> = suffix.bytes().rev().collect();
        let candidates = fewer(self.by_prefix.within(prefix.as_bytes()), self.by_suffix.within(&backwards));
        let looked_at = candidates.len();
        let fits = |&index: &usize| {
            let affix = self.all[index];
            shortest >= affix.shortest() && prefix.starts_with(&affix.prefix) && suffix.ends_with(&affix.suffix)
        };
        let mut found: Vec<usize> = candidates.into_iter().filter(fits).collect();
        found.sort_unstable();
        (found, looked_at)
    }

    /// All ways in which affixes can fit one segment together, those that imply most affixes first.
    /// The first combination that fits a segment then implies exactly the affixes that fit it,
    /// because the combination of all those affixes is in the list. Also returns how many affixes
    /// were compared.
    pub(super) fn combinations(&self) -> (Result<Vec<Implying>, TooMany<'t>>, usize) {
        let single = |affix: &&Affix| Combination {
            prefix: affix.prefix.clone(),
            suffix: affix.suffix.clone(),
            shortest: affix.shortest(),
        };
        let singles: BTreeSet<Combination> = self.all.iter().map(single).collect();
        let (mut looked_at, most) = (0, singles.len() + MAX_COMBINATIONS);
        let mut waiting: Vec<Combination> = singles.iter().cloned().collect();
        let mut all = singles;
        while let Some(combination) = waiting.pop() {
            let backwards: Vec<u8> = combination.suffix.bytes().rev().collect();
            let by_prefix = self.by_prefix.related(combination.prefix.as_bytes());
            let candidates = fewer(by_prefix, self.by_suffix.related(&backwards));
            looked_at += candidates.len();
            for index in candidates {
                let Some(joint) = combination.and(self.all[index]) else { continue };
                if all.contains(&joint) {
                    continue;
                }
                if all.len() >= most {
                    return (Err((self.another(&combination, index), self.all[index])), looked_at);
                }
                waiting.push(joint.clone());
                all.insert(joint);
            }
        }
        let mut implying: Vec<Implying> = Vec::with_capacity(all.len());
        for combination in all {
            let (implied, count) = self.implied(&combination.prefix, &combination.suffix, combination.shortest);
            looked_at += count;
            implying.push((combination, implied));
        }
        implying.sort_by_key(|(_, implied)| Reverse(implied.len()));
        (Ok(implying), looked_at)
    }

    /// An affix that the combination implies, other than the one at `index`.
    fn another(&self, combination: &Combination, index: usize) -> &'t Affix {
        let (implied, _) = self.implied(&combination.prefix, &combination.suffix, combination.shortest);
        let other = implied.into_iter().find(|&other| other != index).unwrap_or(index);
        self.all[other]
    }
}

/// The entries that one of the two indexes has found: the index that has found fewer.
fn fewer(by_prefix: Found<'_>, by_suffix: Found<'_>) -> Vec<usize> {
    if by_prefix.count <= by_suffix.count { by_prefix.collect() } else { by_suffix.collect() }
}

impl Combination {
    /// The condition under which a segment also fits an affix; `None` if no segment can.
    fn and(&self, affix: &Affix) -> Option<Self> {
        let longer = |a: &'_ str, b: &'_ str| String::from(if a.len() >= b.len() { a } else { b });
        let begin_alike = self.prefix.starts_with(&affix.prefix) || affix.prefix.starts_with(&self.prefix);
        let end_alike = self.suffix.ends_with(&affix.suffix) || affix.suffix.ends_with(&self.suffix);
        (begin_alike && end_alike).then(|| Self {
            prefix: longer(&self.prefix, &affix.prefix),
            suffix: longer(&self.suffix, &affix.suffix),
            shortest: self.shortest.max(affix.shortest()),
        })
    }
}

/// An index of affixes by prefix or by suffix.
struct Index {
    /// Pairs of text and affix, sorted by the text.
    sorted: Vec<(Vec<u8>, usize)>,
    /// The first entry of each text, and how many entries it has.
    first: BTreeMap<Vec<u8>, (usize, usize)>,
}

/// Entries of an index, as ranges of its sorted list.
struct Found<'i> {
    index: &'i Index,
    ranges: Vec<Range<usize>>,
    count: usize,
}

impl Index {
    fn new(texts: impl Iterator<Item = Vec<u8>>) -> Self {
        let mut sorted: Vec<(Vec<u8>, usize)> = texts.enumerate().map(|(index, text)| (text, index)).collect();
        sorted.sort();
        let mut first: BTreeMap<Vec<u8>, (usize, usize)> = BTreeMap::new();
        for (at, (text, _)) in sorted.iter().enumerate() {
            first.entry(text.clone()).or_insert((at, 0)).1 += 1;
        }
        Self { sorted, first }
    }

    /// The entries whose text is a beginning of this one.
    fn within(&self, text: &[u8]) -> Found<'_> {
        let beginnings = (0..=text.len()).filter_map(|length| self.first.get(&text[..length]));
        Found::new(self, beginnings.map(|&(at, count)| at..at + count).collect())
    }

    /// The entries whose text is a beginning of this one, or begins with it.
    fn related(&self, text: &[u8]) -> Found<'_> {
        let mut ranges = self.within(text).ranges;
        // Skips the text itself, which `within` has found already.
        let from = self.sorted.partition_point(|(other, _)| other.as_slice() <= text);
        let to = self.sorted[from..].partition_point(|(other, _)| other.starts_with(text));
        ranges.push(from..from + to);
        Found::new(self, ranges)
    }
}

impl<'i> Found<'i> {
    fn new(index: &'i Index, ranges: Vec<Range<usize>>) -> Self {
        let count = ranges.iter().map(ExactSizeIterator::len).sum();
        Self { index, ranges, count }
    }

    fn collect(self) -> Vec<usize> {
        let entries = self.ranges.into_iter().flat_map(|range| &self.index.sorted[range]);
        entries.map(|&(_, affix)| affix).collect()
    }
}
