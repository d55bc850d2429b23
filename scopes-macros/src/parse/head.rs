//! The text before the first scope: `#![strict]`, and the `mod` line with its attributes.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{LitStr, Token, Visibility, token};

use super::attributes::{self, Attribute};
use super::{CatalogueInput, recover};
use crate::errors::Errors;
use crate::places::Extent;

/// Reads up to the `;` of the `mod` line. Also returns the settings that were found before that
/// line.
pub(super) fn parse(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<(CatalogueInput, TokenStream)> {
    let root;
    syn::parenthesized!(root in input);
    let root: TokenStream = root.parse()?;
    let strict = is_strict(input, errors)?;
    let before = settings_before(input, errors);
    let ModuleAttributes { attributes, cfg, documented, non_exhaustive, description } =
        ModuleAttributes::parse(input, errors)?;
    let (visibility, name) = module(input, errors)?;
    let catalogue = CatalogueInput {
        root,
        strict,
        attributes,
        cfg,
        documented,
        non_exhaustive,
        description,
        visibility,
        name,
        base: None,
        tenant: None,
        routes: None,
        principal: None,
        items: Vec::new(),
    };
    Ok((catalogue, before))
}

/// Reads the inner attributes; the only one is `#![strict]`.
fn is_strict(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<bool> {
    let mut strict = false;
    for attribute in Attribute::parse_inner(input)? {
        match attribute.name.as_str() {
            "strict" if attribute.has_no_arguments() => strict = true,
            "strict" => errors.at(attribute.extent, "`strict` takes no arguments, write `#![strict]`"),
            "doc" => errors.at(attribute.extent, "document the module with `///` on its `mod` line"),
            name => errors
                .at(attribute.extent, format_args!("unknown setting `#![{name}]`, the one there is: `#![strict]`")),
        }
    }
    Ok(strict)
}

/// Reads settings before the `mod` line: reports one error, and returns their tokens.
fn settings_before(input: ParseStream<'_>, errors: &mut Errors) -> TokenStream {
    let mut settings = TokenStream::new();
    let word = |input: ParseStream<'_>| {
        let ahead = input.fork();
        let word = ahead.call(Ident::parse_any).ok()?;
        let begins = ahead.peek(LitStr) || ahead.peek(syn::Ident) || ahead.peek(Token![;]);
        (begins && ["base", "tenant", "routes", "principal"].iter().any(|known| word == known)).then_some(word)
    };
    while let Some(word) = word(input) {
        if settings.is_empty() {
            let message = format!("`{word}` must follow the catalogue's module, such as `pub mod api;`");
            errors.at(word.span(), message);
        }
        while let Ok(token) = input.parse::<TokenTree>() {
            let ends = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ';');
            settings.extend([token]);
            if ends {
                break;
            }
        }
    }
    settings
}

/// The attributes of the `mod` line.
#[derive(Default)]
struct ModuleAttributes {
    attributes: TokenStream,
    cfg: TokenStream,
    documented: bool,
    non_exhaustive: TokenStream,
    description: String,
}

impl ModuleAttributes {
    fn parse(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<Self> {
        let mut module = Self::default();
        let mut lines = Vec::new();
        for attribute in Attribute::parse_outer(input, errors)? {
            match attribute.name.as_str() {
                "non_exhaustive" => module.non_exhaustive = attribute.tokens,
                "strict" => errors.at(attribute.extent, "write `#![strict]`, before everything else"),
                "doc" => {
                    module.documented = true;
                    lines.extend(attribute.text());
                    module.attributes.extend(attribute.tokens);
                }
                name => {
                    if name == "cfg" {
                        module.cfg.extend(attribute.tokens.clone());
                    }
                    module.attributes.extend(attribute.tokens);
                }
            }
        }
        module.description = attributes::joined(&lines);
        Ok(module)
    }
}

/// Reads `pub mod api;`
fn module(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<(Visibility, Ident)> {
    let expected = "expected the catalogue's module, such as `pub mod api;`";
    let visibility: Visibility = input.parse()?;
    if !input.peek(Token![mod]) {
        return Err(recover::expected(input, expected));
    }
    let keyword: Token![mod] = input.parse()?;
    if !input.peek(syn::Ident) {
        return Err(recover::expected(input, expected));
    }
    let name: Ident = input.parse()?;
    if input.peek(Token![;]) {
        input.parse::<Token![;]>()?;
    } else if input.peek(token::Brace) {
        let message = "the module's contents are generated, write `;` and the scopes after it";
        errors.at(input.span(), message);
    } else {
        errors.at(Extent::new(keyword.span, name.span()), format_args!("expected `;` after `mod {name}`"));
    }
    Ok((visibility, name))
}
