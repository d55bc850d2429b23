//! How many entries fit the tables. The compiler reports an error beyond a limit and never
//! truncates.

/// The greatest number of scopes, and of routes, that 16-bit ids can tell apart.
pub(super) const MAX_ENTRIES: usize = u16::MAX as usize - 1;

/// The greatest number of methods that a [`MethodSet`](crate::MethodSet) holds.
pub(super) const MAX_METHODS: usize = 64;

/// The greatest number of alternatives of one route, and of scopes of one `all(..)`. With this
/// limit a 32-bit offset reaches every requirement: the requirements of `MAX_ENTRIES` routes have
/// less than 2^32 numbers together.
pub(super) const MAX_ALTERNATIVES: usize = 255;

/// The greatest number of members of all scopes with `includes` together. Without this limit there
/// could be one member for each pair of scopes, which is too much memory.
pub(super) const MAX_MEMBERS: usize = 1 << 22;

/// The greatest number of bytes of text that a 32-bit position can address.
pub(super) const MAX_TEXT: usize = u32::MAX as usize;

const _: () = assert!(
    (MAX_ENTRIES as u64) * (1 + MAX_ALTERNATIVES as u64 * (1 + MAX_ALTERNATIVES as u64)) + MAX_MEMBERS as u64
        <= u32::MAX as u64
);
