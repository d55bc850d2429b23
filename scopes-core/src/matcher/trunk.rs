//! What most paths begin with.

use super::node::Node;
use super::{MAX_PATH, Spans, Start, scan};

/// A literal and a parameter that many paths begin with, if there is such a beginning: read at once, for nothing else
/// decides where its segments lie. Printed by `scopes!`, not for hand-writing.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trunk {
    /// The literal between two slashes: its first and its last eight bytes.
    pub words: [u64; 2],
    /// Where the last eight begin; so far behind that no path is long enough if there is no trunk.
    pub last: u32,
    /// The nodes behind the literal and behind the parameter.
    pub nodes: [Node; 2],
}

impl Trunk {
    pub(crate) const NONE: Self = Self { words: [0; 2], last: MAX_PATH as u32, nodes: [Node::EMPTY; 2] };

    /// Where the walk of a path that begins with the literal goes on: behind the parameter if that is a UUID, else before it.
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
            // Bounded, so that sums need no check.
            let end = (slash + scan::UUID) & 0xffff;
            let mut spans = Spans::NONE;
            spans.put(slash);
            if !scan::is_uuid(path, slash) {
                return Some(Start { node: literal, at: slash, spans });
            }
            spans.put(end);
            return Some(Start { node: parameter, at: end, spans });
        }
        None
    }

    /// Start and end of the parameter of a path that begins so.
    #[inline(never)]
    pub(crate) fn parameter(&self, path: &[u8]) -> Option<(usize, usize)> {
        let (slash, end) = (self.last as usize + 7, self.start(path)?.at);
        (end != slash).then_some((slash + 1, end))
    }
}
