//! The grammar of `scopes!`, read leniently: after a mistake reading goes on with the next item.

mod attributes;
mod item;
mod name;
mod recover;
mod route;

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens as _;
use scopes_core::suggest;
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{LitStr, Token, Visibility, token};

pub(crate) use attributes::{Annotations, Tenancy};
pub(crate) use item::{Block, Item, Kind, Scope};
pub(crate) use name::{Dotted, ScopeName};
pub(crate) use route::{Route, Under};

use self::attributes::Attribute;
use crate::errors::Errors;
use crate::places::Extent;

/// A whole block as written.
pub(crate) struct CatalogueInput {
    /// `$crate` of the facade.
    pub(crate) root: TokenStream,
    /// `#![strict]`.
    pub(crate) strict: bool,
    /// The attributes of the `mod` line that go on the module.
    pub(crate) attributes: TokenStream,
    /// Those among them by which there is no module.
    pub(crate) cfg: TokenStream,
    /// Some documentation is among them.
    pub(crate) documented: bool,
    /// `#[non_exhaustive]`, which goes on the enum.
    pub(crate) non_exhaustive: TokenStream,
    /// The doc comment of the `mod` line.
    pub(crate) description: String,
    pub(crate) visibility: Visibility,
    pub(crate) name: Ident,
    pub(crate) base: Option<LitStr>,
    pub(crate) tenant: Option<(String, Extent)>,
    /// `routes;`
    pub(crate) routes: Option<Extent>,
    pub(crate) items: Vec<Item>,
}

impl CatalogueInput {
    /// Reads a block that begins with the group `($crate)`. `None` without the module's name, for nothing can be
    /// generated then.
    pub(crate) fn parse(input: TokenStream, errors: &mut Errors) -> Option<Self> {
        let mut catalogue = None;
        let read = |input: ParseStream<'_>| {
            catalogue = Some(self::catalogue(input, errors)?);
            Ok(())
        };
        if let Err(error) = read.parse2(input) {
            errors.syntax(&error);
        }
        catalogue
    }

    /// `pub`: the hidden macro is exported as well.
    pub(crate) fn is_public(&self) -> bool {
        matches!(self.visibility, Visibility::Public(_))
    }
}

fn catalogue(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<CatalogueInput> {
    let outcome = head(input, errors);
    let Ok((mut catalogue, before)) = outcome else {
        recover::skip_all(input);
        return outcome.map(|(catalogue, _)| catalogue);
    };
    let read_before = |input: ParseStream<'_>| {
        contents(input, &mut catalogue, errors);
        Ok(())
    };
    // What cannot be read is reported there.
    let _: syn::Result<()> = read_before.parse2(before);
    if input.peek(token::Brace) {
        // `mod api { .. }`, which was reported, is read as meant.
        let content;
        syn::braced!(content in input);
        contents(&content, &mut catalogue, errors);
    }
    contents(input, &mut catalogue, errors);
    Ok(catalogue)
}

/// Settings and items.
fn contents(input: ParseStream<'_>, catalogue: &mut CatalogueInput, errors: &mut Errors) {
    while !input.is_empty() {
        match setting(input, catalogue, errors) {
            Ok(true) => {}
            Ok(false) => item::parse(input, &mut catalogue.items, errors),
            Err(error) => {
                errors.syntax(&error);
                recover::skip_item(input);
            }
        }
    }
}

/// Settings that stand before the `mod` line: one error, and what they say.
fn settings_before(input: ParseStream<'_>, errors: &mut Errors) -> TokenStream {
    let mut settings = TokenStream::new();
    let word = |input: ParseStream<'_>| {
        let ahead = input.fork();
        let word = ahead.call(Ident::parse_any).ok()?;
        let begins = ahead.peek(LitStr) || ahead.peek(syn::Ident) || ahead.peek(Token![;]);
        (begins && ["base", "tenant", "routes"].iter().any(|known| word == known)).then_some(word)
    };
    while let Some(word) = word(input) {
        if settings.is_empty() {
            let message = format!("`{word}` stands behind the catalogue's module, such as `pub mod api;`");
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

/// Everything up to the `;` of the `mod` line, and the settings that were found before it.
fn head(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<(CatalogueInput, TokenStream)> {
    let root;
    syn::parenthesized!(root in input);
    let root: TokenStream = root.parse()?;

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

    let before = settings_before(input, errors);
    let (mut attributes, mut cfg, mut documented) = (TokenStream::new(), TokenStream::new(), false);
    let (mut non_exhaustive, mut lines) = (TokenStream::new(), Vec::new());
    for attribute in Attribute::parse_outer(input)? {
        match attribute.name.as_str() {
            "non_exhaustive" => non_exhaustive = attribute.tokens,
            "strict" => errors.at(attribute.extent, "write `#![strict]`, before everything else"),
            "doc" => {
                documented = true;
                lines.extend(attribute.text());
                attributes.extend(attribute.tokens);
            }
            name => {
                if name == "cfg" {
                    cfg.extend(attribute.tokens.clone());
                }
                attributes.extend(attribute.tokens);
            }
        }
    }

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
    let catalogue = CatalogueInput {
        root,
        strict,
        attributes,
        cfg,
        documented,
        non_exhaustive,
        description: attributes::joined(&lines),
        visibility,
        name,
        base: None,
        tenant: None,
        routes: None,
        items: Vec::new(),
    };
    Ok((catalogue, before))
}

/// Reads `base ..;`, `tenant ..;` or `routes;`. Each word is reserved only where what follows it says so.
fn setting(input: ParseStream<'_>, catalogue: &mut CatalogueInput, errors: &mut Errors) -> syn::Result<bool> {
    let ahead = input.fork();
    let Ok(written) = ahead.call(Ident::parse_any) else {
        return Ok(false);
    };
    let word = meant(&written, &ahead, errors);
    let twice = |extent: Extent, first: Extent, errors: &mut Errors| {
        errors.at(extent, format_args!("`{word}` is set twice"));
        errors.at(first, "first set here");
    };
    let what = if word == "base" && ahead.peek(LitStr) {
        let extent = start(input)?;
        let base: LitStr = input.parse()?;
        match &catalogue.base {
            Some(first) => twice(extent.to(base.span().into()), first.span().into(), errors),
            None => catalogue.base = Some(base.clone()),
        }
        format!("`base {}`", base.token())
    } else if word == "tenant" && is_tenant(&ahead) {
        let extent = start(input)?;
        if input.peek(Token![:]) || input.peek(Token![=]) {
            errors.at(input.span(), "`tenant` is followed by the name alone: `tenant id;`");
            input.parse::<TokenTree>()?;
        }
        let (name, written) = if input.peek(LitStr) {
            let name: LitStr = input.parse()?;
            (name.value(), name.span())
        } else {
            let name = input.call(Ident::parse_any)?;
            (name.unraw().to_string(), name.span())
        };
        match &catalogue.tenant {
            Some((_, first)) => twice(extent.to(written.into()), *first, errors),
            None => catalogue.tenant = Some((name.clone(), written.into())),
        }
        format!("`tenant {name}`")
    } else if word == "base" && (ahead.peek(Token![/]) || ahead.peek(Token![=])) {
        return Err(unquoted_base(input));
    } else if word == "routes" && ahead.peek(Token![;]) {
        let extent = start(input)?;
        match catalogue.routes {
            Some(first) => twice(extent, first, errors),
            None => catalogue.routes = Some(extent),
        }
        "`routes`".to_owned()
    } else {
        return Ok(false);
    };
    if !catalogue.items.is_empty() {
        errors.at(word.span(), format_args!("{what} stands before the first scope"));
    }
    recover::end_of_item(input, word.span().into(), &what, errors);
    Ok(true)
}

/// The word of a setting, also of one that is written slightly wrong.
fn meant(word: &Ident, after: ParseStream<'_>, errors: &mut Errors) -> Ident {
    let settings: &[&str] = if after.peek(LitStr) {
        &["base", "tenant"]
    } else if after.peek(Ident::peek_any) && after.peek2(Token![;]) {
        &["tenant"]
    } else {
        &[]
    };
    let text = word.to_string();
    match suggest::nearest(&text, settings.iter().copied()) {
        Some(meant) if text != meant => {
            errors.at(word.span(), format_args!("`{word}` does not belong here, did you mean `{meant}`?"));
            Ident::new(meant, word.span())
        }
        _ => word.clone(),
    }
}

/// `base /api;`, `base = "/api";`: the error behind the word. All but the `;` is read.
fn unquoted_base(input: ParseStream<'_>) -> syn::Error {
    let mut tokens = TokenStream::new();
    let mut path = String::new();
    // The word was seen.
    let _: syn::Result<Extent> = start(input);
    while !input.is_empty() && !input.peek(Token![;]) && !input.peek(token::Brace) {
        if let Ok(literal) = input.parse::<LitStr>() {
            path.push_str(&literal.value());
            tokens.extend(literal.to_token_stream());
        } else if let Ok(token) = input.parse::<TokenTree>() {
            path.push_str(&token.to_string());
            tokens.extend([token]);
        }
    }
    let path = path.trim_start_matches('=');
    syn::Error::new_spanned(tokens, format_args!("`base` is followed by a string: write `base {path:?};`"))
}

fn start(input: ParseStream<'_>) -> syn::Result<Extent> {
    Ok(input.call(Ident::parse_any)?.span().into())
}

/// `tenant includes a.b;` and `tenant;` declare a scope of that name.
fn is_tenant(after: ParseStream<'_>) -> bool {
    if after.peek(LitStr) {
        return true;
    }
    let ahead = after.fork();
    if ahead.peek(Token![:]) && !ahead.peek(Token![::]) || ahead.peek(Token![=]) {
        return ahead.parse::<TokenTree>().is_ok() && ahead.peek(Ident::peek_any);
    }
    match ahead.call(Ident::parse_any) {
        Ok(_) if ahead.peek(Token![;]) => true,
        Ok(name) => name != "includes",
        Err(_) => false,
    }
}
