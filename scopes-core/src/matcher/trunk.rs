//! What most paths begin with.

use super::node::Node;
use super::{Spans, scan};
use crate::target::MAX_TARGET_LIMIT;

/// A literal and a parameter that many paths begin with, if there is such a beginning: read at once, for nothing else
/// decides where its segments lie. Printed by `scopes!`, not for hand-writing.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trunk {
    /// The literal between two slashes: its first and its last eight bytes.
    pub words: [u64; 2],
    /// Where the last eight begin; so far behind that no path is long enough if there is no trunk.
    pub last: u32,
    /// The node behind the parameter.
    pub node: Node,
}

impl Trunk {
    pub(crate) const NONE: Self = Self { words: [0; 2], last: MAX_TARGET_LIMIT as u32, node: Node::EMPTY };

    /// Where the parameter of a path that begins so ends, and what is kept of such a path so far.
    #[inline(always)]
    pub(super) fn end(&self, path: &[u8]) -> Option<(usize, Spans)> {
        let last = self.last as usize;
        let slash = last + 7;
        if path.len() <= MAX_TARGET_LIMIT
            && path.len() >= slash + scan::UUID
            && let Some(first) = path.first_chunk::<8>()
            && u64::from_le_bytes(*first) == self.words[0]
            && let Some(word) = path.get(last..last + 8).and_then(<[u8]>::first_chunk::<8>)
            && u64::from_le_bytes(*word) == self.words[1]
            && scan::is_uuid(path, slash)
        {
            // Bounded, so that sums need no check.
            let end = (slash + scan::UUID) & 0xffff;
            let mut spans = Spans::NONE;
            spans.put(slash);
            spans.put(end);
            return Some((end, spans));
        }
        None
    }

    /// Start and end of the parameter of a path that begins so.
    #[inline(never)]
    pub(crate) fn parameter(&self, path: &[u8]) -> Option<(usize, usize)> {
        self.end(path).map(|(end, _)| (end + 1 - scan::UUID, end))
    }
}
