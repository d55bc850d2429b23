//! The literal and the parameter that most paths begin with.

use super::node::Node;
use super::{MAX_PATH, SegmentEnds, Start, scan};

/// A literal and a parameter that many paths begin with, such as `/environments/{id}`, if the
/// catalogue has such a beginning.
///
/// The matcher compares it in one step, without a scan for the ends of segments. Printed by
/// `scopes!`, not for writing by hand.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommonPrefix {
    /// The literal between two slashes: its first and its last eight bytes.
    pub words: [u64; 2],
    /// The position of the last eight bytes. Without a common prefix this is greater than any
    /// path's length.
    pub last: u32,
    /// The node that the literal leads to, and the node that the parameter leads to.
    pub nodes: [Node; 2],
}

impl CommonPrefix {
    pub(crate) const NONE: Self = Self { words: [0; 2], last: MAX_PATH as u32, nodes: [Node::EMPTY; 2] };

    /// The start of the walk for a path that begins with the literal: after the parameter if that
    /// is a UUID, else before it.
    #[inline(always)]
    pub(super) fn start(&self, path: &[u8]) -> Option<Start<'_>> {
        let (last, slash) = (self.last as usize, self.last as usize + 7);
        if path.len() <= MAX_PATH
            && let Some(word) = path.get(last..last + 8).and_then(<[u8]>::first_chunk::<8>)
            && u64::from_le_bytes(*word) == self.words[1]
            && let Some(first) = path.first_chunk::<8>()
            && u64::from_le_bytes(*first) == self.words[0]
        {
            let [literal, parameter] = &self.nodes;
            // Limited to 16 bits, so that sums need no overflow check.
            let end = (slash + scan::UUID) & 0xffff;
            let mut ends = SegmentEnds::NONE;
            ends.put(slash);
            if !scan::is_uuid(path, slash) {
                return Some(Start { node: literal, at: slash, ends });
            }
            ends.put(end);
            return Some(Start { node: parameter, at: end, ends });
        }
        None
    }

    /// Start and end of the parameter, if the path begins with the literal and a UUID.
    #[inline(never)]
    pub(crate) fn parameter(&self, path: &[u8]) -> Option<(usize, usize)> {
        let (slash, end) = (self.last as usize + 7, self.start(path)?.at);
        (end != slash).then_some((slash + 1, end))
    }
}
