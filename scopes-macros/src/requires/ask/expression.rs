//! Requirements of handlers: one scope, or `any(..)` and `all(..)` of requirements, nested to any
//! depth.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use scopes_core::{Expression, ExpressionError, MAX_TERMS};

use crate::errors::Errors;
use crate::places::Extent;
use crate::requires::ask::foreign::{self, NEGATED};
use crate::requires::ask::name::Name;
use crate::requires::ask::quoted::unquoted;
use crate::requires::cursor::{Cursor, is_punct};
use crate::requires::tokens::{generated, string, ungrouped, unraw};
use crate::requires::wire::write_alternatives;

/// A requirement as the user wrote it.
pub(super) struct Requirement {
    /// Every name, in the order in which it was written; at least one.
    names: Vec<Name>,
    /// The canonical alternatives, as positions in `names`.
    alternatives: Vec<Vec<usize>>,
}

impl Requirement {
    /// Reads a requirement. `None` after an error.
    pub(super) fn parse(cursor: &mut Cursor<'_>, errors: &mut Errors) -> Option<Self> {
        let mut names = Vec::new();
        let start = cursor.span();
        let expression = expression(cursor, &mut names, errors)?;
        let first = names.first()?;
        if let Some(odd) = names.iter().find(|name| name.root_text() != first.root_text()) {
            let instead = match (&*first.root_text(), &*odd.root_text()) {
                ("", _) => format!("write `{odd}` without a path, as the first one"),
                (root, "") => format!("write `{odd}` as `{root}::{odd}`, as the first one"),
                // The two paths may lead to one catalogue or to two.
                (root, other) => format!(
                    "the first one's is `{root}`, this one's is `{other}`; what another catalogue demands goes into a `#[requires]` of its own"
                ),
            };
            errors.at(
                Extent::new(odd.root_start(), odd.end()),
                format!("the names of one requirement are of one catalogue and written with one path: {instead}"),
            );
            return None;
        }
        match expression.to_dnf() {
            Ok(terms) => {
                // Names with the same path are the same scope if their texts are equal.
                let position = |dotted: &String| names.iter().position(|name| name.dotted() == *dotted);
                let alternatives = terms.iter().map(|term| term.iter().filter_map(position).collect()).collect();
                Some(Self { names, alternatives })
            }
            Err(ExpressionError::TooManyTerms) => {
                let message = format!(
                    "this requirement comes to more than {MAX_TERMS} alternatives, demand a scope that includes them"
                );
                errors.at(start, message);
                None
            }
            // The other errors were reported at their places.
            Err(_) => None,
        }
    }

    /// The first name; its path leads to the catalogue.
    pub(super) fn first(&self) -> &Name {
        &self.names[0]
    }

    pub(super) fn names(&self) -> &[Name] {
        &self.names
    }

    /// The start of the requirement's first name.
    pub(super) fn span(&self) -> Span {
        self.first().start()
    }

    /// The type `R` of `Permit<R>`. Equivalent requirements have the same type.
    pub(super) fn to_type(&self, stricter: bool, from: Option<Span>) -> TokenStream {
        let terms = self.alternatives.iter().map(|term| {
            let markers = term.iter().map(|&name| self.names[name].marker(from));
            self.nested("All", markers.collect())
        });
        let requirement = self.nested("Any", terms.collect());
        if !stricter {
            return requirement;
        }
        let (facade, span) = (self.first().facade(), self.first().seat());
        quote_spanned! {span=> #facade::Stricter<#requirement> }
    }

    /// Nests types: `Any<A, Any<B, C>>`.
    fn nested(&self, combination: &str, types: Vec<TokenStream>) -> TokenStream {
        let (facade, span) = (self.first().facade(), self.first().seat());
        let combination = Ident::new(combination, span);
        let all =
            types.into_iter().rev().reduce(|rest, first| quote_spanned! {span=> #facade::#combination<#first, #rest> });
        all.unwrap_or_default()
    }

    /// The names that absorption has removed from the type. They must exist nevertheless.
    pub(super) fn absorbed(&self) -> impl Iterator<Item = &Name> {
        let kept: BTreeSet<String> =
            self.alternatives.iter().flatten().map(|&name| self.names[name].dotted()).collect();
        self.names.iter().filter(move |name| !kept.contains(&name.dotted()))
    }

    /// The canonical alternatives in the text form of the questions: `a.b,c.d;e.f`.
    pub(super) fn to_text(&self) -> String {
        let term = |term: &Vec<usize>| term.iter().map(|&name| self.names[name].dotted()).collect::<Vec<_>>();
        let mut text = String::new();
        write_alternatives(&mut text, self.alternatives.iter().map(term));
        text
    }
}

fn expression(cursor: &mut Cursor<'_>, names: &mut Vec<Name>, errors: &mut Errors) -> Option<Expression<String>> {
    if !foreign::before_a_name(cursor, errors) {
        return None;
    }
    let span = cursor.span();
    match cursor.peek() {
        Some(TokenTree::Ident(word)) => {
            if let Some(group) = cursor.group_at(1, Delimiter::Parenthesis) {
                cursor.skip(2);
                return combination(word, group, names, errors);
            }
        }
        Some(TokenTree::Literal(literal)) => {
            errors.at(span, unquoted("", &[], &string(literal).unwrap_or_default()));
            return None;
        }
        Some(token) if is_punct(token, '!') => {
            errors.at(span, NEGATED);
            return None;
        }
        Some(TokenTree::Group(group)) => {
            errors.at(group.span(), foreign::group(&ungrouped(group.stream())));
            return None;
        }
        _ => {}
    }
    let name = Name::parse(cursor, errors)?;
    let dotted = name.dotted();
    names.push(name);
    Some(Expression::One(dotted))
}

/// Reads `any(..)` or `all(..)`. All members are read, so that each mistake among them is reported.
fn combination(word: &Ident, group: &Group, names: &mut Vec<Name>, errors: &mut Errors) -> Option<Expression<String>> {
    let text = unraw(word);
    match &*text {
        "any" | "all" => {}
        "not" => {
            errors.at(Extent::new(word.span(), group.span()), NEGATED);
            return None;
        }
        _ if foreign::open_route(&text).is_some() => {
            errors.at(word.span(), foreign::open_route(&text).unwrap_or_default());
            return None;
        }
        _ => {
            let meant = match &*text {
                "and" | "every" | "each" => "write `all(..)`",
                "or" | "one" | "one_of" | "either" | "some" => "write `any(..)`",
                _ => "there are `any(..)` and `all(..)`",
            };
            errors.at(word.span(), format!("`{text}(..)` combines no scopes, {meant}"));
            return None;
        }
    }
    let tokens = ungrouped(group.stream());
    let mut cursor = Cursor::new(&tokens);
    let mut members = Vec::new();
    let mut sound = true;
    if tokens.is_empty() {
        errors.at(
            Extent::new(word.span(), group.span()),
            format!("`{text}()` names no scope, write `{text}(api::users.read, api::users.write)`"),
        );
        return None;
    }
    while !cursor.is_empty() {
        match expression(&mut cursor, names, errors) {
            Some(member) => {
                members.push(member);
                sound &= end_of_member(&mut cursor, errors);
            }
            None => sound = false,
        }
        cursor.up_to_comma();
        cursor.skip(1);
    }
    if !sound {
        return None;
    }
    Some(if text == "any" { Expression::Any(members) } else { Expression::All(members) })
}

/// Checks that a requirement is followed by a comma, by `as`, or by the end.
pub(super) fn end_of_member(cursor: &mut Cursor<'_>, errors: &mut Errors) -> bool {
    let Some(token) = cursor.peek() else { return true };
    if is_punct(token, ',') {
        return true;
    }
    let (span, message) = foreign::after_a_name(token, cursor.rest().get(1..).unwrap_or_default());
    errors.at(span, message);
    false
}

/// Whether a requirement follows: a combination, a path or a dotted name.
pub(super) fn is_scope(cursor: &Cursor<'_>) -> bool {
    let combination = cursor.ident().is_some_and(|word| word == "any" || word == "all")
        && cursor.group_at(1, Delimiter::Parenthesis).is_some();
    let path = cursor.is_path_separator_at(0)
        || cursor.ident().is_some() && (cursor.is_path_separator_at(1) || cursor.is_punct_at(1, '.'));
    combination || path
}

/// All names as text, for messages.
pub(super) fn listed(names: &[Name]) -> String {
    names.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// An item that uses a type, so that the compiler checks the type.
pub(super) fn checked_only(kind: &TokenStream, span: Span) -> TokenStream {
    let span = generated(span);
    let phantom = quote! { ::core::marker::PhantomData };
    quote_spanned! {span=> const _: #phantom<#kind> = #phantom; }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<String, Vec<String>> {
        let tokens: Vec<TokenTree> = text.parse::<TokenStream>().unwrap().into_iter().collect();
        let mut errors = Errors::default();
        let requirement = Requirement::parse(&mut Cursor::new(&tokens), &mut errors);
        match requirement {
            Some(requirement) if errors.is_empty() => Ok(requirement.to_text()),
            None => Err(errors.messages()),
            Some(_) => panic!("a requirement and an error"),
        }
    }

    #[test]
    fn canonical() {
        for (text, expected) in [
            ("api::a.b", "a.b"),
            ("any(api::a.b)", "a.b"),
            ("any(api::c.d, api::a.b)", "a.b;c.d"),
            ("all(api::c.d, api::a.b,)", "a.b,c.d"),
            ("all(a.x, any(c.x, b.x))", "a.x,b.x;a.x,c.x"),
            ("any(a.x, all(a.x, b.x))", "a.x"),
            ("all(any(a.x, b.x), any(a.x, b.x))", "a.x;b.x"),
            ("any(all.read, any.write)", "all.read;any.write"),
        ] {
            assert_eq!(parse(text), Ok(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn refused() {
        for (text, messages) in [
            ("any()", &["`any()` names no scope, write `any(api::users.read, api::users.write)`"][..]),
            ("all(a.b, all())", &["`all()` names no scope, write `all(api::users.read, api::users.write)`"]),
            ("\"a.b\"", &["a scope is written without quotes, after the path of its catalogue, such as `api::a.b`"]),
            ("\"a:b\"", &["a scope is written without quotes, after the path of its catalogue, such as `api::a.b`"]),
            ("not(a.b)", &[NEGATED]),
            ("!a.b", &[NEGATED]),
            (
                "all(a.b, not(c.d), \"e\")",
                &[NEGATED, "a scope is written without quotes, after the path of its catalogue, such as `api::e`"],
            ),
            ("and(a.b, c.d)", &["`and(..)` combines no scopes, write `all(..)`"]),
            ("one_of(a.b, c.d)", &["`one_of(..)` combines no scopes, write `any(..)`"]),
            ("foo(a.b, c.d)", &["`foo(..)` combines no scopes, there are `any(..)` and `all(..)`"]),
            (
                "[a.b, c.d]",
                &["write `any(..)` if one of these scopes suffices, `all(..)` if the caller needs every one"],
            ),
            ("any(a.b | c.d)", &["`|` does not combine scopes, write `any(a, b)`"]),
            (
                "any(api::a.b, c.d)",
                &[
                    "the names of one requirement are of one catalogue and written with one path: write `c.d` as `api::c.d`, as the first one",
                ],
            ),
            (
                "any(a.b, api::c.d)",
                &[
                    "the names of one requirement are of one catalogue and written with one path: write `api::c.d` without a path, as the first one",
                ],
            ),
            (
                "all(api::a.b, admin::c.d)",
                &[
                    "the names of one requirement are of one catalogue and written with one path: the first one's is `api`, this one's is `admin`; what another catalogue demands goes into a `#[requires]` of its own",
                ],
            ),
        ] {
            assert_eq!(parse(text), Err(messages.iter().map(ToString::to_string).collect()), "{text}");
        }
    }

    #[test]
    fn too_many_terms() {
        let pairs: Vec<String> = (0..7).map(|index| format!("any(a.x{index}, b.x{index})")).collect();
        let message = "this requirement comes to more than 64 alternatives, demand a scope that includes them";
        assert_eq!(parse(&format!("all({})", pairs.join(", "))), Err(vec![message.to_owned()]));
        assert_eq!(parse(&format!("all({})", pairs[..6].join(", "))).unwrap().split(';').count(), 64);
    }

    /// Another library joined nested conditions without parentheses and let callers in. So this
    /// test checks the whole truth table.
    #[test]
    #[allow(clippy::nonminimal_bool, reason = "each closure repeats its text")]
    fn truth_table() {
        type Truth = fn(bool, bool, bool) -> bool;
        let cases: [(&str, Truth); 5] = [
            ("all(any(s.a, s.b), s.c)", |a, b, c| (a || b) && c),
            ("any(all(s.a, s.b), s.c)", |a, b, c| (a && b) || c),
            ("all(s.a, any(s.b, all(s.c, s.a)))", |a, b, c| a && (b || (c && a))),
            ("any(s.a, all(s.b, any(s.c, s.a)))", |a, b, c| a || (b && (c || a))),
            ("all(any(s.a, s.b), any(s.b, s.c), any(s.c, s.a))", |a, b, c| (a || b) && (b || c) && (c || a)),
        ];
        for (text, expected) in cases {
            let terms = parse(text).unwrap();
            for bits in 0_u8..8 {
                let held = |scope: &str| bits >> (scope.as_bytes()[2] - b'a') & 1 == 1;
                let found = terms.split(';').any(|term| term.split(',').all(held));
                assert_eq!(found, expected(held("s.a"), held("s.b"), held("s.c")), "{text} {bits:03b}");
            }
        }
    }
}
