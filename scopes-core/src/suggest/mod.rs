//! Suggestions: the name that was probably meant.

use alloc::vec::Vec;
use core::mem;

/// The edit distance of two names in characters. It counts insertions, deletions, replacements and
/// swaps of neighbours, and no part is edited twice (the optimal string alignment form of Damerau
/// and Levenshtein).
///
/// ```
/// use scopes_core::suggest::distance;
/// assert_eq!(distance("reed", "read"), 1);
/// assert_eq!(distance("raed", "read"), 1);
/// assert_eq!(distance("ca", "abc"), 3);
/// ```
#[must_use]
pub fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    // The distance of two names is at most the length of the longer one.
    let limit = a.len().max(b.len());
    Rows::default().distance(&a, &b, limit).unwrap_or(limit)
}

/// The candidate nearest to `name`, if it is near enough: up to a third of the name's characters
/// may differ, at least one and at most four. A candidate that differs only in case has distance
/// one. Of several candidates at the same distance, the first one is returned.
///
/// ```
/// use scopes_core::suggest::nearest;
/// let names = ["environment.users.read", "environment.users.write"];
/// assert_eq!(nearest("environment.users.reed", names), Some("environment.users.read"));
/// assert_eq!(nearest("billing", names), None);
/// ```
#[must_use]
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let characters: Vec<char> = name.chars().collect();
    let mut limit = (characters.len() / 3).clamp(1, 4);
    let mut best = None;
    let mut rows = Rows::default();
    let mut candidate_characters = Vec::new();
    for candidate in candidates {
        if candidate == name {
            return Some(candidate);
        }
        let found = if candidate.eq_ignore_ascii_case(name) {
            Some(1)
        } else if candidate.chars().count().abs_diff(characters.len()) > limit {
            None
        } else {
            candidate_characters.clear();
            candidate_characters.extend(candidate.chars());
            rows.distance(&characters, &candidate_characters, limit)
        };
        if let Some(found) = found.filter(|found| *found <= limit) {
            best = Some(candidate);
            if found <= 1 {
                // From now on only the name itself could be nearer. The loop continues to find it.
                limit = 0;
            } else {
                limit = found - 1;
            }
        }
    }
    best
}

/// Suggestions for a limited number of names. If a thousand names are all wrong, a thousand
/// comparisons with a thousand candidates would not help more than the first few.
#[derive(Debug)]
pub(crate) struct Suggestions {
    left: usize,
}

impl Suggestions {
    /// The number of names that get a suggestion.
    pub(crate) const MOST: usize = 32;

    pub(crate) const fn new() -> Self {
        Self { left: Self::MOST }
    }

    /// Like [`nearest`], for the first [`MOST`](Self::MOST) names; then `None`.
    pub(crate) fn nearest<'a>(&mut self, name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
        self.left = self.left.checked_sub(1)?;
        nearest(name, candidates)
    }
}

/// The last three rows of the table, whose memory is used again for the next candidate.
#[derive(Default)]
struct Rows {
    before: Vec<usize>,
    last: Vec<usize>,
    now: Vec<usize>,
}

impl Rows {
    /// The distance, if it is at most `limit`. Only cells within that distance of the diagonal are
    /// computed.
    fn distance(&mut self, a: &[char], b: &[char], limit: usize) -> Option<usize> {
        let start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
        let (a, b) = (&a[start..], &b[start..]);
        let end = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count();
        let (a, b) = (&a[..a.len() - end], &b[..b.len() - end]);
        if a.len().abs_diff(b.len()) > limit {
            return None;
        }
        // Cells outside the band count as further away than `limit`.
        let far = limit + 1;
        for row in [&mut self.before, &mut self.last, &mut self.now] {
            row.clear();
            row.resize(b.len() + 1, far);
        }
        for (column, cell) in self.last.iter_mut().enumerate().take(far) {
            *cell = column;
        }
        for (row, &from) in a.iter().enumerate() {
            let left = row.saturating_sub(limit);
            let right = (row + 1 + limit).min(b.len());
            self.now.fill(far);
            if row < limit {
                self.now[0] = row + 1;
            }
            let mut least = self.now[0];
            for column in left..right {
                let to = b[column];
                let replaced = self.last[column] + usize::from(from != to);
                let mut cell = replaced.min(self.last[column + 1] + 1).min(self.now[column] + 1);
                if row > 0 && column > 0 && from == b[column - 1] && a[row - 1] == to {
                    cell = cell.min(self.before[column - 1] + 1);
                }
                self.now[column + 1] = cell.min(far);
                least = least.min(cell);
            }
            // A later row cannot be better. A swap reaches back over one row, but it is never
            // better than the replacement beside it.
            if least > limit {
                return None;
            }
            mem::swap(&mut self.before, &mut self.last);
            mem::swap(&mut self.last, &mut self.now);
        }
        self.last.get(b.len()).copied().filter(|found| *found <= limit)
    }
}

#[cfg(test)]
mod tests;
