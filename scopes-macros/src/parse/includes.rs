//! The names and patterns after `includes`.

use proc_macro2::{Ident, TokenTree};
use scopes_core::name::dotted;
use scopes_core::suggest;
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{LitStr, Token, token};

use super::name::Pattern;
use super::parsed::ParsedItem;
use super::words::{peek_word, separator, sign, skip_separator, skip_sign};
use crate::errors::Errors;

/// Reads `includes a.b, *.c`, if it follows.
pub(super) fn parse(input: ParseStream<'_>, before: &[ParsedItem], errors: &mut Errors) -> syn::Result<Vec<Pattern>> {
    let Some(word) = peek_word(input) else { return Ok(Vec::new()) };
    if word != "includes" {
        if !is_meant(&word, input) {
            return Ok(Vec::new());
        }
        errors.at(word.span(), format_args!("`{word}` does not belong here, did you mean `includes`?"));
    }
    input.call(Ident::parse_any)?;
    if let Some(sign) = sign(input) {
        errors.at(input.span(), format_args!("`includes` is followed by the names alone, without `{sign}`"));
        skip_sign(input, sign);
    }
    if in_group(&input.fork()) {
        return group(input, before, errors);
    }
    patterns(input, before, errors)
}

/// Reads patterns up to another kind of token.
pub(super) fn patterns(
    input: ParseStream<'_>,
    before: &[ParsedItem],
    errors: &mut Errors,
) -> syn::Result<Vec<Pattern>> {
    let mut patterns = Vec::new();
    let mut reported = false;
    loop {
        if let Some(text) = in_quotes(input) {
            return Err(text);
        }
        patterns.push(Pattern::parse(input)?);
        if input.parse::<Option<Token![,]>>()?.is_some() {
            continue;
        }
        match (separator(input), patterns.last()) {
            (Some(separator), _) => {
                if !reported {
                    let message = format!("the names after `includes` are separated by commas, not by `{separator}`");
                    errors.at(input.span(), message);
                }
                reported = true;
                skip_separator(input);
            }
            (None, Some(last)) if another_pattern(input, before) => {
                let message = format!("expected `,` after `{}` and before the next pattern", last.text());
                errors.at(last.extent(), message);
            }
            (None, _) if peek_word(input).is_some_and(|word| word == "includes") => {
                errors.at(input.span(), "`includes` is written once, with commas between the names");
                input.call(Ident::parse_any)?;
            }
            _ => return Ok(patterns),
        }
    }
}

/// The error for `"a.b"`.
fn in_quotes(input: ParseStream<'_>) -> Option<syn::Error> {
    let literal: LitStr = input.fork().parse().ok()?;
    let message = match dotted(&literal.value()) {
        Some(name) => format!("the names after `includes` are the dotted ones, without quotes: write `{name}`"),
        None => "the names after `includes` are the dotted ones, without quotes".to_owned(),
    };
    Some(syn::Error::new(literal.span(), message))
}

/// Recognises `[a.b]`, `(a.b)`, `{ a.b }` and `all(a.b)`.
fn in_group(ahead: ParseStream<'_>) -> bool {
    if ahead.peek(token::Bracket) || ahead.peek(token::Paren) || ahead.peek(token::Brace) {
        return true;
    }
    let word = ahead.call(Ident::parse_any);
    word.is_ok_and(|word| word == "all" || word == "any") && ahead.peek(token::Paren)
}

/// Reads the patterns in a group like patterns without a group.
fn group(input: ParseStream<'_>, before: &[ParsedItem], errors: &mut Errors) -> syn::Result<Vec<Pattern>> {
    let span = input.span();
    if input.peek(token::Brace) {
        if input.peek2(Token![;]) {
            // The braces are read here. Otherwise the item would end after them, and the `;` would
            // be a second mistake.
            let _: TokenTree = input.parse()?;
        }
        let message = "the names after `includes` stand without braces, such as `includes users.read, users.write;`";
        return Err(syn::Error::new(span, message));
    }
    // Skips `all` or `any`.
    let _: Option<Ident> = input.call(Ident::parse_any).ok();
    let TokenTree::Group(group) = input.parse()? else { return Ok(Vec::new()) };
    let mut ignored = Errors::default();
    let read = |content: ParseStream<'_>| {
        let patterns = patterns(content, before, &mut ignored);
        super::recover::skip_all(content);
        patterns
    };
    let patterns: Vec<Pattern> = syn::parse::Parser::parse2(read, group.stream()).unwrap_or_default();
    let names: Vec<String> = patterns.iter().map(Pattern::text).collect();
    let names = if names.is_empty() { "users.read, users.write".to_owned() } else { names.join(", ") };
    errors.at(span, format_args!("the names after `includes` stand without brackets: write `includes {names}`"));
    Ok(patterns)
}

/// Recognises a misspelt `includes`, as in `includs a.b` and `implies *.read`, but not the next
/// item.
fn is_meant(word: &Ident, input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let text = word.to_string();
    let is_near = suggest::nearest(&text, ["includes"]).is_some()
        || matches!(&*text, "include" | "implies" | "extends" | "contains" | "inherits" | "grants");
    is_near && ahead.call(Ident::parse_any).is_ok() && (ahead.peek(Ident::peek_any) || ahead.peek(Token![*]))
}

/// Recognises a pattern without the comma before it, but not the next item: it begins with `*`, or
/// is a scope that was declared before.
fn another_pattern(input: ParseStream<'_>, before: &[ParsedItem]) -> bool {
    let ahead = input.fork();
    let begins = ahead.peek(Ident::peek_any) || ahead.peek(Token![*]);
    let Some(pattern) = begins.then(|| Pattern::parse(&ahead).ok()).flatten().map(|pattern| pattern.text()) else {
        return false;
    };
    pattern.starts_with('*') || is_declared(&pattern, before)
}

/// Whether a scope of this name was declared before.
pub(super) fn is_declared(name: &str, before: &[ParsedItem]) -> bool {
    before.iter().any(|item| matches!(item, ParsedItem::Scope(scope) if scope.name.wire() == name))
}
