//! What a set of scopes costs.

/// What a set of scopes costs. A set is better if it has fewer deprecated scopes; among these, if
/// it opens fewer routes that were not used; among these, if it has fewer scopes, included ones
/// counted; among these, if fewer of them are new to the client.
///
/// So a scope that includes others, or that opens much, is proposed only if nothing less suffices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cost {
    pub(super) deprecated: u64,
    pub(super) unused_routes: u64,
    pub(super) scopes: u64,
    pub(super) added: u64,
}

impl Cost {
    /// The number of deprecated scopes.
    #[must_use]
    pub const fn deprecated(self) -> u64 {
        self.deprecated
    }

    /// The number of routes that the set opens without need.
    #[must_use]
    pub const fn unused_routes(self) -> u64 {
        self.unused_routes
    }

    /// The number of scopes, with those that they include.
    #[must_use]
    pub const fn scopes(self) -> u64 {
        self.scopes
    }

    /// The number of scopes that the client does not hold. 0 if it is not known what it holds.
    #[must_use]
    pub const fn added(self) -> u64 {
        self.added
    }

    pub(super) fn plus(self, other: Self) -> Self {
        Self {
            deprecated: self.deprecated + other.deprecated,
            unused_routes: self.unused_routes + other.unused_routes,
            scopes: self.scopes + other.scopes,
            added: self.added + other.added,
        }
    }
}
