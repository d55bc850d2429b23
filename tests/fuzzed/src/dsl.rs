//! The macros on any tokens.

use proc_macro2::{TokenStream, TokenTree};

use scopes_core::CatalogueErrorKind;
use scopes_core::compile::compile;

use crate::errors::Errors;
use crate::parse::CatalogueInput;
use crate::places::Places;
use crate::reached::reach;
use crate::{block, expand, lower, requires};

/// The arguments of `#[requires]` and the function below it are separated by a line of three
/// dashes.
pub(crate) fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data.get(..4096).unwrap_or(data));
    match text.split_once("\n---\n") {
        Some((arguments, item)) => function(arguments, item),
        None => catalogue(&text),
    }
}

fn catalogue(text: &str) {
    let Ok(tokens) = format!("(::scopes) {text}").parse::<TokenStream>() else {
        return reach("no tokens");
    };
    let expansion = block::expand(tokens.clone());
    if text.len().is_multiple_of(4) {
        assert_eq!(expansion.to_string(), block::expand(tokens.clone()).to_string(), "the same twice");
    }
    judged(&expansion, has_sound_attributes(tokens.clone()), "expanded", "errors");
    compiles_soundly(tokens.clone());
    // The helpers that a catalogue calls back get the same tokens as the attribute.
    for helper in [requires::requires_type, requires::requires_route] {
        let _ = helper(tokens.clone());
    }
    let _ = expand::table(&tokens);
}

fn function(arguments: &str, item: &str) {
    let (Ok(arguments), Ok(item)) = (arguments.parse::<TokenStream>(), item.parse::<TokenStream>()) else {
        return reach("no tokens");
    };
    let expansion = requires::attribute(arguments.clone(), item.clone());
    // The output must be an item only if the input is one. A method, for example, is valid only in
    // an `impl` block.
    let is_item = syn::parse2::<syn::File>(item.clone()).is_ok();
    judged(&expansion, is_item, "function", "function refused");
    // The form in which utoipa's attribute emits the item again.
    let again = quote::quote! { @ [utoipa::path(get, path = "/users")] #arguments };
    judged(&requires::attribute(again, item), is_item, "function", "function refused");
}

/// Whether all attributes parse. The macro passes on foreign attributes unchanged, for rustc to
/// judge.
fn has_sound_attributes(tokens: TokenStream) -> bool {
    let mut after_hash = false;
    tokens.into_iter().all(|token| match token {
        TokenTree::Punct(punct) => {
            after_hash = punct.as_char() == '#' || after_hash && punct.as_char() == '!';
            true
        }
        TokenTree::Group(group) => !std::mem::take(&mut after_hash) || syn::parse2::<syn::Meta>(group.stream()).is_ok(),
        TokenTree::Ident(_) | TokenTree::Literal(_) => true,
    })
}

/// Checks that the expansion consists of errors with a message, or of items.
fn judged(expansion: &TokenStream, parses: bool, sound: &'static str, refused: &'static str) {
    let messages = messages(expansion.clone());
    reach(if messages.is_empty() { sound } else { refused });
    if parses {
        let file = syn::parse2::<syn::File>(expansion.clone());
        assert!(file.is_ok(), "{:?}: {expansion}", file.err());
    }
    for message in messages {
        assert!(!message.is_empty() && !message.ends_with('.'), "{message:?}");
    }
}

/// Checks that no declaration causes an internal error of the compiler. The error's kind is
/// compared, not its message, because the message repeats text of the declaration.
fn compiles_soundly(tokens: TokenStream) {
    Errors::gather(|errors| {
        let Some(input) = CatalogueInput::parse(tokens, errors) else { return };
        let compiled = compile(&lower::lower(&input, &mut Places::new()));
        for error in compiled.errors() {
            assert!(!matches!(error.kind(), CatalogueErrorKind::Internal { .. }), "{error}");
        }
    });
}

/// The texts of all `compile_error!`s.
fn messages(tokens: TokenStream) -> Vec<String> {
    let mut messages = Vec::new();
    let mut after_error = false;
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => after_error = ident == "compile_error",
            TokenTree::Group(group) if after_error => {
                let text = syn::parse2::<syn::LitStr>(group.stream());
                messages.extend(text.map(|text| text.value()));
                after_error = false;
            }
            TokenTree::Group(group) => messages.extend(self::messages(group.stream())),
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    messages
}
