//! The text between the two runs of `#[requires]`. Only this module writes and reads it.
//!
//! | what | written by | read by | module |
//! |---|---|---|---|
//! | the names of a catalogue | `scopes!` | both answers | [`names`] |
//! | the routes of a catalogue | `scopes!` | the answer about a route | [`routes`] |
//! | the question about a name or a route | the first run | the answers | [`question`] |
//!
//! Names and routes are string literals, because rustc handles them at far less cost than tokens. A
//! question consists of tokens, because each token keeps its span, so that an error can point at
//! it.

pub(crate) mod names;
pub(super) mod question;
pub(crate) mod routes;

use std::fmt::{Display, Write as _};

/// The end of a line inside a string literal, before its escapes are resolved.
const LINE_IN_LITERAL: &str = "\\n";

/// The characters that end a word inside a string literal.
const ENDS_OF_WORD: [char; 3] = [' ', '\\', '"'];

/// Writes alternatives, `a,c;b`: `;` is "or", `,` is "and".
pub(in crate::requires) fn write_alternatives<T: Display>(
    text: &mut String,
    alternatives: impl IntoIterator<Item: IntoIterator<Item = T>>,
) {
    for (index, term) in alternatives.into_iter().enumerate() {
        if index > 0 {
            text.push(';');
        }
        for (index, scope) in term.into_iter().enumerate() {
            let _ = write!(text, "{}{scope}", if index > 0 { "," } else { "" });
        }
    }
}

/// Reads alternatives. `None` if one of their scopes has no value.
pub(in crate::requires) fn read_alternatives<T>(text: &str, scope: impl Fn(&str) -> Option<T>) -> Option<Vec<Vec<T>>> {
    text.split(';').map(|term| term.split(',').map(&scope).collect()).collect()
}

#[cfg(test)]
mod tests;
