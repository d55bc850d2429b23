//! The second run: a catalogue's hidden macro has put its tables before the questions of the first
//! run.
//!
//! | question | module |
//! |---|---|
//! | the type of a scope's name | [`names`] |
//! | whether a handler demands what its routes demand | [`routes`] |
//! | both, if the literal of a table has the answer | [`fast`] |

mod fast;
mod framework_path;
pub(super) mod names;
pub(super) mod routes;

use proc_macro2::{Span, TokenStream};

use crate::errors::compile_error;

/// How many names a message lists at most.
const LISTED: usize = 12;

/// The error if the call does not come from `#[requires]`.
fn not_called_by_requires() -> TokenStream {
    compile_error(Span::call_site(), "this macro is called by `#[requires]` only")
}

/// Writes the names as a list: `` `a`, `b`, .. ``.
fn listed(names: &[String]) -> String {
    let mut list: Vec<String> = names.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
    if names.len() > LISTED {
        list.push("..".to_owned());
    }
    list.join(", ")
}
