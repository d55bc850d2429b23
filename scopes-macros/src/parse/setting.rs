//! Settings: `base "/api";`, `tenant id;`, `routes;` and `principal Account;`.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::ToTokens as _;
use scopes_core::suggest;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{LitStr, Token, token};

use super::principal::{self, Principal};
use super::{CatalogueInput, recover, words};
use crate::errors::Errors;
use crate::places::Extent;

/// Reads one setting; returns whether there was one. Each word is reserved only if the text after
/// it makes it a setting.
pub(super) fn parse(input: ParseStream<'_>, catalogue: &mut CatalogueInput, errors: &mut Errors) -> syn::Result<bool> {
    let ahead = input.fork();
    let Ok(written) = ahead.call(Ident::parse_any) else {
        return Ok(false);
    };
    let word = corrected(&written, &ahead, errors);
    let what = match word.to_string().as_str() {
        "base" if ahead.peek(LitStr) => base(input, catalogue, errors)?,
        "base" if is_unquoted_base(&ahead) => return Err(unquoted_base(input)),
        "tenant" if is_tenant(&ahead) => tenant(input, catalogue, errors)?,
        "principal" if principal::is_setting(&ahead) => {
            let extent = self::word(input)?;
            let principal = principal::parse(input, extent, errors)?;
            let what = principal.as_ref().map_or_else(|| "`principal`".to_owned(), Principal::text);
            match (&catalogue.principal, principal) {
                (Some(first), Some(second)) => twice("principal", second.extent, first.extent, errors),
                (None, principal) => catalogue.principal = principal,
                (Some(_), None) => {}
            }
            what
        }
        "routes" if ahead.peek(Token![;]) => routes(input, catalogue, errors)?,
        "routes" if has_value(&ahead) => {
            errors.at(ahead.span(), "`routes` takes no value: write `routes;`");
            let what = routes(input, catalogue, errors)?;
            recover::skip_item_but_its_end(input);
            what
        }
        // The setting without its `;`: the next word begins a scope.
        "routes" if ahead.peek(Ident::peek_any) && !words::is_word(&ahead, "includes") => {
            routes(input, catalogue, errors)?
        }
        _ => return Ok(false),
    };
    if !catalogue.items.is_empty() {
        errors.at(word.span(), format_args!("{what} stands before the first scope"));
    }
    recover::end_of_item(input, word.span().into(), &what, errors);
    Ok(true)
}

/// Reads `base "/api"`. Returns its text, for messages.
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

/// Reads `tenant id` or `tenant "te-nant"`.
fn tenant(input: ParseStream<'_>, catalogue: &mut CatalogueInput, errors: &mut Errors) -> syn::Result<String> {
    let extent = word(input)?;
    let (name, written) = match tenant_name(input) {
        Some(name) => name,
        None => odd_tenant_name(input, errors)?,
    };
    let what = format!("`tenant {name}`");
    match &catalogue.tenant {
        Some((_, first)) => twice("tenant", extent.to(written), *first, errors),
        None => catalogue.tenant = Some((name, written)),
    }
    Ok(what)
}

/// Reads `id;` or `"te-nant";`.
fn tenant_name(input: ParseStream<'_>) -> Option<(String, Extent)> {
    if let Ok(name) = input.fork().parse::<LitStr>()
        && !name.value().contains(['{', '<', ':', '[', '/'])
        && !followed_by_more(input)
    {
        // The string was seen above.
        let _: syn::Result<LitStr> = input.parse();
        return Some((name.value(), name.span().into()));
    }
    let name = input.fork().call(Ident::parse_any).ok().filter(|_| !followed_by_more(input))?;
    let _: syn::Result<Ident> = input.call(Ident::parse_any);
    Some((name.unraw().to_string(), name.span().into()))
}

/// Recognises `id: Uuid` and `id, other`.
fn followed_by_more(input: ParseStream<'_>) -> bool {
    input.peek2(Token![:]) || input.peek2(Token![,]) || input.peek2(Token![=])
}

/// Reports `{id};`, `(id);`, `:id;`, `= id;`, `<id>;` and `id: Uuid;`, and returns the first name.
fn odd_tenant_name(input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<(String, Extent)> {
    let tokens = words::up_to_semicolon(input);
    let Some((name, span)) = tokens.iter().find_map(first_name) else {
        return Err(recover::expected(input, "`tenant` is followed by the name of a parameter: `tenant id;`"));
    };
    let ends = tokens.last().map_or(span, TokenTree::span);
    let extent = Extent::new(input.span(), ends);
    let is_list = tokens.iter().any(|token| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ','));
    let why = if is_list { "a catalogue has one tenant" } else { "`tenant` is followed by the name alone" };
    errors.at(extent, format_args!("{why}: write `tenant {name};`"));
    recover::skip_item_but_its_end(input);
    Ok((name, span.into()))
}

/// The first name in a token.
fn first_name(token: &TokenTree) -> Option<(String, Span)> {
    match token {
        TokenTree::Ident(name) => Some((name.unraw().to_string(), name.span())),
        TokenTree::Group(group) => group.stream().into_iter().find_map(|token| first_name(&token)),
        TokenTree::Literal(literal) => {
            let text = syn::parse2::<LitStr>(literal.to_token_stream()).ok()?.value();
            let is_part = |character: char| character.is_ascii_alphanumeric() || "_-".contains(character);
            let text = text.split_once(['{', '<', '[', ':']).map_or(&*text, |(_, name)| name);
            let name = text.split(|character| !is_part(character)).find(|part| !part.is_empty())?.to_owned();
            Some((name, literal.span()))
        }
        TokenTree::Punct(_) => None,
    }
}

/// Reads `routes`.
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

/// The word of a setting. A misspelt word is reported and corrected.
fn corrected(word: &Ident, after: ParseStream<'_>, errors: &mut Errors) -> Ident {
    let text = word.to_string();
    let is_beginning = matches!(&*text, "prefix" | "path" | "mount" | "root" | "url" | "base_path" | "base_url");
    if is_beginning && after.peek(LitStr) && after.peek2(Token![;]) {
        errors.at(word.span(), format_args!("`{word}` does not belong here, did you mean `base`?"));
        return Ident::new("base", word.span());
    }
    let settings: &[&str] = if after.peek(LitStr) {
        &["base", "tenant"]
    } else if after.peek(Ident::peek_any) && after.peek2(Token![;]) {
        &["tenant", "principal"]
    } else if after.peek(Ident::peek_any) && after.peek2(Token![::]) || after.peek(Token![::]) {
        &["principal"]
    } else {
        &[]
    };
    match suggest::nearest(&text, settings.iter().copied()) {
        Some(meant) if text != meant => {
            errors.at(word.span(), format_args!("`{word}` does not belong here, did you mean `{meant}`?"));
            Ident::new(meant, word.span())
        }
        _ => word.clone(),
    }
}

/// Recognises `base /api;`, `base = "/api";`, `base("/api");` and `base BASE;`, but not a scope
/// called `base`.
fn is_unquoted_base(after: ParseStream<'_>) -> bool {
    let value = after.peek(Ident::peek_any) && !words::is_word(after, "includes") && !after.peek2(token::Brace);
    let sign = after.peek(Token![:]) && !after.peek(Token![::]) && after.peek2(LitStr);
    let path = after.peek(token::Paren) && words::route_in(words::up_to_semicolon(after)).1.is_some();
    after.peek(Token![/]) || after.peek(Token![=]) || sign || path || value
}

/// Recognises `= true`, `: true`, `(axum)` and `axum;`.
fn has_value(after: ParseStream<'_>) -> bool {
    after.peek(Token![=])
        || after.peek(Token![:]) && !after.peek(Token![::])
        || after.peek(token::Paren)
        || after.peek(Ident::peek_any) && after.peek2(Token![;])
}

/// The error for `base /api;` and `base = "/api";`, after the word. Reads everything up to the `;`.
fn unquoted_base(input: ParseStream<'_>) -> syn::Error {
    let mut tokens = TokenStream::new();
    let mut path = String::new();
    // The word was seen by the caller.
    let _: syn::Result<Extent> = word(input);
    if let (_, Some(literal)) = words::route_in(words::up_to_semicolon(input)) {
        let written: TokenStream = words::up_to_semicolon(input).into_iter().collect();
        let is_macro =
            written.clone().into_iter().any(|token| matches!(token, TokenTree::Punct(mark) if mark.as_char() == '!'));
        recover::skip_item_but_its_end(input);
        if !is_macro {
            let message = format!("`base` is followed by a string: write `base {};`", literal.token());
            return syn::Error::new_spanned(written, message);
        }
        return syn::Error::new_spanned(written, NOT_A_LITERAL);
    }
    if input.peek(Ident::peek_any) {
        let written: TokenStream = words::up_to_semicolon(input).into_iter().collect();
        return syn::Error::new_spanned(written, NOT_A_LITERAL);
    }
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

/// The message for a constant or a macro call.
const NOT_A_LITERAL: &str =
    "`base` is followed by a string literal: `scopes!` reads the text itself and cannot see constants or other macros";

/// Reads the word of a setting.
fn word(input: ParseStream<'_>) -> syn::Result<Extent> {
    Ok(input.call(Ident::parse_any)?.span().into())
}

/// Whether this is the setting. `tenant includes a.b;` and `tenant;` declare a scope called
/// `tenant`.
fn is_tenant(after: ParseStream<'_>) -> bool {
    if after.peek(LitStr) {
        return true;
    }
    let ahead = after.fork();
    if ahead.peek(Token![:]) && !ahead.peek(Token![::]) || ahead.peek(Token![=]) {
        return ahead.parse::<TokenTree>().is_ok() && ahead.peek(Ident::peek_any);
    }
    if ahead.peek(Token![<]) {
        return true;
    }
    if let Ok(TokenTree::Group(group)) = ahead.fork().parse() {
        // A group with one name is the setting; other braces are the routes of a scope called
        // `tenant`.
        let is_name = matches!(&*group.stream().into_iter().collect::<Vec<_>>(), [TokenTree::Ident(_)]);
        return is_name;
    }
    match ahead.call(Ident::parse_any) {
        Ok(_) if ahead.peek(Token![;]) => true,
        Ok(name) => name != "includes",
        Err(_) => false,
    }
}
