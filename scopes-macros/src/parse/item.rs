//! Scopes and blocks.

use proc_macro2::{Ident, TokenStream, TokenTree};
use scopes_core::{method, suggest};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{LitStr, Token, Visibility, token};

use super::attributes::{self, Annotations, Bearer};
use super::name::{Dotted, Pattern, ScopeName};
use super::recover;
use super::route::{self, RouteGroup};
use crate::errors::Errors;
use crate::places::Extent;

/// What a catalogue consists of.
pub(crate) enum ParsedItem {
    Scope(ParsedScope),
    Block(ParsedBlock),
}

/// `environment.users.read { .. }`
pub(crate) struct ParsedScope {
    pub(crate) annotations: Annotations,
    pub(crate) name: ScopeName,
    pub(crate) includes: Vec<Pattern>,
    pub(crate) routes: Vec<RouteGroup>,
}

/// `all(a.b, c.d) { .. }`, `public("why") { .. }` and their like.
pub(crate) struct ParsedBlock {
    pub(crate) annotations: Annotations,
    pub(crate) extent: Extent,
    pub(crate) kind: BlockDemand,
    pub(crate) routes: Vec<RouteGroup>,
}

/// What a block demands.
pub(crate) enum BlockDemand {
    All(Vec<ScopeName>),
    Public(LitStr),
    Authenticated(LitStr),
    External(LitStr),
}

/// Reads one item, if it is one.
pub(super) fn parse(input: ParseStream<'_>, items: &mut Vec<ParsedItem>, errors: &mut Errors) {
    let Some(attributes) = attributes::parse(input, errors) else { return };
    if input.is_empty() {
        if let Some(attribute) = attributes.first() {
            errors.at(attribute.extent, "expected a scope after its attributes");
        }
        return;
    }
    if let Some(error) = another_module(&input.fork()) {
        errors.syntax(&error);
        return recover::skip_item(input);
    }
    let item = match block_word(input) {
        _ if is_route(input) => Err(route_outside(input)),
        Some(word) => block(input, &word, &attributes, errors).map(|block| block.map(ParsedItem::Block)),
        None => scope(input, &attributes, items, errors).map(|scope| Some(ParsedItem::Scope(scope))),
    };
    match item {
        Ok(item) => items.extend(item),
        Err(error) => {
            errors.syntax(&error);
            recover::skip_item(input);
        }
    }
}

/// The word of a block: one of four, and `(` after it.
fn block_word(input: ParseStream<'_>) -> Option<Ident> {
    let ahead = input.fork();
    let word = ahead.call(Ident::parse_any).ok()?;
    (ahead.peek(token::Paren) && ["all", "public", "authenticated", "external"].iter().any(|known| word == known))
        .then_some(word)
}

/// `pub mod another;`: the error at its first word.
fn another_module(input: ParseStream<'_>) -> Option<syn::Error> {
    let span = input.span();
    let _: Visibility = input.parse().ok()?;
    let _: Token![mod] = input.parse().ok()?;
    let name: Ident = input.parse().ok()?;
    let message = format!("one `scopes!` declares one catalogue, write another `scopes! {{ mod {name}; .. }}`");
    Some(syn::Error::new(span, message))
}

/// `GET "/users"`, `under "/users"`
fn is_route(input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let word = match ahead.parse::<LitStr>() {
        Ok(method) => method.value(),
        Err(_) => ahead.call(Ident::parse_any).map(|word| word.to_string()).unwrap_or_default(),
    };
    let is_method = method::check(&word).is_ok() || method::is_standard(&word.to_ascii_uppercase());
    (is_method || word == "under") && ahead.parse::<LitStr>().is_ok_and(|path| path.value().starts_with('/'))
}

/// The error about a route where a scope should stand. Both words are read.
fn route_outside(input: ParseStream<'_>) -> syn::Error {
    let words = [input.parse::<TokenTree>(), input.parse::<TokenTree>()];
    let route: TokenStream = words.into_iter().flatten().collect();
    let message = format!(
        "a route stands under its scope, `users.read {{ {route} .. }}`, or in a block such as `public(\"why\") {{ .. }}`"
    );
    syn::Error::new_spanned(route, message)
}

fn scope(
    input: ParseStream<'_>,
    attributes: &[attributes::Attribute],
    before: &[ParsedItem],
    errors: &mut Errors,
) -> syn::Result<ParsedScope> {
    let annotations = Annotations::read(attributes, Bearer::Scope, errors);
    let mut name = ScopeName::parse(input)?;
    if let ScopeName::Dotted(dotted) = &mut name {
        if input.peek(Token![as]) {
            return Err(as_after_dotted_name(input, &dotted.text()));
        }
        if let Some(message) = reserved(dotted, input) {
            return Err(syn::Error::new(dotted.extent().start, message));
        }
        colons(dotted, input, errors)?;
    }
    let mut includes = includes(input, before, errors)?;
    let routes = if input.peek(token::Brace) {
        let routes = body(input, &name.wire(), errors)?;
        if peek_word(input).is_some_and(|word| word == "includes") && includes.is_empty() {
            errors.at(input.span(), format_args!("`includes` stands before the `{{` of `{}`", name.wire()));
            includes = self::includes(input, before, errors)?;
            input.parse::<Option<Token![;]>>()?;
        }
        recover::no_semicolon(input, errors);
        routes
    } else if is_route(input) {
        let error = route_without_braces(input, &name.wire());
        errors.syntax(&error);
        recover::skip_item(input);
        Vec::new()
    } else if input.peek(token::Paren) && name.wire() == "any" {
        return Err(syn::Error::new(
            name.extent().start,
            "`any(..)` is no block: write the route under each of its scopes, any of them suffices then",
        ));
    } else if input.peek(token::Paren) {
        return Err(recover::expected(
            input,
            format_args!(
                "expected `;`, `includes` or `{{` after `{}`; a block begins with `all(..)`, `public(..)`, `authenticated(..)` or `external(..)`",
                name.wire()
            ),
        ));
    } else if includes.is_empty() && (input.peek(Token![-]) || input.peek(Token![:]) || input.peek(Token![/])) {
        return Err(recover::expected(
            input,
            "a name of other characters than letters, digits, `_` and `.` is written as a string",
        ));
    } else {
        let (extent, what) = match includes.last() {
            None => (name.extent(), format!("`{}`, or `includes`, or `{{` and routes", name.wire())),
            Some(last) => (last.extent(), format!("`{}`, or `,` and another pattern, or `{{` and routes", last.text())),
        };
        recover::end_of_item(input, extent, &what, errors);
        Vec::new()
    };
    Ok(ParsedScope { annotations, name, includes, routes })
}

/// `users.read GET "/users";`: the error at the method and path, which are read.
fn route_without_braces(input: ParseStream<'_>, scope: &str) -> syn::Error {
    let words = [input.parse::<TokenTree>(), input.parse::<TokenTree>()];
    let route: TokenStream = words.into_iter().flatten().collect();
    let message = format!("the routes of a scope stand in braces: `{scope} {{ {route}; }}`");
    syn::Error::new_spanned(route, message)
}

/// What to say of a word of the grammar where a scope is declared: most likely its argument was
/// forgotten.
fn reserved(name: &Dotted, after: ParseStream<'_>) -> Option<String> {
    let [word] = &*name.segments else { return None };
    let word = word.to_string();
    let instead = match &*word {
        "public" | "authenticated" | "external" => format!("{word}(\"why\") {{ .. }}"),
        "all" => "all(a.b, c.d) { .. }".to_owned(),
        "base" => "base \"/api\";".to_owned(),
        "tenant" => "tenant id;".to_owned(),
        "routes" => "routes;".to_owned(),
        _ => return None,
    };
    let rest = if after.peek(token::Brace) || after.peek(LitStr) || after.peek(token::Paren) {
        " { .. }"
    } else if after.peek(Token![;]) {
        ";"
    } else if peek_word(after).is_some_and(|word| word == "includes") {
        " includes .."
    } else {
        return None;
    };
    Some(format!("`{word}` is a word of the grammar: write `{instead}`, or `{word:?}{rest}` for a scope of this name"))
}

/// `users::read {`, `users.read: {`: read as meant.
fn colons(name: &mut Dotted, input: ParseStream<'_>, errors: &mut Errors) -> syn::Result<()> {
    if input.peek(Token![::]) {
        let colons: Token![::] = input.parse()?;
        name.segments.extend(Dotted::parse(input)?.segments);
        while input.parse::<Option<Token![::]>>()?.is_some() {
            name.segments.extend(Dotted::parse(input)?.segments);
        }
        let span = colons.spans[0];
        errors.at(span, format_args!("the parts of a scope's name are separated by dots: `{}`", name.text()));
    }
    if input.peek(Token![:]) && input.peek2(token::Brace) {
        errors.at(input.span(), format_args!("no `:` stands after `{}`", name.text()));
        input.parse::<Token![:]>()?;
    }
    Ok(())
}

/// `includes a.b, *.c`, if it is there.
fn includes(input: ParseStream<'_>, before: &[ParsedItem], errors: &mut Errors) -> syn::Result<Vec<Pattern>> {
    let mut patterns = Vec::new();
    let Some(word) = peek_word(input) else { return Ok(patterns) };
    if word != "includes" {
        if !is_meant_as_includes(&word, input) {
            return Ok(patterns);
        }
        errors.at(word.span(), format_args!("`{word}` does not belong here, did you mean `includes`?"));
    }
    input.call(Ident::parse_any)?;
    loop {
        patterns.push(Pattern::parse(input)?);
        if input.parse::<Option<Token![,]>>()?.is_some() {
            continue;
        }
        match patterns.last() {
            Some(last) if another_pattern(input, before) => {
                let message = format!("expected `,` after `{}` and before the next pattern", last.text());
                errors.at(last.extent(), message);
            }
            _ => return Ok(patterns),
        }
    }
}

/// `includs a.b`, `implies *.read`, and not the next item.
fn is_meant_as_includes(word: &Ident, input: ParseStream<'_>) -> bool {
    let ahead = input.fork();
    let text = word.to_string();
    let is_near = suggest::nearest(&text, ["includes"]).is_some()
        || matches!(&*text, "include" | "implies" | "extends" | "contains" | "inherits");
    is_near && ahead.call(Ident::parse_any).is_ok() && (ahead.peek(Ident::peek_any) || ahead.peek(Token![*]))
}

/// A pattern without the comma before it, and not the next item: it begins with `*`, or is a scope
/// that was declared before.
fn another_pattern(input: ParseStream<'_>, before: &[ParsedItem]) -> bool {
    let ahead = input.fork();
    let begins = ahead.peek(Ident::peek_any) || ahead.peek(Token![*]);
    let Some(pattern) = begins.then(|| Pattern::parse(&ahead).ok()).flatten().map(|pattern| pattern.text()) else {
        return false;
    };
    let is_declared = |item: &ParsedItem| matches!(item, ParsedItem::Scope(scope) if scope.name.wire() == pattern);
    pattern.starts_with('*') || before.iter().any(is_declared)
}

fn peek_word(input: ParseStream<'_>) -> Option<Ident> {
    input.fork().call(Ident::parse_any).ok()
}

/// `users.read as people.read`: the error at what follows the name.
fn as_after_dotted_name(input: ParseStream<'_>, name: &str) -> syn::Error {
    let keyword = input.span();
    let other = input.parse::<Token![as]>().and_then(|_| Dotted::parse(input));
    let other = other.map_or_else(|_| "another.name".to_owned(), |dotted| dotted.text());
    syn::Error::new(keyword, format_args!("`as` goes behind a string: write `{name:?} as {other}`"))
}

fn block(
    input: ParseStream<'_>,
    word: &Ident,
    attributes: &[attributes::Attribute],
    errors: &mut Errors,
) -> syn::Result<Option<ParsedBlock>> {
    let annotations = Annotations::read(attributes, Bearer::Block, errors);
    let start: Extent = input.call(Ident::parse_any)?.span().into();
    let content;
    let parentheses = syn::parenthesized!(content in input);
    let kind = if word == "all" { members(&content).map(BlockDemand::All) } else { reason(&content, word) };
    recover::skip_all(&content);
    let kind = kind.map_err(|error| errors.syntax(&error));
    if !input.peek(token::Brace) {
        return Err(recover::expected(input, format_args!("expected `{{` and routes after `{word}(..)`")));
    }
    // Without knowing what the block demands its routes cannot be kept, but they are read for their
    // own mistakes.
    let routes = body(input, "", errors)?;
    recover::no_semicolon(input, errors);
    let extent = start.to(parentheses.span.close().into());
    Ok(kind.ok().map(|kind| ParsedBlock { annotations, extent, kind, routes }))
}

fn members(content: ParseStream<'_>) -> syn::Result<Vec<ScopeName>> {
    let mut members = Vec::new();
    while !content.is_empty() {
        members.push(ScopeName::parse(content)?);
        if content.is_empty() {
            break;
        }
        if content.parse::<Option<Token![,]>>()?.is_none() {
            return Err(recover::expected(content, "expected `,` between the scopes of `all(..)`"));
        }
    }
    Ok(members)
}

fn reason(content: ParseStream<'_>, word: &Ident) -> syn::Result<BlockDemand> {
    let expected = format!("expected the reason as one string, such as `{word}(\"why\")`");
    if !content.peek(LitStr) {
        return Err(recover::expected(content, expected));
    }
    let reason = content.parse()?;
    if !content.is_empty() {
        return Err(recover::expected(content, expected));
    }
    Ok(match word.to_string().as_str() {
        "public" => BlockDemand::Public(reason),
        "authenticated" => BlockDemand::Authenticated(reason),
        _ => BlockDemand::External(reason),
    })
}

/// The routes of a scope; of a block if there is no name.
fn body(input: ParseStream<'_>, scope: &str, errors: &mut Errors) -> syn::Result<Vec<RouteGroup>> {
    let content;
    syn::braced!(content in input);
    Ok(route::parse_all(&content, scope, errors))
}
