//! Prints the names of an attribute as paths that only an IDE sees: for go to definition, hover,
//! references, rename and completion.
//!
//! This file reads the names from the tokens and not from the parsed arguments, and each missing
//! segment gets a placeholder. So the paths are printed at the same places while the user types,
//! whatever is wrong in the rest of the attribute.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use crate::requires::cursor::{Cursor, is_ident};
use crate::requires::tokens::{path_ident, ungrouped, unraw};

/// Prints the paths in the arguments of an attribute. They come first in the body of the function:
/// see [`question`](crate::requires::wire::question) for the tokens that must not come before them.
pub(super) fn navigation(arguments: &TokenStream) -> TokenStream {
    let mut paths = Paths::default();
    paths.member(&ungrouped(arguments.clone()), true);
    let paths = paths.printed;
    quote_spanned! {Span::mixed_site()=>
        #[allow(unexpected_cfgs, reason = "known to IDEs only")]
        const _: () = {
            #[cfg(rust_analyzer)]
            const _: () = { #paths };
        };
    }
}

#[derive(Default)]
struct Paths {
    printed: TokenStream,
    /// The path of the first name's catalogue, with the last `::`.
    home: Option<TokenStream>,
}

impl Paths {
    /// Reads a list of names. Outside of `any(..)` and `all(..)`, also reads arguments.
    fn member(&mut self, tokens: &[TokenTree], outermost: bool) {
        let mut cursor = Cursor::new(tokens);
        let mut is_first = true;
        while is_first || !cursor.is_empty() {
            self.one(&mut cursor, outermost && !is_first, outermost);
            is_first = false;
            cursor.up_to_comma();
            cursor.skip(1);
        }
    }

    /// Reads one name, one combination, or the name of one argument.
    fn one(&mut self, cursor: &mut Cursor<'_>, may_be_argument: bool, outermost: bool) {
        if let Some(word) = cursor.ident() {
            if word == "as" {
                return;
            }
            if let Some(group) = cursor.group_at(1, Delimiter::Parenthesis)
                && (word == "any" || word == "all")
            {
                return self.member(&ungrouped(group.stream()), false);
            }
            let is_path = cursor.is_path_separator_at(1) || cursor.is_punct_at(1, '.');
            if may_be_argument && !is_path {
                return self.argument(word);
            }
        }
        if outermost && cursor.rest().is_empty() && self.home.is_none() {
            // The user has typed nothing yet.
            self.printed.extend(quote! { let _ = __::__Marker; });
        }
        let Some(name) = DottedPath::read(cursor) else { return };
        if self.home.is_none() {
            self.home = name.home();
        }
        self.printed.extend(name.print());
    }

    /// Prints the name of an argument as a path to its documentation.
    fn argument(&mut self, word: &Ident) {
        let Some(home) = &self.home else { return };
        let text = unraw(word);
        // Keywords that cannot be raw are not the names of items.
        if !matches!(&*text, "self" | "super" | "crate" | "Self" | "_") {
            let word = path_ident(word);
            self.printed.extend(quote! { let _ = #home __scopes::__private::words::arguments::#word; });
        }
    }
}

/// A name such as `api::environment.users.`, complete or not.
struct DottedPath {
    /// The path with its last `::`.
    root: Vec<TokenTree>,
    segments: Vec<Ident>,
    /// Whether the next segment is missing.
    open: bool,
}

impl DottedPath {
    /// Reads a path. `None` if no path begins here, or for words that cannot be in one.
    fn read(cursor: &mut Cursor<'_>) -> Option<Self> {
        let start = cursor.rest();
        if cursor.is_path_separator_at(0) {
            cursor.skip(2);
        }
        let mut path = Self { root: Vec::new(), segments: vec![cursor.ident()?.clone()], open: false };
        cursor.skip(1);
        while cursor.is_path_separator_at(0) {
            cursor.skip(2);
            path.root = start[..start.len() - cursor.rest().len()].to_vec();
            path.segments.clear();
            path.next_segment(cursor);
        }
        while cursor.is_punct('.') {
            cursor.skip(1);
            path.next_segment(cursor);
        }
        let is_keyword = |segment: &Ident| matches!(&*unraw(segment), "self" | "super" | "crate" | "Self" | "_");
        (!path.segments.iter().any(is_keyword)).then_some(path)
    }

    fn next_segment(&mut self, cursor: &mut Cursor<'_>) {
        let is_end = cursor.peek().is_some_and(|token| is_ident(token, "as")) && cursor.ident_at(1).is_some();
        match cursor.ident().filter(|_| !is_end) {
            Some(segment) => {
                self.segments.push(segment.clone());
                cursor.skip(1);
            }
            None => self.open = true,
        }
    }

    /// The path of the module that contains `__scopes`, with the last `::`.
    fn home(&self) -> Option<TokenStream> {
        if self.root.is_empty() {
            let first = path_ident(self.segments.first()?);
            return Some(quote! { #first:: });
        }
        Some(self.root.iter().cloned().collect())
    }

    /// Prints `let _ = api::environment::users::read;`, with the tokens that the user wrote.
    fn print(&self) -> TokenStream {
        let root = &self.root;
        let segments = self.segments.iter().map(path_ident);
        let open = self.open.then(|| Ident::new("__", Span::mixed_site()));
        // A single word is the name of a module, which is not a value.
        let marker = (root.is_empty() && self.segments.len() == 1 && !self.open)
            .then(|| Ident::new("__Marker", Span::mixed_site()));
        let path = segments.chain(open).chain(marker);
        quote! { let _ = #(#root)* #(#path)::*; }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requires::tokens::squeezed;

    fn paths(arguments: &str) -> Vec<String> {
        let printed = squeezed(&navigation(&arguments.parse().unwrap()).to_string());
        let printed = printed.split("const_:()={").last().unwrap().split('}').next().unwrap().to_owned();
        printed.split_terminator(';').map(|path| path.strip_prefix("let_=").unwrap().to_owned()).collect()
    }

    #[test]
    fn names() {
        for (arguments, expected) in [
            ("api::environment.type.list", &["api::environment::r#type::list"][..]),
            ("environment.users.read as permit", &["environment::users::read"]),
            ("api::write", &["api::write"]),
            (
                "::a::api::write.all, GET \"/x\"",
                &["::a::api::write::all", "::a::api::__scopes::__private::words::arguments::GET"],
            ),
            ("users", &["users::__Marker"]),
            ("api::a.self", &[]),
            ("any(api::a.b, all(api::c, api::d.e))", &["api::a::b", "api::c", "api::d::e"]),
            ("api::a.b, api::c.d", &["api::a::b", "api::c::d"]),
            (
                "a.b, from = x.y, stricter, r#tenant = z",
                &[
                    "a::b",
                    "a::__scopes::__private::words::arguments::from",
                    "a::__scopes::__private::words::arguments::stricter",
                    "a::__scopes::__private::words::arguments::r#tenant",
                ],
            ),
        ] {
            assert_eq!(paths(arguments), expected, "{arguments}");
        }
    }

    #[test]
    fn while_the_user_types() {
        for (arguments, expected) in [
            ("", &["__::__Marker"][..]),
            ("api::", &["api::__"]),
            ("api::environment.", &["api::environment::__"]),
            (
                "environment.users., GET",
                &["environment::users::__", "environment::__scopes::__private::words::arguments::GET"],
            ),
            ("api::environment. as permit", &["api::environment::__"]),
            ("any(api::a., api::)", &["api::a::__", "api::__"]),
            ("api::a.b || api::c.", &["api::a::b"]),
            ("\"a.b\"", &[]),
            ("!a.b", &[]),
            ("as x", &[]),
            (", a.b", &["a::b"]),
        ] {
            assert_eq!(paths(arguments), expected, "{arguments}");
        }
    }
}
