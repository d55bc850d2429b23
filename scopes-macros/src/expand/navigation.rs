//! Prints the names and words of a block as paths that only an IDE sees: for go to definition,
//! hover, references, rename and completion.
//!
//! A declared name needs no path, because the generated item has its tokens. This file prints the
//! names after `includes`, in `all(..)` and after the `use` of a deprecation, and the words of the
//! language. It reads them from the tokens and not from the parsed declaration, so that they are
//! printed at the same places while the user types.

use std::collections::HashSet;
use std::fmt::Write as _;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};

use crate::requires::cursor::{Cursor, is_punct};
use crate::requires::tokens::{path_ident, ungrouped, unraw};

/// Prints the paths of a block, and the modules with which they begin, in the catalogue's module.
/// `name` is that module without its place, `groups` are the beginnings of the names. The paths
/// come before the module, because the length of the text before a path must not change while the
/// user types, and the documentation of the module does change.
pub(super) fn print(
    block: &TokenStream,
    cfg: &TokenStream,
    name: &Ident,
    groups: &[Ident],
) -> (TokenStream, TokenStream) {
    let paths = paths_of(block);
    let paths = quote_spanned! {Span::mixed_site()=>
        #cfg
        #[allow(unexpected_cfgs, reason = "only an IDE sees what is inside")]
        const _: () = {
            #[cfg(rust_analyzer)]
            {
                use #name::{__items, __methods, __names, __words};
                #paths
            }
        };
    };
    let modules = quote_spanned! {Span::mixed_site()=>
        #[cfg(rust_analyzer)]
        pub use __scopes::__private::words::{self as __words, methods as __methods};
        #[cfg(rust_analyzer)]
        pub mod __names {
            pub use super::{#(#groups),*};
        }
        #[cfg(rust_analyzer)]
        pub mod __items {
            pub use super::{#(#groups),*};
            pub use super::__words::items::*;
        }
    };
    (paths, modules)
}

fn paths_of(block: &TokenStream) -> TokenStream {
    let tokens = ungrouped(block.clone());
    let mut cursor = Cursor::new(&tokens);
    let mut paths = Paths::default();
    skip_head(&mut cursor);
    while !cursor.is_empty() {
        paths.item(&mut cursor);
    }
    paths.printed
}

/// Skips `($crate)` and everything before the first item, up to `mod api;`.
fn skip_head(cursor: &mut Cursor<'_>) {
    while let Some(token) = cursor.next() {
        if matches!(token, TokenTree::Ident(word) if word == "mod") {
            cursor.skip(1);
            if cursor.is_punct(';') {
                cursor.skip(1);
            }
            return;
        }
    }
}

#[derive(Default)]
struct Paths {
    printed: TokenStream,
    /// The beginnings of the names that were declared so far. The first one has the tokens of the
    /// module.
    modules: HashSet<String>,
}

impl Paths {
    /// Reads one setting, scope or block; at least one token.
    fn item(&mut self, cursor: &mut Cursor<'_>) {
        self.attributes(cursor);
        match (cursor.ident(), cursor.peek_at(1)) {
            (Some(word), Some(TokenTree::Group(group))) if group.delimiter() == Delimiter::Parenthesis => {
                self.word("items", word);
                if word == "all" {
                    self.names(&mut Cursor::new(&ungrouped(group.stream())));
                }
                cursor.skip(2);
            }
            (Some(word), Some(next)) if is_setting(word, next) => {
                self.word("items", word);
                cursor.skip(1);
            }
            (Some(_), _) => self.scope(cursor),
            _ => {}
        }
        // Skips names in quotes, and tokens that cannot be read.
        while !begins_attribute(cursor)
            && let Some(token) = cursor.next()
        {
            match token {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => return self.routes(group),
                TokenTree::Ident(word) if word == "includes" => {
                    self.word("after_name", word);
                    self.names(cursor);
                }
                token if is_punct(token, ';') => return,
                _ => {}
            }
        }
    }

    /// Reads a declared name such as `environment.users.read`. The generated item has the tokens of
    /// a segment that occurs for the first time: a path would be another reference in the same
    /// place, and no IDE could rename the item. The path is printed only while nothing follows the
    /// name.
    fn scope(&mut self, cursor: &mut Cursor<'_>) {
        let name = dotted(cursor);
        let next = cursor.peek();
        let is_declared = match next {
            Some(TokenTree::Group(_) | TokenTree::Literal(_)) => true,
            Some(TokenTree::Ident(word)) if word == "includes" => true,
            Some(TokenTree::Ident(word)) => {
                self.word("after_name", word);
                true
            }
            Some(TokenTree::Punct(_)) => !begins_attribute(cursor),
            None => false,
        };
        if is_declared {
            self.repeated(name);
        } else {
            self.path("__items", &name);
        }
    }

    /// Prints the segments of a declared name with which an earlier name has already begun.
    fn repeated(&mut self, mut name: Vec<Ident>) {
        let mut module = String::new();
        let is_new = |segment: &Ident| {
            let _ = write!(module, "{segment}.");
            self.modules.insert(module.clone())
        };
        let known = name.iter().map(is_new).filter(|is_new| !is_new).count();
        if known > 0 {
            name.truncate(known);
            self.path("__names", &name);
        }
    }

    /// Reads `a.b, *.c`, up to a token that is neither a name nor a comma.
    fn names(&mut self, cursor: &mut Cursor<'_>) {
        loop {
            if cursor.is_punct('*') {
                cursor.skip(1);
                while cursor.is_punct('.') {
                    cursor.skip(2);
                }
            } else {
                let name = dotted(cursor);
                self.path("__names", &name);
            }
            if !cursor.is_punct(',') {
                return;
            }
            cursor.skip(1);
        }
    }

    /// Reads `{ GET "/users"; under "/users" { .. } }`.
    fn routes(&mut self, group: &Group) {
        let tokens = ungrouped(group.stream());
        let mut cursor = Cursor::new(&tokens);
        while !cursor.is_empty() {
            self.attributes(&mut cursor);
            if let Some(word) = cursor.ident() {
                self.word("methods", word);
            }
            while let Some(token) = cursor.next() {
                match token {
                    TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                        self.routes(group);
                        break;
                    }
                    token if is_punct(token, ';') => break,
                    _ => {}
                }
            }
        }
        // Prints a placeholder where the next route would begin.
        self.path("methods", &[placeholder()]);
    }

    /// Reads `#[global("why")]`, and doc comments.
    fn attributes(&mut self, cursor: &mut Cursor<'_>) {
        while begins_attribute(cursor) {
            cursor.skip(1);
            let Some(TokenTree::Group(group)) = cursor.next() else { return };
            match group.stream().into_iter().next() {
                Some(TokenTree::Ident(word)) if word == "doc" || word == "cfg" => {}
                Some(TokenTree::Ident(word)) => {
                    self.word("attributes", &word);
                    self.successor(group);
                }
                _ => self.path("attributes", &[placeholder()]),
            }
        }
    }

    /// Reads the name after `use` in `deprecated(use = users.read)`.
    fn successor(&mut self, attribute: &Group) {
        let Some(TokenTree::Group(arguments)) = attribute.stream().into_iter().nth(1) else { return };
        let tokens = ungrouped(arguments.stream());
        let mut cursor = Cursor::new(&tokens);
        while let Some(token) = cursor.next() {
            if matches!(token, TokenTree::Ident(word) if word == "use") && cursor.is_punct('=') {
                cursor.skip(1);
                if !matches!(cursor.peek(), Some(TokenTree::Literal(_))) {
                    let name = dotted(&mut cursor);
                    self.path("__names", &name);
                }
            }
        }
    }

    fn word(&mut self, list: &str, word: &Ident) {
        if !is_outside_of_paths(word) {
            self.path(list, &[path_ident(word)]);
        }
    }

    /// Prints a path below one of the lists of words, or below one of the modules that are printed.
    fn path(&mut self, begin: &str, segments: &[Ident]) {
        let module = Ident::new(begin, Span::mixed_site());
        self.printed.extend(if begin.starts_with("__") {
            quote! { #module #(::#segments)*; }
        } else if begin == "methods" {
            // The list that is used most often has the shortest path.
            quote! { __methods #(::#segments)*; }
        } else {
            quote! { __words::#module #(::#segments)*; }
        });
    }
}

/// Reads a dotted name. A missing segment becomes a placeholder.
fn dotted(cursor: &mut Cursor<'_>) -> Vec<Ident> {
    let mut segments = Vec::new();
    loop {
        match cursor.ident() {
            Some(segment) if !is_outside_of_paths(segment) => {
                segments.push(path_ident(segment));
                cursor.skip(1);
            }
            _ => segments.push(placeholder()),
        }
        if !cursor.is_punct('.') {
            return segments;
        }
        cursor.skip(1);
    }
}

/// The placeholder of a segment that the user has not typed yet.
fn placeholder() -> Ident {
    Ident::new("__", Span::mixed_site())
}

/// Words that cannot be in a path, not even in their raw form.
fn is_outside_of_paths(word: &Ident) -> bool {
    matches!(&*unraw(word), "self" | "super" | "crate" | "Self" | "_")
}

/// Whether a setting begins here: `base "/api"`, `tenant account`, `principal crate::Account`,
/// `routes;`.
fn is_setting(word: &Ident, next: &TokenTree) -> bool {
    match next {
        TokenTree::Literal(_) => word == "base",
        TokenTree::Ident(next) => (word == "tenant" || word == "principal") && next != "includes",
        next if is_punct(next, ';') => word == "routes",
        next => word == "principal" && (is_punct(next, ':') || is_punct(next, '<')),
    }
}

fn begins_attribute(cursor: &Cursor<'_>) -> bool {
    cursor.is_punct('#') && cursor.group_at(1, Delimiter::Bracket).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requires::tokens::squeezed;

    fn paths(block: &str) -> Vec<String> {
        let block = format!("($crate) /// Docs.\n #[non_exhaustive] pub mod api; {block}");
        let printed = squeezed(&paths_of(&block.parse().unwrap()).to_string());
        let short = |path: &str| path.replace("__words::", "").replace("__methods", "methods");
        printed.split_terminator(';').map(short).filter(|path| path != "methods::__").collect()
    }

    #[test]
    fn a_block() {
        let block = r#"
            base "/api"; tenant account; routes; principal Account;
            /// Read.
            users.read includes a.b, *.read, c.type { /// List.
                GET "/users" as list; #[global("why")] POST "/users"; under "/users" { PUT "/{id}"; } }
            "a:b" as a.b includes users.read;
            all(users.read, a.b) { DELETE "/x"; }
            public("why") {}
            users.write;
            users.admin.all { }
            users.admin;
        "#;
        assert_eq!(
            paths(block),
            [
                "items::base",
                "items::tenant",
                "items::routes",
                "items::principal",
                "after_name::includes",
                "__names::a::b",
                "__names::c::r#type",
                "methods::GET",
                "attributes::global",
                "methods::POST",
                "methods::under",
                "methods::PUT",
                "after_name::includes",
                "__names::users::read",
                "items::all",
                "__names::users::read",
                "__names::a::b",
                "methods::DELETE",
                "items::public",
                "__names::users",
                "__names::users",
                "__names::users::admin",
            ]
        );
    }

    #[test]
    fn while_the_user_types() {
        for (block, expected) in [
            ("users", &["__items::users"][..]),
            ("pub", &["__items::r#pub"]),
            ("users.", &["__items::users::__"]),
            ("users. /// Docs.\n users.read;", &["__items::users::__"]),
            ("users.read incl", &["after_name::incl"]),
            ("users.read includes", &["after_name::includes", "__names::__"]),
            ("users.read includes ;", &["after_name::includes", "__names::__"]),
            ("users.read includes users., a.b;", &["after_name::includes", "__names::users::__", "__names::a::b"]),
            ("all(users., a.b) {}", &["items::all", "__names::users::__", "__names::a::b"]),
            ("all() {}", &["items::all", "__names::__"]),
            ("users.read { G \"/x\"; }", &["methods::G"]),
            ("users.read { #[glo] GET \"/x\"; }", &["attributes::glo", "methods::GET"]),
            ("users.read { #[] }", &["attributes::__"]),
            (
                "#[deprecated(since = \"x\", use = a.b, note = \"y\")] users.read { #[deprecated(use = c.)] GET \"/x\"; }",
                &[
                    "attributes::deprecated",
                    "__names::a::b",
                    "attributes::deprecated",
                    "__names::c::__",
                    "methods::GET",
                ],
            ),
            ("#[deprecated(use = )] users.read;", &["attributes::deprecated", "__names::__"]),
            ("#[deprecated(use = \"a:b\")] users.read;", &["attributes::deprecated"]),
            ("#[was(\"a.b\")] #[title = \"x\"] users.read;", &["attributes::was", "attributes::title"]),
            ("users.self;", &[]),
            ("} ; , =", &[]),
        ] {
            let Ok(_) = block.parse::<TokenStream>() else { continue };
            assert_eq!(paths(block), expected, "{block}");
        }
    }
}
