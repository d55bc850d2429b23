//! The arguments of `#[requires(..)]`: a requirement, and named arguments after it.

mod argument;
mod combinations;
mod route;

use proc_macro2::{Ident, Span, TokenStream, TokenTree};

use self::argument::is_name;
use crate::errors::Errors;
use crate::places::Extent;
use crate::requires::ask::expression::{Requirement, end_of_member, is_scope, listed};
use crate::requires::ask::name::Name;
use crate::requires::cursor::{Cursor, is_ident, is_punct};
use crate::requires::tokens::{string, ungrouped, unraw};
use crate::requires::wire::question::{HandlerRoute, Text};

/// The arguments that were read. A field is empty if the argument was not written, or after an
/// error about it.
#[derive(Default)]
pub(super) struct Arguments {
    pub(super) requirement: Option<Requirement>,
    /// The route that the handler serves: `GET "/users"`.
    pub(super) route: Option<HandlerRoute>,
    /// The name of the permit: `as name`.
    pub(super) name: Option<Ident>,
    /// The word `second`: the permit becomes the second parameter.
    pub(super) second: Option<Span>,
    pub(super) stricter: Option<Span>,
    pub(super) from: Option<TokensArgument>,
    pub(super) tenant: Option<TokensArgument>,
    pub(super) unbound: Option<TextArgument>,
    pub(super) via: Option<TokensArgument>,
    pub(super) prefix: Option<TextArgument>,
    pub(super) unchecked_route: Option<Span>,
    /// Whether some argument was not understood. It may be the one that seems to be missing.
    pub(super) unread: bool,
    /// Whether the route was written in the notation of another language.
    odd_route: bool,
}

/// An argument with tokens for a value.
pub(super) struct TokensArgument {
    /// The span of the argument's name.
    pub(super) span: Span,
    pub(super) value: TokenStream,
}

/// An argument with a string for a value.
pub(super) struct TextArgument {
    pub(super) span: Span,
    pub(super) text: Text,
}

impl Arguments {
    pub(super) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let tokens = ungrouped_but_for_values(tokens);
        let mut arguments = Self::default();
        let mut cursor = Cursor::new(&tokens);
        if tokens.is_empty() {
            errors.at(
                Span::call_site(),
                "`#[requires]` names no scope, write one such as `#[requires(api::users.read)]`",
            );
            return arguments;
        }
        if is_argument(&cursor) && !arguments.before_the_requirement(&mut cursor, errors) {
            return arguments;
        }
        let start = cursor.span();
        arguments.requirement = requirement(&mut cursor, errors);
        if arguments.requirement.is_none() {
            // The name of the parameter is still needed, because the function's body uses it.
            while !cursor.is_empty()
                && !cursor.is_punct(',')
                && !cursor.peek().is_some_and(|token| is_ident(token, "as"))
            {
                cursor.skip(1);
            }
        }
        if cursor.ident().is_some_and(|word| word == "as") {
            arguments.argument(&mut cursor, errors);
        }
        let mut more = Vec::new();
        while !cursor.is_empty() {
            if !end_of_member(&mut cursor, errors) {
                cursor.up_to_comma();
                // A single word followed by something else is not a path to a catalogue.
                arguments.requirement = arguments.requirement.filter(|requirement| !requirement.first().is_one_word());
            }
            cursor.skip(1);
            if cursor.is_empty() {
                break;
            }
            if is_scope(&cursor) {
                let mut ignored = Errors::default();
                more.extend(Requirement::parse(&mut cursor, &mut ignored));
                cursor.up_to_comma();
                continue;
            }
            arguments.argument(&mut cursor, errors);
        }
        arguments.check_alternatives(&more, start, errors);
        arguments.check_combinations(errors);
        arguments
    }

    /// Reads arguments that come before the requirement. Returns whether a requirement follows.
    fn before_the_requirement(&mut self, cursor: &mut Cursor<'_>, errors: &mut Errors) -> bool {
        let start = cursor.span();
        while is_argument(cursor) {
            self.argument(cursor, errors);
            cursor.up_to_comma();
            cursor.skip(1);
        }
        let example = "`#[requires(api::users.read, GET \"/users\")]`";
        errors.at(
            start,
            if cursor.is_empty() {
                format!("`#[requires]` names no scope, write one before everything else: {example}")
            } else {
                format!("the requirement comes first: {example}")
            },
        );
        !cursor.is_empty()
    }

    /// Reports a list of scopes without `any` or `all`: a guess would be wrong for half of the
    /// readers.
    fn check_alternatives(&mut self, more: &[Requirement], start: Span, errors: &mut Errors) {
        let (Some(first), Some(last)) = (&self.requirement, more.last()) else { return };
        let names: Vec<_> = first.names().iter().chain(more.iter().flat_map(Requirement::names)).cloned().collect();
        let listed = listed(&names);
        let end = last.names().last().map_or(start, Name::end);
        let message = format!(
            "any or all? write `any({listed})` if one of these scopes suffices, `all({listed})` if the caller needs every one"
        );
        errors.at(Extent::new(start, end), message);
        self.requirement = None;
    }
}

/// Reads the requirement at its place.
fn requirement(cursor: &mut Cursor<'_>, errors: &mut Errors) -> Option<Requirement> {
    if let (Some(word), Some(next)) = (cursor.ident(), cursor.peek_at(1)) {
        let span = cursor.span();
        if is_punct(next, ':') && !cursor.is_path_separator_at(1) {
            errors.at(span, format!("the name of the permit stands after the scope: `api::users.read as {word}`"));
            cursor.skip(2);
        } else if is_punct(next, '=') {
            errors.at(
                span,
                format!("`{word}` is not an argument, a scope is written alone: `#[requires(api::users.read)]`"),
            );
            cursor.up_to_comma();
            return None;
        }
        if matches!(next, TokenTree::Ident(_)) && matches!(&*word.to_string(), "mut" | "ref" | "pub" | "let") {
            errors.at(span, format!("`{word}` does not belong here: write `api::users.read as permit`"));
            cursor.skip(1);
        }
    }
    Requirement::parse(cursor, errors)
}

/// Whether the next tokens are an argument that cannot be a requirement.
fn is_argument(cursor: &Cursor<'_>) -> bool {
    let is_text = |token: &TokenTree| matches!(token, TokenTree::Literal(literal) if string(literal).is_some());
    let is_word = |token: &TokenTree| matches!(token, TokenTree::Ident(_));
    match (cursor.peek(), cursor.peek_at(1)) {
        (Some(method), Some(path)) if is_text(path) => is_word(method) || is_text(method),
        (Some(TokenTree::Ident(word)), Some(next)) if is_punct(next, '=') => is_name(&unraw(word)),
        _ => false,
    }
}

/// The tokens without invisible groups, except in the values of `from` and `tenant`. In these
/// expressions, a group determines the precedence.
fn ungrouped_but_for_values(tokens: TokenStream) -> Vec<TokenTree> {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut cursor = Cursor::new(&tokens);
    let mut all: Vec<TokenTree> = Vec::new();
    while let Some(token) = cursor.peek() {
        let begins = all.last().is_none_or(|before| is_punct(before, ','));
        if begins && (is_ident(token, "from") || is_ident(token, "tenant")) && cursor.is_punct_at(1, '=') {
            all.extend_from_slice(cursor.up_to_comma());
        } else {
            all.extend(ungrouped([token.clone()]));
            cursor.skip(1);
        }
    }
    all
}

#[cfg(test)]
mod tests;
