//! The cases of the suite.

pub(crate) mod import;
pub(crate) mod issue;
pub(crate) mod lifetimes;
pub(crate) mod owners;
pub(crate) mod revocation;
pub(crate) mod rotation;
pub(crate) mod schema;
pub(crate) mod transactions;
pub(crate) mod verifier;
