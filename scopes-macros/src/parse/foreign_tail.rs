//! Notations of other languages after the name of a scope.

use proc_macro2::{Ident, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{LitStr, Token, token};

use super::foreign_item::SEVERAL;
use super::includes;
use super::name::{Dotted, Pattern, ScopeName};
use super::parsed::ParsedItem;
use super::recover;
use super::words::{
    end_of, ends_in_braces, is_route, is_standard_method, method_and_path, peek_word, rest_of_item, route_in, route_of,
    separator, sign, skip_sign,
};
use crate::errors::Errors;

/// The kind of text after a name.
pub(super) enum Tail {
    /// Text of the grammar, or unknown text. A sign before `{` was read.
    Grammar,
    /// The names after `=`, which were read like names after `includes`.
    Includes(Vec<Pattern>),
    /// Routes without braces: the rest of the item was skipped.
    Skipped,
}

/// Recognises text that does not belong after the name of a scope, and reads it as it was meant.
pub(super) fn parse(
    input: ParseStream<'_>,
    name: &ScopeName,
    before: &[ParsedItem],
    errors: &mut Errors,
) -> syn::Result<Tail> {
    let (scope, span) = (name.written(), input.span());
    if let Some(sign) = sign(input) {
        return after_sign(input, sign, name, before, errors);
    }
    if let Some(message) = string(input, name) {
        errors.lose_route();
        return Err(syn::Error::new(span, message));
    }
    if let Some(routes) = routes(input) {
        errors.at(span, format_args!("the routes of a scope stand in braces: `{scope} {{ {routes} }}`"));
        errors.lose_route();
        recover::skip_item(input);
        return Ok(Tail::Skipped);
    }
    if let Some(separator) = separator(input).filter(|separator| *separator != "/")
        && is_name_after(input)
    {
        let message = if ends_in_braces(input) {
            SEVERAL.to_owned()
        } else if separator == "," {
            "each scope is declared by itself, with a `;` after it".to_owned()
        } else {
            return Ok(Tail::Grammar);
        };
        errors.lose_scope();
        return Err(syn::Error::new(span, message));
    }
    if let Some(character) = ['?', '!', '*', '$', '@', '%'].into_iter().find(|character| is_punct(input, *character)) {
        return Err(syn::Error::new(span, format_args!("a name has no `{character}`: remove it")));
    }
    Ok(Tail::Grammar)
}

fn after_sign(
    input: ParseStream<'_>,
    sign: &str,
    name: &ScopeName,
    before: &[ParsedItem],
    errors: &mut Errors,
) -> syn::Result<Tail> {
    let (scope, span) = (name.written(), input.span());
    let after = input.fork();
    skip_sign(&after, sign);
    if after.peek(token::Brace) {
        if is_map(&after) {
            let TokenTree::Group(group) = after.parse()? else { return Ok(Tail::Grammar) };
            let route = route_of(group.stream());
            errors.at(span, format_args!("the routes of a scope stand in braces: `{scope} {{ {route} }}`"));
            errors.lose_route();
            recover::skip_item(input);
            let _: Option<Token![;]> = input.parse()?;
            return Ok(Tail::Skipped);
        }
        skip_sign(input, sign);
        if matches!(&*scope, "public" | "authenticated" | "external") {
            errors.at(span, format_args!("no `{sign}` stands here: write `{scope}(\"why\") {{ .. }}`"));
        } else if !begins_with_a_name(&after) {
            errors.at(span, format_args!("no `{sign}` stands after a scope's name: write `{scope} {{ .. }}`"));
        }
        return Ok(Tail::Grammar);
    }
    if let Some(routes) = routes(&after).or_else(|| is_method_next(&after).then(|| route_of(rest_of_item(&after)))) {
        errors.at(span, format_args!("the routes of a scope stand in braces: `{scope} {{ {routes} }}`"));
        errors.lose_route();
        recover::skip_item(input);
        return Ok(Tail::Skipped);
    }
    if let Some(message) = string(&after, name) {
        errors.lose_route();
        return Err(syn::Error::new(span, message));
    }
    if sign == ":" && after.peek(Token![-]) {
        errors.at(span, format_args!("the routes of a scope stand in braces: `{scope} {{ GET \"/users\"; }}`"));
        errors.lose_route();
        recover::skip_item(input);
        return Ok(Tail::Skipped);
    }
    if sign == ":" && is_part_of_a_name(&after, name, before) {
        return Ok(Tail::Grammar);
    }
    let mut ignored = Errors::default();
    let fork = after.fork();
    let Ok(patterns) = includes::patterns(&fork, before, &mut ignored) else {
        return Err(syn::Error::new(span, format_args!("no `{sign}` stands after a scope's name: write `{scope};`")));
    };
    let names = patterns.iter().map(Pattern::text).collect::<Vec<_>>().join(", ");
    errors.at(span, format_args!("what a scope includes stands after `includes`: write `{scope} includes {names}`"));
    skip_sign(input, sign);
    // Errors about separators are ignored, because one error is enough.
    includes::patterns(input, before, &mut ignored).map(Tail::Includes)
}

/// The message for a string after the name, alone or in parentheses: the scope's description, or
/// its wire name.
fn string(input: ParseStream<'_>, name: &ScopeName) -> Option<String> {
    let text = match input.fork().parse().ok()? {
        // `private("why")` is more likely meant as a block.
        TokenTree::Group(group) if group.delimiter() == proc_macro2::Delimiter::Parenthesis => {
            name.dotted().filter(|name| name.segments.len() > 1)?;
            syn::parse2::<LitStr>(group.stream()).ok()?
        }
        token => syn::parse2::<LitStr>(token.into()).ok()?,
    };
    let text = text.value();
    if text.starts_with('/') || method_and_path(&text).is_some() {
        return None;
    }
    Some(match scopes_core::name::check_wire_name(&text) {
        Ok(()) => {
            let scope = name.dotted().map_or_else(|| "users.read".to_owned(), Dotted::text);
            format!("the name that tokens carry stands before the dotted one: write `{text:?} as {scope}`")
        }
        Err(_) => format!("what a scope is for stands before it: write `/// {}`", text.trim().escape_debug()),
    })
}

/// The routes that follow without braces, in the form that belongs in braces.
fn routes(input: ParseStream<'_>) -> Option<String> {
    let group = input.peek(token::Bracket) || input.peek(token::Paren);
    let text = input.fork().parse::<LitStr>().is_ok_and(|text| {
        let text = text.value();
        text.starts_with('/') || method_and_path(&text).is_some()
    });
    let tokens = rest_of_item(input);
    if group {
        let TokenTree::Group(group) = tokens.into_iter().next()? else { return None };
        let found = route_in(group.stream());
        return (found.0.is_some() || found.1.is_some()).then(|| route_of(group.stream()));
    }
    (text || is_route(input)).then(|| match peek_word(input) {
        Some(word) if word == "under" => {
            let path = tokens.get(1).map(ToString::to_string).unwrap_or_default();
            format!("under {path} {{ .. }}")
        }
        _ => route_of(tokens),
    })
}

fn is_method_next(input: ParseStream<'_>) -> bool {
    peek_word(input).is_some_and(|word| is_standard_method(&word.to_string()))
}

/// Recognises `{ GET: "/users" }` and `{ get: ["/users"] }`.
fn is_map(input: ParseStream<'_>) -> bool {
    let Ok(TokenTree::Group(group)) = input.fork().parse() else { return false };
    let mut tokens = group.stream().into_iter();
    let is_method = matches!(tokens.next(), Some(TokenTree::Ident(word)) if is_standard_method(&word.to_string().to_ascii_uppercase()));
    is_method && matches!(tokens.next(), Some(TokenTree::Punct(mark)) if matches!(mark.as_char(), ':' | '='))
}

/// Recognises `{ read: .. }` and `{ read { .. } }`: the error is about the nested scope.
fn begins_with_a_name(input: ParseStream<'_>) -> bool {
    let Ok(TokenTree::Group(group)) = input.fork().parse() else { return false };
    let read = |content: ParseStream<'_>| {
        let name = Dotted::parse(content)?;
        let method = matches!(&*name.segments, [only] if is_standard_method(&only.to_string()));
        let nested = !method && (sign(content).is_some() || content.peek(token::Brace) || content.peek(Token![;]));
        super::recover::skip_all(content);
        Ok(nested)
    };
    syn::parse::Parser::parse2(read, group.stream()).unwrap_or(false)
}

/// Whether the text after the `:` continues a wire name (`users:read`). Otherwise it is what the
/// scope includes (`all.it: users.read`).
fn is_part_of_a_name(after: ParseStream<'_>, name: &ScopeName, before: &[ParsedItem]) -> bool {
    let ahead = after.fork();
    if !ahead.peek(Ident::peek_any) {
        return false;
    }
    let Ok(next) = Dotted::parse(&ahead) else { return true };
    let is_pattern = includes::is_declared(&next.text(), before)
        || next.segments.len() > 1 && name.dotted().is_some_and(|name| name.segments.len() > 1)
        || separator(&ahead).is_some_and(|separator| separator != "/");
    !is_pattern
}

/// Recognises `, users.write`.
fn is_name_after(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    super::words::skip_separator(&ahead);
    (ahead.peek(Ident::peek_any) || ahead.peek(LitStr)) && !is_route(&ahead)
}

fn is_punct(input: ParseStream<'_>, character: char) -> bool {
    matches!(input.fork().parse(), Ok(TokenTree::Punct(punct)) if punct.as_char() == character)
}

/// The error for a name with other separators: `users:read`, `api-tokens.read`, `users/read`.
pub(super) fn name_of_other_characters(input: ParseStream<'_>, first: &Dotted) -> syn::Error {
    let span = input.span();
    let rest = end_of(input);
    let mut wire = first.text();
    loop {
        let is_joint = ['-', ':', '/'].into_iter().any(|character| is_punct(input, character)) || input.peek(Token![.]);
        let goes_on = input.peek2(Ident::peek_any) || input.peek2(syn::Lit);
        if !is_joint || !goes_on {
            break;
        }
        if let Ok(TokenTree::Punct(punct)) = input.parse() {
            wire.push(punct.as_char());
        }
        match input.fork().parse() {
            Ok(TokenTree::Ident(word)) if word != "includes" => wire.push_str(&word.unraw().to_string()),
            Ok(TokenTree::Literal(literal)) => wire.push_str(&literal.to_string()),
            _ => break,
        }
        let _: syn::Result<TokenTree> = input.parse();
    }
    let dotted = scopes_core::name::dotted(&wire).unwrap_or_default();
    let message = format!(
        "a name of other characters than letters, digits, `_` and `.` is written as a string: `{wire:?} as {dotted}{rest}`"
    );
    syn::Error::new(span, message)
}
