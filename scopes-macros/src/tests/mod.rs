//! Tests of `scopes!` on tokens, without a compiler: its messages and its output.

mod expansion;
mod foreign;
mod foreign_texts;
mod grammar;
mod mistakes;

use proc_macro2::{TokenStream, TokenTree};

use crate::errors::Errors;
use crate::parse::CatalogueInput;
use crate::scopes;

/// The expansion of a block, as if called through the facade.
fn expand(block: &str) -> TokenStream {
    scopes::expand(tokens(block))
}

/// The parsed block, and the syntax errors.
fn parse(block: &str) -> (Option<CatalogueInput>, Vec<String>) {
    let (input, errors) = Errors::gather(|errors| CatalogueInput::parse(tokens(block), errors));
    (input, messages(errors))
}

fn tokens(block: &str) -> TokenStream {
    format!("(::scopes) {block}").parse().unwrap()
}

/// The texts of all `compile_error!`s, in order.
fn messages(tokens: TokenStream) -> Vec<String> {
    let mut messages = Vec::new();
    let mut after_error = false;
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => after_error = ident == "compile_error",
            TokenTree::Group(group) if after_error => {
                messages.push(syn::parse2::<syn::LitStr>(group.stream()).unwrap().value());
                after_error = false;
            }
            TokenTree::Group(group) => messages.extend(self::messages(group.stream())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    messages
}
