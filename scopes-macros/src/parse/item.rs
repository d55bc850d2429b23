//! Scopes and blocks.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::ParseStream;
use syn::{LitStr, Token, Visibility, token};

use super::attributes::{self, Annotations, Bearer};
use super::foreign_tail::{self, Tail};
use super::name::{Dotted, ScopeName};
use super::parsed::{BlockDemand, ParsedBlock, ParsedItem, ParsedScope};
use super::route::{self, RouteGroup};
use super::words::{is_route, is_word, rest_of_item, route_of, sign, skip_sign};
use super::{foreign_item, includes, recover};
use crate::errors::Errors;
use crate::places::Extent;

/// Reads one item, if there is one.
pub(super) fn parse(input: ParseStream<'_>, items: &mut Vec<ParsedItem>, errors: &mut Errors) {
    let Some(attributes) = attributes::parse(input, errors) else { return };
    if input.is_empty() {
        if let Some(attribute) = attributes.first() {
            errors.at(attribute.extent, "expected a scope after its attributes");
        }
        return;
    }
    if let Some(error) = foreign_item::item(input).or_else(|| another_module(&input.fork())) {
        errors.syntax(&error);
        errors.lose_scope();
        return recover::skip_item(input);
    }
    foreign_item::attribute_without_brackets(input, errors);
    foreign_item::words_before(input, errors);
    let item = match block_word(input, errors) {
        _ if is_route(input) => Err(route_outside(input)),
        Some(word) => block(input, &word, &attributes, errors).map(|block| block.map(ParsedItem::Block)),
        None => scope(input, &attributes, items, errors).map(|scope| Some(ParsedItem::Scope(scope))),
    };
    match item {
        Ok(item) => items.extend(item),
        Err(error) => {
            errors.syntax(&error);
            errors.lose_scope();
            recover::skip_item(input);
        }
    }
}

/// The word of a block, one of four, with a `(` after it. A misspelt word is reported and
/// corrected.
fn block_word(input: ParseStream<'_>, errors: &mut Errors) -> Option<Ident> {
    let ahead = input.fork();
    let word = ahead.call(Ident::parse_any).ok()?;
    if !ahead.peek(token::Paren) {
        return None;
    }
    if let Some(meant) = foreign_item::meant_block(&word.to_string()) {
        errors.at(word.span(), format_args!("`{word}(..)` is not a block, did you mean `{meant}(..)`?"));
        return Some(Ident::new(meant, word.span()));
    }
    ["all", "public", "authenticated", "external"].iter().any(|known| word == known).then_some(word)
}

/// Reports `pub mod another;` at its first word.
fn another_module(input: ParseStream<'_>) -> Option<syn::Error> {
    let span = input.span();
    let _: Visibility = input.parse().ok()?;
    let _: Token![mod] = input.parse().ok()?;
    let name: Ident = input.parse().ok()?;
    let message = format!("one `scopes!` declares one catalogue, write another `scopes! {{ mod {name}; .. }}`");
    Some(syn::Error::new(span, message))
}

/// The error for a route where a scope is expected. Reads its method and its path.
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
    let mut includes = match foreign_tail::parse(input, &name, before, errors)? {
        Tail::Skipped => return Ok(ParsedScope { annotations, name, includes: Vec::new(), routes: Vec::new() }),
        Tail::Includes(patterns) => patterns,
        Tail::Grammar => includes::parse(input, before, errors)?,
    };
    let routes = if input.peek(token::Brace) {
        let routes = body(input, &name.wire(), errors)?;
        if is_word(input, "includes") && includes.is_empty() {
            errors.at(input.span(), format_args!("`includes` stands before the `{{` of `{}`", name.wire()));
            includes = includes::parse(input, before, errors)?;
            input.parse::<Option<Token![;]>>()?;
        }
        recover::no_semicolon(input, errors);
        routes
    } else if input.peek(token::Paren) && matches!(&*name.wire(), "any" | "one_of" | "or" | "either" | "some") {
        let message = format!(
            "`{}(..)` is not a block: write the route under each of its scopes, any of them suffices then",
            name.wire()
        );
        return Err(syn::Error::new(name.extent().start, message));
    } else if input.peek(token::Paren) {
        return Err(recover::expected(
            input,
            format_args!(
                "expected `;`, `includes` or `{{` after `{}`; a block begins with `all(..)`, `public(..)`, `authenticated(..)` or `external(..)`",
                name.wire()
            ),
        ));
    } else if includes.is_empty()
        && (input.peek(Token![-]) || input.peek(Token![:]) || input.peek(Token![/]))
        && let ScopeName::Dotted(dotted) = &name
    {
        return Err(foreign_tail::name_of_other_characters(input, dotted));
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

/// The message for a word of the grammar in place of a scope's name: the user has probably
/// forgotten its argument.
fn reserved(name: &Dotted, after: ParseStream<'_>) -> Option<String> {
    let [word] = &*name.segments else { return None };
    let word = word.to_string();
    let instead = match &*word {
        "public" | "authenticated" | "external" => format!("{word}(\"why\") {{ .. }}"),
        "all" => "all(a.b, c.d) { .. }".to_owned(),
        "base" => "base \"/api\";".to_owned(),
        "tenant" => "tenant id;".to_owned(),
        "routes" | "Routes" => "routes;".to_owned(),
        _ => return None,
    };
    if is_route(after) {
        let block = instead.trim_end_matches("{ .. }");
        let path = rest_of_item(after).get(1).map(ToString::to_string).unwrap_or_default();
        let under = is_word(after, "under").then(|| format!("under {path} {{ .. }}"));
        let route = under.unwrap_or_else(|| route_of(rest_of_item(after)));
        return block
            .ends_with(") ")
            .then(|| format!("`{word}` routes stand in a block of their own: write `{block}{{ {route} }}`"));
    }
    if word == "Routes" {
        return after.peek(Token![;]).then(|| "did you mean `routes;`?".to_owned());
    }
    let rest = if after.peek(token::Brace) || after.peek(LitStr) || after.peek(token::Paren) {
        " { .. }"
    } else if after.peek(Token![;]) {
        ";"
    } else if is_word(after, "includes") {
        " includes .."
    } else {
        return None;
    };
    Some(format!("`{word}` is a word of the grammar: write `{instead}`, or `{word:?}{rest}` for a scope of this name"))
}

/// Reports `users::read {` and reads it as it was meant.
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
    Ok(())
}

/// The error for `users.read as people.read`, at the `as`.
fn as_after_dotted_name(input: ParseStream<'_>, name: &str) -> syn::Error {
    let keyword = input.span();
    let other = input.parse::<Token![as]>().and_then(|_| Dotted::parse(input));
    let other = other.map_or_else(|_| "another.name".to_owned(), |dotted| dotted.text());
    syn::Error::new(keyword, format_args!("`as` must follow a string: write `{name:?} as {other}`"))
}

fn block(
    input: ParseStream<'_>,
    word: &Ident,
    attributes: &[attributes::Attribute],
    errors: &mut Errors,
) -> syn::Result<Option<ParsedBlock>> {
    let annotations = Annotations::read(attributes, Bearer::Block, errors);
    let start: Extent = input.call(Ident::parse_any)?.span().into();
    let written = format!("{word}{}", input.fork().parse::<TokenTree>()?);
    let content;
    let parentheses = syn::parenthesized!(content in input);
    let kind = if word == "all" { members(&content).map(BlockDemand::All) } else { reason(&content, word) };
    recover::skip_all(&content);
    let kind = kind.map_err(|error| errors.syntax(&error));
    if let Some(sign) = sign(input) {
        let after = input.fork();
        skip_sign(&after, sign);
        if after.peek(token::Brace) {
            errors.at(input.span(), format_args!("no `{sign}` stands after `{word}(..)`"));
            skip_sign(input, sign);
        } else if is_route(&after) {
            return Err(block_without_braces(input, &written, &after));
        }
    }
    if is_route(input) {
        return Err(block_without_braces(input, &written, input));
    }
    if !input.peek(token::Brace) {
        return Err(recover::expected(input, format_args!("expected `{{` and routes after `{word}(..)`")));
    }
    // If the demand of the block is not known, its routes are dropped, but they are read for their
    // own mistakes.
    let routes = body(input, "", errors)?;
    recover::no_semicolon(input, errors);
    let extent = start.to(parentheses.span.close().into());
    Ok(kind.ok().map(|kind| ParsedBlock { annotations, extent, kind, routes }))
}

/// The error for `public("why") GET "/health";`.
fn block_without_braces(input: ParseStream<'_>, block: &str, route: ParseStream<'_>) -> syn::Error {
    let routes =
        if is_word(route, "under") { "under \"/path\" { .. }".to_owned() } else { route_of(rest_of_item(route)) };
    recover::expected(input, format_args!("the routes of a block stand in braces: `{block} {{ {routes} }}`"))
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

/// Reads the routes of a scope, or of a block if `scope` is empty.
fn body(input: ParseStream<'_>, scope: &str, errors: &mut Errors) -> syn::Result<Vec<RouteGroup>> {
    let content;
    syn::braced!(content in input);
    Ok(route::parse_all(&content, scope, errors))
}
