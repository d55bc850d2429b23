//! Reads one argument: its name and its value.

use proc_macro2::{Delimiter, Ident, Literal, Span, TokenStream, TokenTree};
use scopes_core::template::Template;
use scopes_core::{method, suggest};

use super::{Arguments, TextArgument, TokensArgument, route};
use crate::errors::Errors;
use crate::requires::ask::foreign;
use crate::requires::cursor::{Cursor, is_punct};
use crate::requires::tokens::{string, ungrouped, unraw};
use crate::requires::wire::question::{HandlerRoute, Text};

/// Every argument with a name, in the order in which a message lists them. A route has no name:
/// `GET "/path"`.
const ARGUMENTS: [(&str, Kind); 9] = [
    ("as", Kind::ParameterName),
    ("second", Kind::Word(|arguments| &mut arguments.second)),
    ("stricter", Kind::Word(|arguments| &mut arguments.stricter)),
    ("from", Kind::Expression(|arguments| &mut arguments.from)),
    ("tenant", Kind::Expression(|arguments| &mut arguments.tenant)),
    ("unbound", Kind::Reason(|arguments| &mut arguments.unbound)),
    ("via", Kind::Type(|arguments| &mut arguments.via)),
    ("prefix", Kind::Path(|arguments| &mut arguments.prefix)),
    ("unchecked_route", Kind::ReasonInParentheses(|arguments| &mut arguments.unchecked_route)),
];

/// How an argument is written, and the field for its value.
#[derive(Clone, Copy)]
enum Kind {
    /// The argument `as permit`.
    ParameterName,
    /// An argument without a value: `word`.
    Word(Slot<Span>),
    /// A reason in parentheses: `word("why")`.
    ReasonInParentheses(Slot<Span>),
    /// An expression: `word = a.b(c)`.
    Expression(Slot<TokensArgument>),
    /// A type: `word = a::B`.
    Type(Slot<TokensArgument>),
    /// A reason: `word = "why"`.
    Reason(Slot<TextArgument>),
    /// A path: `word = "/path"`.
    Path(Slot<TextArgument>),
}

type Slot<T> = fn(&mut Arguments) -> &mut Option<T>;

/// Whether an argument has this name.
pub(super) fn is_name(word: &str) -> bool {
    kind(word).is_some()
}

#[cfg(test)]
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    ARGUMENTS.iter().map(|(name, _)| *name)
}

fn kind(word: &str) -> Option<Kind> {
    ARGUMENTS.iter().find(|(name, _)| *name == word).map(|(_, kind)| *kind)
}

/// The argument whose name is most similar to this word.
fn nearest(word: &str) -> Option<&'static str> {
    suggest::nearest(word, ARGUMENTS.map(|(name, _)| name))
}

impl Arguments {
    /// Reads one argument.
    pub(super) fn argument(&mut self, cursor: &mut Cursor<'_>, errors: &mut Errors) {
        if let Some((method, path)) = route::read(cursor) {
            let span = cursor.span();
            cursor.skip(2);
            return self.route(Text { value: method, span }, path, errors);
        }
        match cursor.peek() {
            Some(TokenTree::Ident(word)) => self.named(word, cursor, errors),
            Some(token) => {
                // `"users.read", "users.write"` is one mistake, reported at the first.
                if self.requirement.is_some() || !route::is_a_name(token) {
                    errors.at(token.span(), route::not_an_argument(token));
                }
                cursor.up_to_comma();
                self.unread = true;
            }
            None => {}
        }
    }

    /// Reads `GET "/path"`.
    fn route(&mut self, method: Text, path: &Literal, errors: &mut Errors) {
        if let Err(error) = method::check(&method.value) {
            return errors.at(method.span, error);
        }
        let path = Text { value: string(path).unwrap_or_default(), span: path.span() };
        match Template::parse(&path.value) {
            Ok(_) => {
                let span = method.span;
                once(&mut self.route, HandlerRoute { method, path, prefix: None }, "the route", span, errors);
            }
            Err(mistakes) => {
                for mistake in mistakes {
                    errors.at(path.span, mistake);
                }
            }
        }
    }

    /// Reads an argument that begins with its name.
    fn named(&mut self, word: &Ident, cursor: &mut Cursor<'_>, errors: &mut Errors) {
        let (span, written) = (word.span(), unraw(word));
        if let Some(message) = route::odd(&written, cursor) {
            // `method = "GET", path = "/users"` is one mistake.
            if !std::mem::replace(&mut self.odd_route, true) {
                errors.at(span, message);
            }
            cursor.up_to_comma();
            self.unread = true;
            return;
        }
        let (mut name, mut kind) = (written.as_str(), kind(&written));
        let is_known = kind.is_some();
        if !is_known {
            let foreign = foreign::argument(&written, cursor);
            if let Some(message) = foreign {
                errors.at(span, message);
                cursor.up_to_comma();
                self.unread = true;
                return;
            }
            errors.at(span, unknown(&written));
            // The nearest name counts as present, so that it is not reported as missing.
            name = nearest(&written).unwrap_or_default();
            kind = self::kind(name);
        }
        let is_assigned = || is_known || cursor.is_punct_at(1, '=');
        match kind {
            Some(Kind::ParameterName) if word == "as" => self.parameter_name(cursor, errors),
            Some(Kind::Word(slot)) => {
                cursor.skip(1);
                if cursor.is_punct('=') {
                    errors.at(cursor.span(), format_args!("`{name}` takes no value: write `{name}` alone"));
                    cursor.up_to_comma();
                }
                once(slot(self), span, name, span, errors);
            }
            Some(Kind::ReasonInParentheses(slot)) => self.reason_in_parentheses(name, slot, cursor, errors),
            Some(Kind::Expression(slot)) if is_assigned() => self.expression(name, slot, cursor, errors),
            Some(Kind::Type(slot)) if is_assigned() => self.type_path(name, slot, cursor, errors),
            Some(Kind::Reason(slot)) if is_assigned() => self.text(name, slot, cursor, errors),
            Some(Kind::Path(slot)) if is_assigned() => self.text(name, slot, cursor, errors),
            _ => {
                cursor.up_to_comma();
                self.unread = true;
            }
        }
    }

    /// Reads `as permit`.
    fn parameter_name(&mut self, cursor: &mut Cursor<'_>, errors: &mut Errors) {
        let span = cursor.span();
        match cursor.ident_at(1) {
            Some(name) if name != "_" && syn::parse_str::<Ident>(&name.to_string()).is_ok() => {
                cursor.skip(2);
                once(&mut self.name, name.clone(), "as", span, errors);
                if cursor.is_punct(':') {
                    errors.at(cursor.span(), format_args!("`as` is followed by the name alone: `as {name}`"));
                    cursor.up_to_comma();
                }
            }
            _ => {
                cursor.up_to_comma();
                errors.at(span, "`as` is followed by the name of the parameter: `as permit`");
            }
        }
    }

    /// Reads `word("why")`.
    fn reason_in_parentheses(&mut self, word: &str, slot: Slot<Span>, cursor: &mut Cursor<'_>, errors: &mut Errors) {
        let span = cursor.span();
        match cursor.group_at(1, Delimiter::Parenthesis) {
            Some(group) => {
                cursor.skip(2);
                if one_string(group.stream(), group.span(), word, errors).is_some() {
                    once(slot(self), span, word, span, errors);
                }
            }
            None => {
                cursor.up_to_comma();
                errors.at(span, format_args!("`{word}` needs a reason: `{word}(\"why\")`"));
            }
        }
    }

    /// Reads `word = a.b(c)`.
    fn expression(&mut self, word: &str, slot: Slot<TokensArgument>, cursor: &mut Cursor<'_>, errors: &mut Errors) {
        let span = cursor.span();
        if let Some(value) = self.value(word, "..", cursor, errors) {
            once(slot(self), TokensArgument { span, value }, word, span, errors);
        }
    }

    /// Reads `word = a::B`.
    fn type_path(&mut self, word: &str, slot: Slot<TokensArgument>, cursor: &mut Cursor<'_>, errors: &mut Errors) {
        let span = cursor.span();
        let Some(value) = self.value(word, "..", cursor, errors) else { return };
        if let Some(angle) = value.clone().into_iter().find(|token| is_punct(token, '<')) {
            self.unread = true;
            let message = format!("`{word}` takes the path of a type without its arguments, the permit is put there");
            return errors.at(angle.span(), message);
        }
        once(slot(self), TokensArgument { span, value }, word, span, errors);
    }

    /// Reads `word = "why"` or `word = "/path"`.
    fn text(&mut self, word: &str, slot: Slot<TextArgument>, cursor: &mut Cursor<'_>, errors: &mut Errors) {
        let span = cursor.span();
        let Some(value) = self.value(word, "\"..\"", cursor, errors) else { return };
        match one_string(value, span, word, errors) {
            Some(text) => once(slot(self), TextArgument { span, text }, word, span, errors),
            None => self.unread = true,
        }
    }

    /// Reads the tokens after `word =`. The forms `word(..)`, `word: ..` and `word => ..` are
    /// reported, and then read like the right one.
    fn value(
        &mut self,
        word: &str,
        example: &str,
        cursor: &mut Cursor<'_>,
        errors: &mut Errors,
    ) -> Option<TokenStream> {
        let span = cursor.span();
        let message = format!("`{word}` takes a value: `{word} = {example}`");
        let is_equals = cursor.is_punct_at(1, '=');
        let is_arrow = is_equals && cursor.is_punct_at(2, '>');
        let value = if is_equals && !is_arrow {
            cursor.skip(2);
            let value: TokenStream = cursor.up_to_comma().iter().cloned().collect();
            if value.is_empty() {
                errors.at(span, message);
            }
            value
        } else {
            errors.at(span, message);
            cursor.skip(if is_arrow { 3 } else { 1 });
            match cursor.up_to_comma() {
                [TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => group.stream(),
                [TokenTree::Punct(colon), rest @ ..] if colon.as_char() == ':' => rest.iter().cloned().collect(),
                rest if is_arrow => rest.iter().cloned().collect(),
                _ => TokenStream::new(),
            }
        };
        self.unread |= value.is_empty();
        (!value.is_empty()).then_some(value)
    }
}

fn unknown(word: &str) -> String {
    let nearest = nearest(word).map(|nearest| format!(", did you mean `{nearest}`?")).unwrap_or_default();
    let list = ARGUMENTS.map(|(name, _)| format!("`{name}`")).join(", ");
    format!(
        "unknown argument `{word}`{nearest}\nthere are: {list} and a route such as `GET \"/path\"`; several scopes are written `any(..)` or `all(..)`"
    )
}

/// Sets an argument; reports an error if it was set before.
fn once<T>(slot: &mut Option<T>, value: T, word: &str, span: Span, errors: &mut Errors) {
    if slot.is_some() {
        let word = if word.contains(' ') { word.to_owned() } else { format!("`{word}`") };
        return errors.at(span, format_args!("{word} is given twice"));
    }
    *slot = Some(value);
}

/// Reads one string, and reports a reason that is empty.
fn one_string(tokens: TokenStream, span: Span, word: &str, errors: &mut Errors) -> Option<Text> {
    let tokens = ungrouped(tokens);
    if let [TokenTree::Literal(literal)] = &*tokens
        && let Some(value) = string(literal)
    {
        let is_reason = !matches!(kind(word), Some(Kind::Path(_)));
        if is_reason && value.trim().is_empty() {
            errors.at(literal.span(), format_args!("`{word}` needs a reason that says something"));
        }
        return Some(Text { value, span: literal.span() });
    }
    errors.at(tokens.first().map_or(span, TokenTree::span), format_args!("`{word}` takes one string"));
    None
}
