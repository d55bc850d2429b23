//! Settings: `base "/api";`, `tenant id;` and `routes;`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens as _;
use scopes_core::suggest;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{LitStr, Token, token};

use super::{CatalogueInput, recover};
use crate::errors::Errors;
use crate::places::Extent;

/// Reads one setting. Returns whether it is one: each word is reserved only where what follows it
/// says so.
pub(super) fn parse(input: ParseStream<'_>, catalogue: &mut CatalogueInput, errors: &mut Errors) -> syn::Result<bool> {
    let ahead = input.fork();
    let Ok(written) = ahead.call(Ident::parse_any) else {
        return Ok(false);
    };
    let word = corrected(&written, &ahead, errors);
    let what = match word.to_string().as_str() {
        "base" if ahead.peek(LitStr) => base(input, catalogue, errors)?,
        "base" if ahead.peek(Token![/]) || ahead.peek(Token![=]) => return Err(unquoted_base(input)),
        "tenant" if is_tenant(&ahead) => tenant(input, catalogue, errors)?,
        "routes" if ahead.peek(Token![;]) => routes(input, catalogue, errors)?,
        _ => return Ok(false),
    };
    if !catalogue.items.is_empty() {
        errors.at(word.span(), format_args!("{what} stands before the first scope"));
    }
    recover::end_of_item(input, word.span().into(), &what, errors);
    Ok(true)
}

/// `base "/api"`. Returns what was written, for messages.
fn base(input: ParseStream<'_>, catalogue: &mut CatalogueInput, errors: &mut Errors) -> syn::Result<String> {
    let extent = word(input)?;
    let base: LitStr = input.parse()?;
    let what = format!("`base {}`", base.token());
    match &catalogue.base {
        Some(first) => twice("base", extent.to(base.span().into()), first.span().into(), errors),
        None => catalogue.base = Some(base),
    }
    Ok(what)
}

/// `tenant id`, `tenant "te-nant"`
fn tenant(input: ParseStream<'_>, catalogue: &mut CatalogueInput, errors: &mut Errors) -> syn::Result<String> {
    let extent = word(input)?;
    if input.peek(Token![:]) || input.peek(Token![=]) {
        errors.at(input.span(), "`tenant` is followed by the name alone: `tenant id;`");
        input.parse::<TokenTree>()?;
    }
    let (name, written): (String, Extent) = if input.peek(LitStr) {
        let name: LitStr = input.parse()?;
        (name.value(), name.span().into())
    } else {
        let name = input.call(Ident::parse_any)?;
        (name.unraw().to_string(), name.span().into())
    };
    let what = format!("`tenant {name}`");
    match &catalogue.tenant {
        Some((_, first)) => twice("tenant", extent.to(written), *first, errors),
        None => catalogue.tenant = Some((name, written)),
    }
    Ok(what)
}

/// `routes`
fn routes(input: ParseStream<'_>, catalogue: &mut CatalogueInput, errors: &mut Errors) -> syn::Result<String> {
    let extent = word(input)?;
    match catalogue.routes {
        Some(first) => twice("routes", extent, first, errors),
        None => catalogue.routes = Some(extent),
    }
    Ok("`routes`".to_owned())
}

fn twice(word: &str, second: Extent, first: Extent, errors: &mut Errors) {
    errors.at(second, format_args!("`{word}` is set twice"));
    errors.at(first, "first set here");
}

/// The word of a setting. One that is written slightly wrong is reported and corrected.
fn corrected(word: &Ident, after: ParseStream<'_>, errors: &mut Errors) -> Ident {
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

/// `base /api;`, `base = "/api";`: the error after the word. Everything up to the `;` is read.
fn unquoted_base(input: ParseStream<'_>) -> syn::Error {
    let mut tokens = TokenStream::new();
    let mut path = String::new();
    // The word was seen.
    let _: syn::Result<Extent> = word(input);
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

/// Reads the word of a setting.
fn word(input: ParseStream<'_>) -> syn::Result<Extent> {
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
