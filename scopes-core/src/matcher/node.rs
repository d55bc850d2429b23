//! A node of the automaton as it lies in memory.

/// A link that leads nowhere.
pub(crate) const NO_NODE: u32 = u32::MAX;
/// A row that does not exist: the node accepts nothing.
pub(crate) const NO_ROW: u32 = u32::MAX;
/// The node has no affixes.
pub(crate) const NO_AFFIX: u16 = u16::MAX;

/// A literal and the node that it leads to, in one cache line; printed by `scopes!`, not for hand-writing.
///
/// Nodes are found by the hash of a literal or by their position; a slot that no literal hashes to is there, but empty.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Node {
    /// The literal's first eight bytes, which of these it has, its last eight if it is longer; then the multiplier of the
    /// hash of the literals that may follow.
    pub words: [u64; 4],
    /// The first slot of the literals that may follow; node for any other segment, unless there are affixes; accepting
    /// row, row after a trailing slash; the literal's place in the text pool; next literal of the same hash.
    pub links: [u32; 6],
    /// The literal's length with the slash before it; first affix.
    pub sizes: [u16; 2],
    /// Shift of the hash (0: no literal follows); whether this is a detour: no literal, but a place where the first sixteen
    /// bytes of the segment are hashed because its first few were not enough; how many segments lie before, or
    /// [`NO_SPAN`](super::NO_SPAN) where no parameter may follow.
    pub bytes: [u8; 3],
}

impl Node {
    /// A slot without a literal: longer than any path.
    pub const EMPTY: Self = Self {
        words: [0, u64::MAX, 0, 0],
        links: [0, NO_NODE, NO_ROW, NO_ROW, 0, NO_NODE],
        sizes: [u16::MAX, NO_AFFIX],
        bytes: [0, 0, super::NO_SPAN],
    };

    pub(super) const fn first(&self) -> u64 {
        self.words[0]
    }
    pub(super) const fn mask(&self) -> u64 {
        self.words[1]
    }
    pub(super) const fn last(&self) -> u64 {
        self.words[2]
    }
    pub(super) const fn multiplier(&self) -> u64 {
        self.words[3]
    }
    /// The slot of a literal of this product.
    #[inline(always)]
    pub(super) const fn slot(&self, product: u64) -> usize {
        (self.links[0] as usize).wrapping_add((product >> (self.bytes[0] & 63)) as usize)
    }
    pub(super) const fn other(&self) -> u32 {
        self.links[1]
    }
    pub(super) const fn accept(&self) -> u32 {
        self.links[2]
    }
    pub(super) const fn accept_slash(&self) -> u32 {
        self.links[3]
    }
    pub(super) const fn text(&self) -> u32 {
        self.links[4]
    }
    pub(super) const fn next(&self) -> u32 {
        self.links[5]
    }
    pub(super) const fn length(&self) -> usize {
        self.sizes[0] as usize
    }
    pub(super) const fn affix(&self) -> u16 {
        self.sizes[1]
    }
    pub(super) const fn shift(&self) -> u32 {
        self.bytes[0] as u32
    }
    pub(super) const fn is_detour(&self) -> bool {
        self.bytes[1] != 0
    }
    pub(super) const fn depth(&self) -> u8 {
        self.bytes[2]
    }
}

/// A literal and a parameter that many paths begin with, if there is such a beginning: read at once, for nothing else
/// decides where its segments lie. Printed by `scopes!`, not for hand-writing.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trunk {
    /// The literal's first eight bytes, which of these it has, its last eight.
    pub words: [u64; 3],
    /// The literal's length with the slash before it (0: there is no trunk), the node behind the parameter.
    pub numbers: [u32; 2],
}

impl Trunk {
    pub(crate) const NONE: Self = Self { words: [0; 3], numbers: [0; 2] };

    pub(super) const fn length(&self) -> usize {
        self.numbers[0] as usize
    }
    pub(super) const fn node(&self) -> u32 {
        self.numbers[1]
    }
}

/// The hash of a segment's first sixteen bytes, zero-filled; compile time and run time must agree on it.
#[inline(always)]
pub(crate) const fn segment_hash(first: u64, second: u64, multiplier: u64) -> u64 {
    (first ^ second.rotate_left(29)).wrapping_mul(multiplier)
}
