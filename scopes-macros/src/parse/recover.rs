//! Continues after a mistake.

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::ParseStream;
use syn::{Ident, LitStr, Token, ext::IdentExt as _, token};

use crate::errors::Errors;
use crate::places::Extent;

/// Skips the rest of an item, including its `;` or its `{..}`.
pub(super) fn skip_item(input: ParseStream<'_>) {
    loop {
        let last = input.peek(Token![;]) || input.peek(token::Brace);
        if input.parse::<TokenTree>().is_err() || last {
            return;
        }
    }
}

/// Skips the rest of an item up to its `;`, which stays.
pub(super) fn skip_item_but_its_end(input: ParseStream<'_>) {
    while !input.peek(Token![;]) && input.parse::<TokenTree>().is_ok() {}
}

/// Skips the rest of the input.
pub(super) fn skip_all(input: ParseStream<'_>) {
    // A stream always parses.
    let _: syn::Result<TokenStream> = input.parse();
}

/// An error at the next token; at the end of a group, at the closing delimiter.
pub(super) fn expected(input: ParseStream<'_>, message: impl std::fmt::Display) -> syn::Error {
    syn::Error::new(input.span(), message)
}

/// Reads the `;` after `written`. If it is missing and the next item seems to follow, nothing is
/// skipped.
pub(super) fn end_of_item(input: ParseStream<'_>, written: Extent, what: &str, errors: &mut Errors) {
    if input.peek(Token![;]) {
        // The `;` was seen above.
        let _: syn::Result<Token![;]> = input.parse();
        return;
    }
    let ahead = input.fork();
    if ahead.call(syn::Attribute::parse_outer).is_ok_and(|attributes| !attributes.is_empty())
        && (ahead.is_empty() || ahead.peek(Token![;]))
    {
        errors.at(input.span(), format_args!("an attribute stands before what it belongs to: move it before {what}"));
        return skip_item(input);
    }
    errors.at(written, format_args!("expected `;` after {what}"));
    if input.peek(Token![,]) {
        let _: syn::Result<Token![,]> = input.parse();
    } else if !begins_item(input) {
        skip_item(input);
    }
}

/// Reports and skips the mark in `};` and `},`.
pub(super) fn no_semicolon(input: ParseStream<'_>, errors: &mut Errors) {
    for mark in [";", ","] {
        if input.peek(Token![;]) && mark == ";" || input.peek(Token![,]) && mark == "," {
            errors.at(input.span(), format_args!("no `{mark}` stands after `}}`"));
            // The mark was seen above.
            let _: syn::Result<TokenTree> = input.parse();
        }
    }
}

/// Whether the next tokens can begin an item: an attribute, a quoted name, or a name or method with
/// what may follow it.
fn begins_item(input: ParseStream<'_>) -> bool {
    if input.peek(Token![#]) || input.peek(LitStr) {
        return true;
    }
    let ahead = input.fork();
    ahead.call(Ident::parse_any).is_ok_and(|word| {
        word != "as"
            && word != "includes"
            && (ahead.peek(Token![.])
                || ahead.peek(Token![;])
                || ahead.peek(token::Brace)
                || ahead.peek(token::Paren)
                || ahead.peek(LitStr)
                || ahead.peek(Ident::peek_any))
    })
}
