//! The macros of the [`scopes`](https://docs.rs/scopes) crate. Depend on that crate, not on this
//! one.
//!
//! `scopes!` runs `parse` (tokens to the language's own types, lenient) -> `lower` (to the core's
//! `Declaration`) -> `scopes_core::compile` (all rules, all tables) -> `expand` (prints).
//! `#[requires]` edits a function's tokens. The hidden macro that `scopes!` generates beside a
//! catalogue calls its two helpers back.
//!
//! With the environment variable `SCOPES_DEBUG=1`, the macros print every expansion to standard
//! error.

#![deny(clippy::self_named_module_files)]

mod errors;
mod expand;
mod locked;
mod lower;
mod parse;
mod places;
mod requires;
mod scopes;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

/// The macro `scopes!`; the facade has put `($crate)` before the block.
#[doc(hidden)]
#[proc_macro]
pub fn scopes_inner(input: TokenStream) -> TokenStream {
    shown("scopes!", scopes::expand(input.into()))
}

/// The guard of a handler. Documented at its re-export, `scopes::requires`.
#[proc_macro_attribute]
pub fn requires(arguments: TokenStream, item: TokenStream) -> TokenStream {
    shown("#[requires]", requires::attribute(arguments.into(), item.into()))
}

/// The type of one name in `#[requires]`; called by a catalogue's hidden macro.
#[doc(hidden)]
#[proc_macro]
pub fn requires_type(input: TokenStream) -> TokenStream {
    shown("requires_type!", requires::requires_type(input.into()))
}

/// The check that a function and its route have the same demand; called by a catalogue's hidden
/// macro.
#[doc(hidden)]
#[proc_macro]
pub fn requires_route(input: TokenStream) -> TokenStream {
    shown("requires_route!", requires::requires_route(input.into()))
}

/// The comparison of a catalogue with the lock file of its name; the facade has put `($crate)`
/// before the file.
#[doc(hidden)]
#[proc_macro]
pub fn assert_locked_file(input: TokenStream) -> TokenStream {
    shown("assert_locked!", locked::expand(input.into()))
}

/// The array of numbers in a text literal: one of a catalogue's tables.
#[doc(hidden)]
#[proc_macro]
pub fn table(input: TokenStream) -> TokenStream {
    expand::table(&input.into()).into()
}

fn shown(what: &str, tokens: proc_macro2::TokenStream) -> TokenStream {
    if std::env::var_os("SCOPES_DEBUG").is_some_and(|value| value == "1") {
        eprintln!("// expansion of `{what}`\n{tokens}");
    }
    tokens.into()
}
