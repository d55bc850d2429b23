//! The macros of the [`scopes`](https://docs.rs/scopes) crate, which is what to depend on.
//!
//! `scopes!` goes `parse` (tokens to the language's own types, lenient) -> `lower` (to the core's
//! `Declaration`) -> `scopes_core::compile` (all rules, all tables) -> `expand` (prints).
//! `#[requires]` edits a function's tokens; its two helpers are called back by the hidden macro
//! that `scopes!` leaves beside a catalogue.
//!
//! With the environment variable `SCOPES_DEBUG=1` every expansion is printed to standard error.

#![deny(clippy::self_named_module_files)]

mod errors;
mod expand;
mod lower;
mod parse;
mod places;
mod requires;
mod scopes;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

/// `scopes! { .. }` after the facade has put `($crate)` in front.
#[doc(hidden)]
#[proc_macro]
pub fn scopes_inner(input: TokenStream) -> TokenStream {
    shown("scopes!", scopes::expand(input.into()))
}

/// The guard of a handler; documented where it is re-exported, on `scopes::requires`.
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

/// The tie between a function and its route; called by a catalogue's hidden macro.
#[doc(hidden)]
#[proc_macro]
pub fn requires_route(input: TokenStream) -> TokenStream {
    shown("requires_route!", requires::requires_route(input.into()))
}

/// The array of numbers that a text literal holds: one of a catalogue's tables.
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
