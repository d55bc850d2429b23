//! How much fits the tables. What does not fit is an error, never cut off.

/// The most scopes and the most routes that 16-bit ids can tell apart.
pub(super) const MAX_ENTRIES: usize = u16::MAX as usize - 1;

/// The most methods that a [`MethodSet`](crate::MethodSet) holds.
pub(super) const MAX_METHODS: usize = 64;

/// The most alternatives of one route, and the most scopes of one `all(..)`. Whatever the routes
/// demand, a 32-bit offset then reaches it: `MAX_ENTRIES` routes come to less than 2^32 numbers.
pub(super) const MAX_ALTERNATIVES: usize = 255;

/// The most members of all scopes with `includes` together. There can be one for each pair of
/// scopes, which few tables could hold.
pub(super) const MAX_MEMBERS: usize = 1 << 22;

/// The most bytes of text that 32-bit positions reach.
pub(super) const MAX_TEXT: usize = u32::MAX as usize;

const _: () = assert!(
    (MAX_ENTRIES as u64) * (1 + MAX_ALTERNATIVES as u64 * (1 + MAX_ALTERNATIVES as u64)) + MAX_MEMBERS as u64
        <= u32::MAX as u64
);
