//! The lock file: the catalogue that was reviewed last, and what was accepted.
//!
//! A lock file is a catalogue's JSON ([`json`](crate::json)) with two more members:
//!
//! - `removed` has the scopes that are not declared any more. Tokens may still hold their names, so
//!   a name cannot come back with another meaning.
//! - `accepted` has the findings of [`diff`](crate::diff) that were accepted, with the reason and,
//!   optionally, the first day on which the acceptance no longer holds.
//!
//! [`assert_locked`] is for a test, and only reads the file. `scopes lock` calls [`Lock::updated`].

mod assert;
mod check;
mod contents;
mod meaning;
mod update;

pub use assert::{assert_locked, today};
pub use check::Problem;
pub use contents::{Accepted, Lock, LockError};
pub use update::{Accept, Refused};
