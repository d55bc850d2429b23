//! What stands in the parentheses of `#[requires(..)]`.

use proc_macro2::{Delimiter, Ident, Literal, Span, TokenStream, TokenTree};
use scopes_core::template::Template;
use scopes_core::{method, suggest};

use crate::errors::Errors;
use crate::places::Extent;
use crate::requires::ask::expression::{Requirement, end_of_member, is_scope, listed};
use crate::requires::cursor::{Cursor, is_ident, is_punct};
use crate::requires::tokens::{string, ungrouped, unraw};
use crate::requires::wire::question::{HandlerRoute, Text};

/// The arguments' names, for suggestions.
const ARGUMENTS: [&str; 8] = ["as", "stricter", "from", "tenant", "unbound", "via", "prefix", "unchecked_route"];

/// The arguments as written; what is missing was not written or was reported.
#[derive(Default)]
pub(in crate::requires) struct Arguments {
    pub(in crate::requires) requirement: Option<Requirement>,
    /// `GET "/users"`: the route that the handler serves.
    pub(in crate::requires) route: Option<HandlerRoute>,
    /// `as name`
    pub(in crate::requires) name: Option<Ident>,
    pub(in crate::requires) stricter: Option<Span>,
    pub(in crate::requires) from: Option<TokensArgument>,
    pub(in crate::requires) tenant: Option<TokensArgument>,
    pub(in crate::requires) unbound: Option<TextArgument>,
    pub(in crate::requires) via: Option<TokensArgument>,
    pub(in crate::requires) prefix: Option<TextArgument>,
    pub(in crate::requires) unchecked_route: Option<Span>,
    /// Some argument was not understood: what seems to be missing may be what it meant.
    pub(in crate::requires) unread: bool,
}

/// An argument with tokens for a value.
pub(in crate::requires) struct TokensArgument {
    /// Its name's place.
    pub(in crate::requires) span: Span,
    pub(in crate::requires) value: TokenStream,
}

/// An argument with a string for a value.
pub(in crate::requires) struct TextArgument {
    pub(in crate::requires) span: Span,
    pub(in crate::requires) text: Text,
}

impl Arguments {
    pub(in crate::requires) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
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
            // The name is wanted still: the function's body uses it.
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
        let mut alternatives = Vec::new();
        while !cursor.is_empty() {
            if !end_of_member(&mut cursor, errors) {
                cursor.up_to_comma();
                // One word of what was meant otherwise is no catalogue's path.
                arguments.requirement = arguments.requirement.filter(|requirement| !requirement.first().is_one_word());
            }
            cursor.skip(1);
            if cursor.is_empty() {
                break;
            }
            if is_scope(&cursor) {
                let from = cursor.rest();
                let mut ignored = Errors::default();
                alternatives.extend(Requirement::parse(&mut cursor, &mut ignored).map(|more| (more, from[0].span())));
                cursor.up_to_comma();
                continue;
            }
            arguments.argument(&mut cursor, errors);
        }
        arguments.check_alternatives(&alternatives, start, errors);
        arguments.check(errors);
        arguments
    }

    /// Reads what stands where the requirement should. Whether there is one behind it.
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

    /// A bare list says neither `any` nor `all`, and a guess would be wrong for half of the readers.
    fn check_alternatives(&mut self, more: &[(Requirement, Span)], start: Span, errors: &mut Errors) {
        let (Some(first), Some((last, _))) = (&self.requirement, more.last()) else { return };
        let written = more.iter().flat_map(|(requirement, _)| requirement.names());
        let names: Vec<_> = first.names().iter().chain(written).cloned().collect();
        let listed = listed(&names);
        let end = last.names().last().map_or(start, crate::requires::ask::name::Name::end);
        errors.at(Extent::new(start, end), format!("any or all? write `any({listed})` if one of these scopes suffices, `all({listed})` if the caller needs every one"),
        );
        self.requirement = None;
    }

    fn argument(&mut self, cursor: &mut Cursor<'_>, errors: &mut Errors) {
        let span = cursor.span();
        if cursor.ident().is_some_and(|word| word == "as") {
            return self.named(cursor, errors);
        }
        // `GET "/path"`, `"PURGE" "/path"`
        if let Some(TokenTree::Literal(path)) = cursor.peek_at(1)
            && let Some(text) = string(path)
        {
            let method = match cursor.peek() {
                Some(TokenTree::Ident(ident)) => Some(unraw(ident)),
                Some(TokenTree::Literal(literal)) => string(literal),
                _ => None,
            };
            if let Some(method) = method {
                cursor.skip(2);
                return self.route_argument(&method, span, path, &text, errors);
            }
        }
        if let Some(TokenTree::Literal(literal)) = cursor.peek() {
            cursor.up_to_comma();
            self.unread = true;
            return match string(literal) {
                Some(text) if text.starts_with('/') => {
                    errors.at(span, format!("the route needs its method: `GET \"{text}\"`"));
                }
                _ => errors.at(span, format!("expected an argument such as `GET \"/path\"`, found `{literal}`")),
            };
        }
        let Some(word) = cursor.ident() else {
            let found = cursor.peek().map(ToString::to_string).unwrap_or_default();
            cursor.up_to_comma();
            self.unread = true;
            return errors.at(span, format!("expected an argument such as `GET \"/path\"`, found `{found}`"));
        };
        let written = unraw(word);
        let mut text = written.as_str();
        if !ARGUMENTS.contains(&text) {
            errors.at(span, unknown(text));
            // What was probably meant is taken for it, so that nothing seems to be missing.
            text = suggest::nearest(text, ARGUMENTS).unwrap_or_default();
        }
        match text {
            "stricter" => {
                cursor.skip(1);
                once(&mut self.stricter, span, text, span, errors);
            }
            "unchecked_route" => match cursor.group_at(1, Delimiter::Parenthesis) {
                Some(group) => {
                    cursor.skip(2);
                    if reason(group.stream(), group.span(), text, errors).is_some() {
                        once(&mut self.unchecked_route, span, text, span, errors);
                    }
                }
                None => {
                    cursor.up_to_comma();
                    errors.at(span, "`unchecked_route` needs a reason: `unchecked_route(\"why\")`");
                }
            },
            "from" | "tenant" | "via" | "unbound" | "prefix" if written == text || cursor.is_punct_at(1, '=') => {
                self.assigned(text, cursor, errors);
            }
            _ => {
                cursor.up_to_comma();
                self.unread = true;
            }
        }
    }

    fn route_argument(&mut self, method: &str, method_span: Span, path: &Literal, text: &str, errors: &mut Errors) {
        if let Err(error) = method::check(method) {
            return errors.at(method_span, error.to_string());
        }
        match Template::parse(text) {
            Ok(_) => {
                let method = Text { value: method.to_owned(), span: method_span };
                let path = Text { value: text.to_owned(), span: path.span() };
                once(&mut self.route, HandlerRoute { method, path, prefix: None }, "the route", method_span, errors);
            }
            Err(mistakes) => {
                for mistake in mistakes {
                    errors.at(path.span(), mistake.to_string());
                }
            }
        }
    }

    /// `as name`
    fn named(&mut self, cursor: &mut Cursor<'_>, errors: &mut Errors) {
        let span = cursor.span();
        match cursor.ident_at(1) {
            Some(name) if name != "_" && syn::parse_str::<Ident>(&name.to_string()).is_ok() => {
                cursor.skip(2);
                once(&mut self.name, name.clone(), "as", span, errors);
            }
            _ => {
                cursor.up_to_comma();
                errors.at(span, "`as` is followed by the name of the parameter: `as permit`");
            }
        }
    }

    /// `word = value`
    fn assigned(&mut self, word: &str, cursor: &mut Cursor<'_>, errors: &mut Errors) {
        let span = cursor.span();
        let takes_text = matches!(word, "unbound" | "prefix");
        let example = if takes_text { format!("{word} = \"..\"") } else { format!("{word} = ..") };
        let is_arrow = cursor.is_punct_at(1, '=') && cursor.is_punct_at(2, '>');
        let value: TokenStream = if cursor.is_punct_at(1, '=') && !is_arrow {
            cursor.skip(2);
            cursor.up_to_comma().iter().cloned().collect()
        } else {
            // What else it may look like is read as meant.
            errors.at(span, format!("`{word}` takes a value: `{example}`"));
            cursor.skip(if is_arrow { 3 } else { 1 });
            match cursor.up_to_comma() {
                [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => group.stream(),
                [TokenTree::Punct(colon), rest @ ..] if colon.as_char() == ':' => rest.iter().cloned().collect(),
                rest if is_arrow => rest.iter().cloned().collect(),
                _ => {
                    self.unread = true;
                    return;
                }
            }
        };
        if value.is_empty() {
            self.unread = true;
            return errors.at(span, format!("`{word}` takes a value: `{example}`"));
        }
        if word == "via"
            && let Some(angle) = value.clone().into_iter().find(|token| is_punct(token, '<'))
        {
            self.unread = true;
            return errors
                .at(angle.span(), "`via` takes the path of a type without its arguments, the permit is put there");
        }
        if !takes_text {
            let slot = match word {
                "from" => &mut self.from,
                "tenant" => &mut self.tenant,
                _ => &mut self.via,
            };
            return once(slot, TokensArgument { span, value }, word, span, errors);
        }
        let Some(text) = reason(value, span, word, errors) else {
            self.unread = true;
            return;
        };
        let slot = if word == "prefix" { &mut self.prefix } else { &mut self.unbound };
        once(slot, TextArgument { span, text }, word, span, errors);
    }

    /// Arguments that exclude or need one another.
    fn check(&mut self, errors: &mut Errors) {
        if let Some(prefix) = &self.prefix {
            let text = &prefix.text.value;
            if !text.starts_with('/') || text.ends_with('/') {
                errors.at(
                    prefix.text.span,
                    format!("a prefix begins with `/` and does not end with one: `/{}`", text.trim_matches('/')),
                );
                self.prefix = None;
            }
        }
        if let (Some(via), Some(_)) = (&self.via, &self.from) {
            errors.at(
                via.span,
                "`via` names the type of the parameter, and with `from` there is none: remove one of them",
            );
            self.via = None;
        }
        if let (Some(_), Some(unbound)) = (&self.tenant, &self.unbound) {
            errors.at(
                unbound.span,
                "`tenant` says which tenant it is, `unbound` that there is none yet: remove one of them",
            );
            self.unbound = None;
        }
        if self.from.is_none() && !self.unread {
            for (word, span) in [
                ("tenant", self.tenant.as_ref().map(|it| it.span)),
                ("unbound", self.unbound.as_ref().map(|it| it.span)),
            ] {
                if let Some(span) = span {
                    errors
                        .at(span, format!("`{word}` belongs to `from`: otherwise the request's path names the tenant"));
                }
            }
        }
    }
}

/// The requirement, where it should stand.
fn requirement(cursor: &mut Cursor<'_>, errors: &mut Errors) -> Option<Requirement> {
    if let (Some(word), Some(next)) = (cursor.ident(), cursor.peek_at(1)) {
        let span = cursor.span();
        if is_punct(next, '=') {
            errors
                .at(span, format!("`{word}` is no argument, a scope is written alone: `#[requires(api::users.read)]`"));
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

/// Whether an argument stands here that cannot be a requirement.
fn is_argument(cursor: &Cursor<'_>) -> bool {
    let is_text = |token: &TokenTree| matches!(token, TokenTree::Literal(literal) if string(literal).is_some());
    let is_word = |token: &TokenTree| matches!(token, TokenTree::Ident(_));
    match (cursor.peek(), cursor.peek_at(1)) {
        (Some(method), Some(path)) if is_text(path) => is_word(method) || is_text(method),
        (Some(TokenTree::Ident(word)), Some(next)) if is_punct(next, '=') => ARGUMENTS.contains(&unraw(word).as_str()),
        _ => false,
    }
}

/// Sets what was not set; a second time is an error.
fn once<T>(slot: &mut Option<T>, value: T, word: &str, span: Span, errors: &mut Errors) {
    if slot.is_some() {
        let word = if word.contains(' ') { word.to_owned() } else { format!("`{word}`") };
        return errors.at(span, format!("{word} is given twice"));
    }
    *slot = Some(value);
}

/// The tokens without invisible groups, except in the values of `from` and `tenant`. Those are
/// expressions, in which a group says what binds closer.
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

/// A single string that says something.
fn reason(tokens: TokenStream, span: Span, word: &str, errors: &mut Errors) -> Option<Text> {
    let tokens = ungrouped(tokens);
    if let [TokenTree::Literal(literal)] = &*tokens
        && let Some(text) = string(literal)
    {
        if word != "prefix" && text.trim().is_empty() {
            errors.at(literal.span(), format!("`{word}` needs a reason that says something"));
        }
        return Some(Text { value: text, span: literal.span() });
    }
    errors.at(tokens.first().map_or(span, TokenTree::span), format!("`{word}` takes one string"));
    None
}

fn unknown(word: &str) -> String {
    let nearest =
        suggest::nearest(word, ARGUMENTS).map(|nearest| format!(", did you mean `{nearest}`?")).unwrap_or_default();
    let list = ARGUMENTS.map(|argument| format!("`{argument}`")).join(", ");
    format!(
        "unknown argument `{word}`{nearest}\nthere are: {list} and a route such as `GET \"/path\"`; several scopes are written `any(..)` or `all(..)`"
    )
}

#[cfg(test)]
mod tests;
