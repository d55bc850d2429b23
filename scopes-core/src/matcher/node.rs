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
    /// The literal's first eight bytes and the slash behind it, and which of these it has; the eight bytes behind them, and
    /// which of these it has; then the multiplier of the hash of the literals that may follow.
    pub words: [u64; 5],
    /// The first slot of the literals that may follow; node for any other segment, unless there are affixes; accepting
    /// row; next literal of the same hash; the node's rare.
    pub links: [u32; 5],
    /// The literal's length with the slash before it; shift of the hash; flags.
    pub bytes: [u8; 3],
}

/// Flag: the literal does not fit into sixteen bytes with the slash behind it; the rare knows the rest.
pub(crate) const LONG: u8 = 1;
/// Flag: where this literal does not fit, another may.
pub(crate) const MORE: u8 = 2;
/// Flag: no literal, but a place where the first sixteen bytes of the segment are hashed because its first few were not enough.
pub(crate) const DETOUR: u8 = 4;
/// Flag: no parameter may follow, with literal text around it or without, and no `{*rest}`.
pub(crate) const DEAD_END: u8 = 8;
/// Flag: a path may end here with a slash.
pub(crate) const SLASHED: u8 = 16;
/// Flag: literals may follow.
pub(crate) const LITERALS: u8 = 32;

/// What is seldom asked of a node: the row after a trailing slash, the first affix, place and length of a long literal in the
/// text pool.
pub(crate) type RareFields = [u32; 4];

/// Of most nodes.
pub(crate) const NO_RARE_FIELDS: RareFields = [NO_ROW, NO_AFFIX as u32, 0, 0];

impl Node {
    /// A slot without a literal. It takes what begins with a zero byte, which nothing may; nothing leads on from there, and the
    /// path is refused for that byte.
    pub const EMPTY: Self =
        Self { words: [0, 0xff, 0, 0, 0], links: [0, NO_NODE, NO_ROW, NO_NODE, 0], bytes: [0, 0, DEAD_END] };

    /// Whether the literal is what begins with these words.
    #[inline(always)]
    pub(super) const fn begins(&self, (first, second): (u64, u64)) -> bool {
        (first ^ self.words[0]) & self.words[1] == 0 && (second ^ self.words[2]) & self.words[3] == 0
    }
    pub(super) const fn multiplier(&self) -> u64 {
        self.words[4]
    }
    /// The slot of a literal of this product.
    #[inline(always)]
    pub(super) const fn slot(&self, product: u64) -> usize {
        (self.links[0] as usize).wrapping_add((product >> (self.bytes[1] & 63)) as usize)
    }
    pub(super) const fn other(&self) -> u32 {
        self.links[1]
    }
    pub(super) const fn accept(&self) -> u32 {
        self.links[2]
    }
    pub(super) const fn next(&self) -> u32 {
        self.links[3]
    }
    pub(super) const fn rare(&self) -> u32 {
        self.links[4]
    }
    pub(super) const fn length(&self) -> usize {
        self.bytes[0] as usize
    }
    #[inline(always)]
    pub(super) const fn is(&self, flags: u8) -> bool {
        self.bytes[2] & flags != 0
    }
}

/// The hash of a segment's first sixteen bytes, zero-filled; compile time and run time must agree on it.
#[inline(always)]
pub(crate) const fn segment_hash(first: u64, second: u64, multiplier: u64) -> u64 {
    (first ^ second.rotate_left(29)).wrapping_mul(multiplier)
}
