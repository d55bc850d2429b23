//! The fuzz targets: one entry function for each parser, compiler and builder, each with its own
//! oracle.
//!
//! An entry takes any bytes and panics if a property does not hold. `fuzz/` at the root of the
//! project gives them to libFuzzer; `tests/bounded.rs` runs them on seeded inputs within the
//! ordinary tests.

#![allow(
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a panic is how an entry says that a property does not hold"
)]

mod block_text;
mod catalogue_json;
mod challenge;
mod claims;
mod compiler;
mod credentials;
mod dsl;
mod generate;
mod headers;
mod hostile;
mod matcher;
mod model;
mod notation;
mod openapi;
mod openapi_merge;
mod random;
mod reached;
mod reference;
mod requirement;
mod route_grammar;
mod scope_list;
mod token;
mod usage;

/// The direct implementation of the rules. The core's own tests compare with it, too.
#[path = "../../../scopes-core/src/oracle.rs"]
mod oracle;

/// The builders of header values, because public functions do not pass arbitrary text to them.
#[path = "../../../src/denial/challenge.rs"]
#[allow(dead_code, reason = "the crate `scopes` uses all of it")]
mod challenge_source;

// The macros as plain code, because a crate of procedural macros cannot export functions.
#[path = "../../../scopes-macros/src/scopes.rs"]
mod block;
#[path = "../../../scopes-macros/src/errors.rs"]
mod errors;
#[path = "../../../scopes-macros/src/expand/mod.rs"]
mod expand;
#[path = "../../../scopes-macros/src/lower.rs"]
mod lower;
#[path = "../../../scopes-macros/src/parse/mod.rs"]
mod parse;
#[path = "../../../scopes-macros/src/places.rs"]
mod places;
#[path = "../../../scopes-macros/src/requires/mod.rs"]
mod requires;

pub use random::Random;
pub use reached::{Reached, reached};

/// A fuzz target.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The name of the target, and of the folder of its seeds.
    pub name: &'static str,
    /// Panics if a property does not hold for these bytes.
    pub run: fn(&[u8]),
    /// Makes an input that passes the first checks.
    pub generate: fn(&mut Random) -> Vec<u8>,
    /// The number of inputs of the bounded run.
    pub inputs: usize,
    /// The states that the bounded run must reach, and how often at least.
    pub reaches: &'static [(&'static str, usize)],
}

macro_rules! entries {
    ($($(#[$documentation:meta])* $name:ident $inputs:literal { $($reached:literal: $times:literal),* $(,)? })*) => {
        $($(#[$documentation])* pub fn $name(data: &[u8]) {
            crate::$name::check(data);
        })*

        /// All fuzz targets.
        pub const ENTRIES: &[Entry] = &[$(Entry {
            name: stringify!($name),
            run: $name,
            generate: generate::$name,
            inputs: $inputs,
            reaches: &[$(($reached, $times)),*],
        }),*];
    };
}

entries! {
    /// The grammar accepts a path exactly if a direct implementation of it does. An accepted
    /// template prints and matches itself.
    route_grammar 30_000 {
        "taken": 3000, "refused": 3000, "parameter within text": 200, "rest": 200, "trailing slash": 200,
        "the most there may be": 100,
    }

    /// The compiler accepts or refuses a declaration and never panics. Its tables say what the
    /// declaration says.
    compiler 1_800 { "sound": 500, "refused": 500, "JSON": 300, "allowed": 300, "403 scope": 300, "403 tenant": 50, "no tenant": 8, "405": 100, "renamed": 200, "retired": 100 }

    /// The matcher finds the same route, parameters and refusal for a raw target as trying all
    /// routes does.
    matcher 4_000 {
        "route": 2000, "malformed": 1500, "not found": 1000, "not allowed": 500, "too long": 50, "raw parameter": 50,
        "backtracked": 100, "absolute form": 100, "trie": 5,
    }

    /// `WWW-Authenticate`, `Allow` and `Accepted-Scopes` are well-formed for every text.
    challenge 20_000 { "realm kept": 1000, "realm filtered": 1000, "scopes": 1000, "allow": 1000, "no header": 200 }

    /// Every denial is a well-formed answer that does not disclose more than it may.
    headers 8_000 {
        "200": 300, "400": 300, "401": 300, "403 scope": 300, "403 other": 50, "404": 300, "405": 100, "414": 50,
        "500": 50, "503": 50, "realm refused": 300, "other headers": 300, "a word of the target": 300,
    }

    /// A direct implementation of the grammar reads the credentials of a request in the same way.
    credentials 30_000 { "absent": 2000, "other scheme": 2000, "malformed": 2000, "token": 2000, "cookie": 1000, "header": 1000, "password": 200 }

    /// Scopes from strings and JSON: strict, lossy, and written and read again.
    scope_list 20_000 { "strict": 2000, "unknown": 2000, "several": 500, "JSON array": 500, "JSON string": 100, "renamed": 500 }

    /// Scopes from claims: only the names in the requested claims.
    claims 20_000 { "granted": 1000, "unknown": 500, "wrong shape": 500, "no claim": 500 }

    /// Tokens: prefix, length, alphabet, checksum. A changed character is detected.
    token 15_000 { "taken": 1000, "prefix": 1000, "length": 1000, "alphabet": 500, "checksum": 500, "digest": 200 }

    /// A catalogue from any JSON: an error or a catalogue, never a panic. It is written and read
    /// again, and the comparison finds no difference to what was read.
    catalogue_json 8_000 { "catalogue": 600, "compared": 600, "syntax": 1000, "content": 50, "refused": 500 }

    /// A catalogue from any OpenAPI document: an error or a catalogue, never a panic. The catalogue
    /// allows nothing that the document does not allow. Its `scopes!` block, parsed again, declares
    /// the same catalogue.
    openapi 2_000 {
        "catalogue": 1000, "route": 1000, "left out": 1000, "inexact": 200, "note": 500, "refused": 500, "compared": 300,
        "block": 1000,
    }

    /// A catalogue merged into any text: an error, or the text with insertions that read as the
    /// same document but for what the catalogue demands. A second merge changes nothing.
    openapi_merge 1_500 {
        "merged": 500, "inserted": 200, "JSON": 300, "YAML": 100, "written": 100, "conflict": 50, "not guaranteed": 100,
        "syntax": 300, "no document": 100,
    }

    /// Lines of recorders and of access logs. Evidence adds up in any order, and what is proposed
    /// opens what was used.
    usage 4_000 { "recorder": 1000, "client": 500, "unreadable": 1000, "version": 10, "common": 300, "json": 300, "plain": 300 }

    /// Requirements and sets against truth tables.
    requirement 10_000 { "canonical": 2000, "too many": 10, "empty": 200, "implies": 100, "closure": 1000 }

    /// The macros on any tokens: an expansion that parses or errors, never a panic.
    dsl 2_500 { "expanded": 150, "errors": 600, "no tokens": 100, "function": 100, "function refused": 100 }
}
