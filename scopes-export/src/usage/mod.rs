//! Which scopes a token needs for what it does.
//!
//! The evidence comes from the recorder of the crate `scopes` (its feature `usage`), or from access
//! logs, which tell less: they have no scopes, often no token, and only the status of the answer.
//!
//! | item | gives |
//! |---|---|
//! | [`Evidence`] | what each client has done, from the recorder's lines or request by request |
//! | [`LogFormat`] | the requests of access logs |
//! | [`minimum`] | the least set of scopes that opens what was used, with a proof |
//! | [`Unused`] | the scopes and routes that the evidence does not show in use |
//! | [`SCHEMA`] | the JSON Schema of the recorder's lines |
//!
//! Nothing here changes a token. The commands `scopes minimal` and `scopes unused` of the crate
//! `scopes-cli` show what this module finds.

mod bits;
mod client;
mod evidence;
mod least;
mod logs;
mod recorded;
mod times;
mod unique;
mod unused;

pub use client::{Client, Outcome, Usage};
pub use evidence::{Evidence, EvidenceError};
pub use least::{Cost, Minimum, Tie, minimum, minimum_in};
pub use logs::{LONGEST_LINE, LogFormat, LogRequest, Members};
pub use unused::Unused;

/// The JSON Schema of the lines that a recorder writes.
///
/// ```
/// assert!(scopes_export::usage::SCHEMA.contains("\"dropped\""));
/// ```
pub const SCHEMA: &str = include_str!("usage.schema.json");
