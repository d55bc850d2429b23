//! A node of the automaton, in its layout in memory.

/// A link that leads nowhere.
pub(crate) const NO_NODE: u32 = u32::MAX;
/// A row that does not exist: the node accepts nothing.
pub(crate) const NO_ROW: u32 = u32::MAX;
/// The row of a node after a parameter, if some values of the parameter lead to other nodes because
/// of literal text beside it (affixes). The row then depends on the last segment, and the fast path
/// has not compared that segment with the affixes.
pub(crate) const DEFERRED_ROW: u32 = NO_ROW - 1;
/// The node has no affixes.
pub(crate) const NO_AFFIX: u16 = u16::MAX;

/// A literal and the node that it leads to, in one cache line. Printed by `scopes!`, not for
/// writing by hand.
///
/// Nodes are found by the hash of a literal or by their position. A slot that no literal hashes to
/// has an empty node.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Node {
    /// The first eight bytes of the literal and the slash after it.
    pub(crate) first: u64,
    /// The mask of the bytes of `first` that are compared.
    pub(crate) first_mask: u64,
    /// The next eight bytes of the literal and the slash after it.
    pub(crate) second: u64,
    /// The mask of the bytes of `second` that are compared.
    pub(crate) second_mask: u64,
    /// The multiplier of the hash of the literals that may follow.
    pub(crate) multiplier: u64,
    /// The first slot of the literals that may follow.
    pub(crate) slots: u32,
    /// The node for any other segment. If the node has affixes, this is [`NO_NODE`], or a node
    /// whose row is [`DEFERRED_ROW`].
    pub(crate) other: u32,
    /// The row of a path that ends here.
    pub(crate) accept: u32,
    /// The next literal of the same slot.
    pub(crate) chained: u32,
    /// The index of the node's rare fields.
    pub(crate) rare: u32,
    /// The literal's length, including the slash before it.
    pub(crate) length: u8,
    /// The right shift that turns the hash of a literal that may follow into its slot.
    pub(crate) shift: u8,
    pub(crate) flags: u8,
}

const _: () = assert!(size_of::<Node>() == 64);

/// Flag: the literal and the slash after it do not fit into sixteen bytes; the rare fields locate
/// the whole literal.
pub(crate) const LONG: u8 = 1;
/// Flag: if this literal does not match, another one of the slot may.
pub(crate) const MORE: u8 = 2;
/// Flag: not a literal, but a place where the matcher hashes the first sixteen bytes of the
/// segment, because the first few bytes do not distinguish the literals.
pub(crate) const DETOUR: u8 = 4;
/// Flag: neither a parameter, with or without literal text around it, nor `{*rest}` may follow.
pub(crate) const DEAD_END: u8 = 8;
/// Flag: a path may end here with a trailing slash.
pub(crate) const SLASHED: u8 = 16;
/// Flag: literals may follow.
pub(crate) const LITERALS: u8 = 32;
/// The fields that few nodes have: the row after a trailing slash, the first affix, and the start
/// and length of a long literal in the text pool.
pub(crate) type RareFields = [u32; 4];

/// The rare fields that most nodes share: no row after a slash, no affixes, no long literal.
pub(crate) const NO_RARE_FIELDS: RareFields = [NO_ROW, NO_AFFIX as u32, 0, 0];

impl Node {
    /// A slot without a literal. It matches a segment that begins with a zero byte, which no path
    /// may have: no node follows, and the path is refused because of that byte.
    pub const EMPTY: Self = Self {
        first: 0,
        first_mask: 0xff,
        second: 0,
        second_mask: 0,
        multiplier: 0,
        slots: 0,
        other: NO_NODE,
        accept: NO_ROW,
        chained: NO_NODE,
        rare: 0,
        length: 0,
        shift: 0,
        flags: DEAD_END,
    };

    /// Builds a node from the numbers of [`to_numbers`](Self::to_numbers), for the code that
    /// `scopes!` generates: arrays need the fewest tokens.
    #[must_use]
    pub const fn from_numbers(words: [u64; 5], links: [u32; 5], bytes: [u8; 3]) -> Self {
        let [first, first_mask, second, second_mask, multiplier] = words;
        let [slots, other, accept, chained, rare] = links;
        let [length, shift, flags] = bytes;
        Self {
            first,
            first_mask,
            second,
            second_mask,
            multiplier,
            slots,
            other,
            accept,
            chained,
            rare,
            length,
            shift,
            flags,
        }
    }

    /// All fields of the node in their order.
    #[must_use]
    pub const fn to_numbers(&self) -> ([u64; 5], [u32; 5], [u8; 3]) {
        (
            [self.first, self.first_mask, self.second, self.second_mask, self.multiplier],
            [self.slots, self.other, self.accept, self.chained, self.rare],
            [self.length, self.shift, self.flags],
        )
    }

    /// Whether these words begin with the literal and the slash after it.
    #[inline(always)]
    pub(super) const fn begins(&self, (first, second): (u64, u64)) -> bool {
        (first ^ self.first) & self.first_mask == 0 && (second ^ self.second) & self.second_mask == 0
    }

    /// The slot of a literal, from the product of its first word and the multiplier.
    #[inline(always)]
    pub(super) const fn slot(&self, product: u64) -> usize {
        (self.slots as usize).wrapping_add((product >> (self.shift & 63)) as usize)
    }

    #[inline(always)]
    pub(super) const fn length(&self) -> usize {
        self.length as usize
    }

    #[inline(always)]
    pub(super) const fn is(&self, flags: u8) -> bool {
        self.flags & flags != 0
    }
}

/// The hash of a segment's first sixteen bytes, zero-filled; compile time and run time must agree
/// on it.
#[inline(always)]
pub(crate) const fn segment_hash(first: u64, second: u64, multiplier: u64) -> u64 {
    (first ^ second.rotate_left(29)).wrapping_mul(multiplier)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_and_back(words: [u64; 5], links: [u32; 5], bytes: [u8; 3]) {
            prop_assert_eq!(Node::from_numbers(words, links, bytes).to_numbers(), (words, links, bytes));
        }
    }
}
