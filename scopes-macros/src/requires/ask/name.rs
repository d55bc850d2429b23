//! The name of a scope in an attribute: `api::environment.users.read`.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use crate::expand::hidden_macro::STANDARD_MACROS;

use crate::errors::Errors;
use crate::places::Extent;
use crate::requires::ask::foreign;
use crate::requires::ask::quoted::unquoted;
use crate::requires::cursor::{Cursor, is_ident, is_punct};
use crate::requires::tokens::{all_generated, generated, path_ident, string, unraw};
use crate::requires::wire::question::{NameQuestion, RouteQuestion, Segment};

/// A scope's name as the user wrote it, with the path of its catalogue.
#[derive(Clone)]
pub(super) struct Name {
    /// `crate::auth::api`, without the last `::`; empty for a name that an import brings into
    /// scope.
    root: Vec<TokenTree>,
    /// The segments. Empty only after a path that ends in `::`.
    segments: Vec<Ident>,
    /// The dot or `::` at the end of an incomplete name, which the user is still typing. The error
    /// lists what can follow.
    open: Option<Span>,
    /// A span inside the name that belongs to no identifier, if there is one.
    seat: Option<Span>,
}

/// The message at a place where a name should begin.
pub(in crate::requires) const EXPECTED_NAME: &str = "expected a scope's name such as `api::users.read`";

impl Name {
    /// Reads a name. `None` after an error.
    pub(super) fn parse(cursor: &mut Cursor<'_>, errors: &mut Errors) -> Option<Self> {
        let start = cursor.rest();
        let mut name = Self { root: Vec::new(), segments: Vec::new(), open: None, seat: None };
        if cursor.is_path_separator_at(0) {
            cursor.skip(2);
        }
        let mut first = Self::segment(&[], &[], cursor, errors)?;
        while cursor.is_path_separator_at(0) {
            name.root = start[..start.len() - cursor.rest().len()].to_vec();
            name.seat = Some(cursor.span());
            cursor.skip(2);
            if is_end(cursor) {
                name.open = cursor.last_span();
                return name.check_begin(errors).then_some(name);
            }
            first = Self::segment(&name.root, &[], cursor, errors)?;
        }
        name.segments.push(first);
        while cursor.is_punct('.') {
            let dot = cursor.span();
            name.seat.get_or_insert(dot);
            cursor.skip(1);
            if is_end(cursor) {
                name.open = Some(dot);
                break;
            }
            let segment = Self::segment(&name.root, &name.segments, cursor, errors)?;
            name.segments.push(segment);
        }
        foreign::method_of_a_name(&mut name.segments, cursor, errors);
        if foreign::separator_of_a_name(&name.to_string(), name.segments.len(), cursor, errors) {
            return None;
        }
        (name.check_begin(errors) && name.check_bare(errors)).then_some(name)
    }

    /// Refuses names with an impossible beginning, for which rustc's message would not help.
    fn check_begin(&self, errors: &mut Errors) -> bool {
        let last = self.root.iter().rev().find(|token| matches!(token, TokenTree::Ident(_)));
        let first = self.segments.first().map(unraw).unwrap_or_default();
        let message = if last.is_some_and(|last| is_ident(last, "Scope")) {
            let root = self.root_text();
            let root = root.strip_suffix("Scope").unwrap_or_default();
            let name = without_capitals(&self.dotted());
            format!("`Scope` is the type of values, a scope is written as its dotted name, such as `{root}{name}`")
        } else if self.root.is_empty() && matches!(&*first, "crate" | "self" | "super" | "Self")
            || self.root.first().is_some_and(|first| is_ident(first, "Self"))
        {
            let first = self.root.first().map_or(first, ToString::to_string);
            format!("`{first}` begins no scope's name: write the catalogue's path and `::`, such as `api::users.read`")
        } else {
            return true;
        };
        errors.at(Extent::new(self.root_start(), self.end()), message);
        false
    }

    fn segment(root: &[TokenTree], before: &[Ident], cursor: &mut Cursor<'_>, errors: &mut Errors) -> Option<Ident> {
        let span = cursor.span();
        match cursor.peek() {
            Some(TokenTree::Ident(ident)) => {
                cursor.skip(1);
                return Some(ident.clone());
            }
            Some(TokenTree::Literal(literal)) => errors.at(
                span,
                match string(literal) {
                    Some(text) => unquoted(&path_text(root), before, &text),
                    None => format!(
                        "`{literal}` cannot be a segment here: give the scope another dotted name with `as` in `scopes!`"
                    ),
                },
            ),
            Some(token) if is_punct(token, '.') => {
                errors.at(span, "one dot stands between two segments of a scope's name");
            }
            Some(token) if is_punct(token, '*') && !root.is_empty() => errors.at(
                span,
                "a name has no `*`: demand one scope that includes the others, or name each in `any(..)` or `all(..)`",
            ),
            _ => errors.at(span, EXPECTED_NAME),
        }
        None
    }

    /// Refuses a name without a path whose first segment is a macro of the standard library.
    fn check_bare(&self, errors: &mut Errors) -> bool {
        let Some(first) = self.segments.first() else { return true };
        let text = unraw(first);
        if self.is_one_word()
            && let Err(message) = foreign::check_word(first)
        {
            errors.at(first.span(), message);
            return false;
        }
        if !self.root.is_empty() || !STANDARD_MACROS.contains(&text.as_str()) {
            return true;
        }
        let message = format!(
            "`{text}` is also a macro of the standard library: write the catalogue's path before it, such as `api::{self}`"
        );
        errors.at(Extent::new(self.start(), self.end()), message);
        false
    }

    /// The name without its path: `environment.users.read`.
    pub(super) fn dotted(&self) -> String {
        self.segments.iter().map(unraw).collect::<Vec<_>>().join(".")
    }

    /// The catalogue's path as text, for comparison; empty for a name without a path.
    pub(super) fn root_text(&self) -> String {
        path_text(&self.root)
    }

    /// The start of the name, without its path.
    pub(super) fn start(&self) -> Span {
        self.segments.first().map_or_else(|| self.end(), Ident::span)
    }

    /// The span for generated tokens. It is not the span of an identifier, because rust-analyzer
    /// would take each of the tokens for that identifier.
    pub(super) fn seat(&self) -> Span {
        generated(self.seat.unwrap_or_else(|| self.start()))
    }

    pub(super) fn end(&self) -> Span {
        self.open.or_else(|| self.segments.last().map(Ident::span)).unwrap_or_else(Span::call_site)
    }

    /// The start of the name, including its path.
    pub(super) fn root_start(&self) -> Span {
        self.root.first().map_or_else(|| self.start(), TokenTree::span)
    }

    /// The path of the module with the items that the attribute needs: the module of the catalogue,
    /// or of the name's first segment. The tokens are those that the user wrote. rust-analyzer
    /// would take copies with another span for references to the whole attribute, and could not
    /// rename anything.
    fn home(&self) -> Vec<TokenTree> {
        match self.segments.first() {
            Some(first) if self.root.is_empty() => vec![TokenTree::Ident(path_ident(first))],
            _ => self.root.clone(),
        }
    }

    /// The facade as this catalogue knows it: `HOME::__scopes`.
    pub(super) fn facade(&self) -> TokenStream {
        let (home, span) = (self.home(), self.seat());
        quote_spanned! {span=> #(#home)*::__scopes }
    }

    /// Like [`facade`](Self::facade), but placed at another span, for errors about the tokens
    /// there.
    pub(super) fn facade_at(&self, place: Span) -> TokenStream {
        let (home, span) = (all_generated(&self.home(), place), generated(place));
        quote_spanned! {span=> #home::__scopes }
    }

    /// Passes these tokens, which name the catalogue, through its hidden macro. If the catalogue is
    /// not found or is private, rustc then reports one error and not one for each path. The tokens
    /// of a name without a path stay unchanged, because IDEs look at the first place of its word.
    pub(super) fn within_the_catalogue(&self, tokens: TokenStream) -> TokenStream {
        if self.root.is_empty() {
            return tokens;
        }
        let (hidden, span) = (self.hidden_macro(), self.seat());
        quote_spanned! {span=> #hidden! { @same #tokens } }
    }

    /// A call of the catalogue's hidden macro, which passes its tables and these tokens to
    /// `callback`.
    fn ask(&self, tables: &str, callback: &str, question: &TokenStream) -> TokenStream {
        let (hidden, span) = (self.hidden_macro(), self.seat());
        let home: TokenStream = self.home().into_iter().collect();
        let (tables, callback) = (Ident::new(tables, span), Ident::new(callback, span));
        quote_spanned! {span=> #hidden! { @#tables { #home::__scopes::__private::#callback } #question } }
    }

    /// The path of the catalogue's hidden macro.
    fn hidden_macro(&self) -> TokenStream {
        let span = self.seat();
        let home: TokenStream = self.home().into_iter().collect();
        // If the user forgot to import a group, rustc then suggests the import. A name without dots
        // may also be the catalogue's name, which is not a macro.
        if self.root.is_empty() && !self.is_top_level() {
            home
        } else {
            quote_spanned! {span=> #home::__check }
        }
    }

    /// Asks whether a handler demands the same as its routes.
    pub(super) fn ask_about_routes(&self, question: &RouteQuestion) -> TokenStream {
        self.ask("routes", "requires_route", &question.write())
    }

    /// The marker of this scope as a type. The macro asks the catalogue for it, so that a wrong
    /// name is exactly one error. `from` is the span of the error for a scope that must not be
    /// checked without a request and a tenant.
    pub(super) fn marker(&self, from: Option<Span>) -> TokenStream {
        let root = &self.root;
        let root = if root.is_empty() {
            TokenStream::new()
        } else {
            quote! { #(#root)*:: }
        };
        let segment = |segment: &Ident| Segment { text: unraw(segment), span: segment.span() };
        let question = NameQuestion {
            root: root.into_iter().collect(),
            segments: self.segments.iter().map(segment).collect(),
            open: self.open,
            seat: self.seat(),
            from,
        };
        self.ask("names", "requires_type", &question.write())
    }

    /// Whether the name has neither a path nor a dot.
    pub(super) fn is_one_word(&self) -> bool {
        self.root.is_empty() && self.is_top_level()
    }

    /// Whether the path leads to a type and not to a constant.
    pub(super) fn is_top_level(&self) -> bool {
        self.segments.len() == 1 && self.open.is_none()
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let root = self.root_text();
        let separator = if root.is_empty() { "" } else { "::" };
        write!(f, "{root}{separator}{}", self.dotted())
    }
}

/// Whether no segment follows: the input ends, or a comma or `as permit` follows.
fn is_end(cursor: &Cursor<'_>) -> bool {
    cursor.is_empty()
        || cursor.is_punct(',')
        || cursor.peek().is_some_and(|token| is_ident(token, "as")) && cursor.ident_at(1).is_some()
}

/// A path as text, without spaces.
fn path_text(path: &[TokenTree]) -> String {
    path.iter().map(ToString::to_string).collect()
}

/// Writes `users.read` for `UsersRead`.
fn without_capitals(text: &str) -> String {
    let (mut name, mut before) = (String::new(), None);
    for character in text.chars() {
        if character.is_uppercase() && before.is_some_and(|before: char| !before.is_uppercase()) {
            name.push('.');
        }
        name.extend(character.to_lowercase());
        before = Some(character);
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<(String, String, bool, String), Vec<String>> {
        let tokens: Vec<TokenTree> = text.parse::<TokenStream>().unwrap().into_iter().collect();
        let mut errors = Errors::default();
        let mut cursor = Cursor::new(&tokens);
        let name = Name::parse(&mut cursor, &mut errors);
        let rest = cursor.rest().iter().map(ToString::to_string).collect::<String>();
        match name {
            Some(name) if errors.is_empty() => Ok((name.root_text(), name.dotted(), name.open.is_some(), rest)),
            None => Err(errors.messages()),
            Some(_) => panic!("a name and an error"),
        }
    }

    #[test]
    fn accepted() {
        for (text, root, dotted, trailing, rest) in [
            ("api::environment.users.read", "api", "environment.users.read", false, ""),
            ("environment.users.read", "", "environment.users.read", false, ""),
            ("crate::auth::api::a.b", "crate::auth::api", "a.b", false, ""),
            ("super::api::x.y, GET", "super::api", "x.y", false, ",GET"),
            ("::catalogue::api::x.y as p", "::catalogue::api", "x.y", false, "asp"),
            ("api::write", "api", "write", false, ""),
            ("api::write.all", "api", "write.all", false, ""),
            ("admin", "", "admin", false, ""),
            ("api::environment.type.list", "api", "environment.type.list", false, ""),
            ("api::environment.r#type.list", "api", "environment.type.list", false, ""),
            ("api::a.as.b as p", "api", "a.as.b", false, "asp"),
            ("api::environment.users.", "api", "environment.users", true, ""),
            ("api::environment., GET", "api", "environment", true, ",GET"),
            ("api::", "api", "", true, ""),
            ("crate::api::, GET", "crate::api", "", true, ",GET"),
            ("api::environment. as permit", "api", "environment", true, "aspermit"),
        ] {
            assert_eq!(parse(text), Ok((root.to_owned(), dotted.to_owned(), trailing, rest.to_owned())), "{text}");
        }
    }

    #[test]
    fn refused() {
        for (text, message) in [
            ("a..b", "one dot stands between two segments of a scope's name"),
            ("a.2 .b", "`2` cannot be a segment here: give the scope another dotted name with `as` in `scopes!`"),
            ("a.2fa", "`2fa` cannot be a segment here: give the scope another dotted name with `as` in `scopes!`"),
            (
                "api::\"legacy:status\"",
                "a scope is written without quotes, after the path of its catalogue: `api::legacy.status`",
            ),
            (
                "api::users.\"read\"",
                "a scope is written without quotes, after the path of its catalogue: `api::users.read`",
            ),
            ("api::\"*\"", "a scope is written as its dotted name, without quotes"),
            (
                "api::*",
                "a name has no `*`: demand one scope that includes the others, or name each in `any(..)` or `all(..)`",
            ),
            (
                "api::users.*",
                "a name has no `*`: demand one scope that includes the others, or name each in `any(..)` or `all(..)`",
            ),
            ("api::users:read", "the segments of a scope's name are separated by dots: `api::users.read`"),
            ("api::a-b.read", "the segments of a scope's name are separated by dots: `api::a.b`"),
            ("users/all/read", "the segments of a scope's name are separated by dots: `users.all.read`"),
            ("api::users[\"read\"]", "the segments of a scope's name are separated by dots: `api::users.read`"),
            ("*.read", "expected a scope's name such as `api::users.read`"),
            (
                "crate::api::Scope::UsersRead",
                "`Scope` is the type of values, a scope is written as its dotted name, such as `crate::api::users.read`",
            ),
            (
                "Scope::AdminAPI",
                "`Scope` is the type of values, a scope is written as its dotted name, such as `admin.api`",
            ),
            (
                "self.users.read",
                "`self` begins no scope's name: write the catalogue's path and `::`, such as `api::users.read`",
            ),
            ("crate", "`crate` begins no scope's name: write the catalogue's path and `::`, such as `api::users.read`"),
            (
                "write.all",
                "`write` is also a macro of the standard library: write the catalogue's path before it, such as `api::write.all`",
            ),
        ] {
            assert_eq!(parse(text), Err(vec![message.to_owned()]), "{text}");
        }
    }
}
