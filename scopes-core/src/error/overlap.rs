//! Routes that cross: an error in a strict catalogue, else worth knowing.

use alloc::string::String;

/// Two routes of one method that match one path although neither's paths contain the other's, with
/// different requirements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    pub(crate) method: String,
    pub(crate) winner: String,
    pub(crate) loser: String,
    pub(crate) witness: String,
}

impl Overlap {
    /// The method of both routes.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The template of the route that answers the witness, with the base.
    #[must_use]
    pub fn winner(&self) -> &str {
        &self.winner
    }

    /// The template of the other route, with the base.
    #[must_use]
    pub fn loser(&self) -> &str {
        &self.loser
    }

    /// A path that both routes match.
    #[must_use]
    pub fn witness(&self) -> &str {
        &self.witness
    }
}
