//! How many entries fit the tables. The compiler reports an error beyond a limit and never
//! truncates.

/// The most scopes and the most routes that 16-bit ids can tell apart.
pub(super) const MAX_ENTRIES: usize = u16::MAX as usize - 1;

/// The most methods that a [`MethodSet`](crate::MethodSet) holds.
pub(super) const MAX_METHODS: usize = 64;

/// The most alternatives of one route, and the most scopes of one `all(..)`. With this limit a
/// 32-bit offset reaches every requirement: those of `MAX_ENTRIES` routes come to less than 2^32
/// numbers.
pub(super) const MAX_ALTERNATIVES: usize = 255;

/// The most members of all scopes with `includes` together. Without this limit there could be one
/// member for each pair of scopes, which is too much memory.
pub(super) const MAX_MEMBERS: usize = 1 << 22;

/// The most bytes of text that a 32-bit position can address.
pub(super) const MAX_TEXT: usize = u32::MAX as usize;

const _: () = assert!(
    (MAX_ENTRIES as u64) * (1 + MAX_ALTERNATIVES as u64 * (1 + MAX_ALTERNATIVES as u64)) + MAX_MEMBERS as u64
        <= u32::MAX as u64
);
