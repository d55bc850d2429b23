//! The paths that an item names.

use std::collections::HashMap;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Attribute, Item, ItemUse, Macro, Meta, UseTree, Visibility};

/// Macros whose text is code of another crate.
const OF_OTHERS: [&str; 5] = ["quote", "quote_spanned", "parse_quote", "parse_quote_spanned", "macro_rules"];

/// What a module names.
#[derive(Default)]
pub(super) struct Mentions {
    /// Each path that counts.
    pub(super) paths: Vec<Vec<String>>,
    /// What `use` brings into scope: name and path. A re-export is here and not among the paths,
    /// because a module does not need what it only passes on.
    pub(super) names: HashMap<String, Vec<String>>,
    /// `use path::*`.
    pub(super) globs: Vec<Vec<String>>,
}

impl Mentions {
    pub(super) fn read(&mut self, item: &Item) {
        self.visit_item(item);
    }

    fn read_use(&mut self, tree: &UseTree, before: &[String], is_reexport: bool) {
        let mut path = before.to_vec();
        match tree {
            UseTree::Path(tree) => {
                path.push(tree.ident.to_string());
                self.read_use(&tree.tree, &path, is_reexport);
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.read_use(tree, before, is_reexport)),
            UseTree::Glob(_) => {
                if !is_reexport {
                    self.paths.push(path.clone());
                }
                self.globs.push(path);
            }
            UseTree::Name(name) => self.bring(name.ident.to_string(), &name.ident.to_string(), path, is_reexport),
            UseTree::Rename(name) => self.bring(name.rename.to_string(), &name.ident.to_string(), path, is_reexport),
        }
    }

    /// One name of a `use`.
    fn bring(&mut self, name: String, item: &str, mut path: Vec<String>, is_reexport: bool) {
        // `use path::{self}` is the path itself.
        let name = if item != "self" {
            path.push(item.to_owned());
            name
        } else if name == "self" {
            path.last().cloned().unwrap_or(name)
        } else {
            name
        };
        if !is_reexport {
            self.paths.push(path.clone());
        }
        if name != "_" {
            self.names.insert(name, path);
        }
    }

    /// The paths within the tokens of a macro call: each run of names with `::` between them.
    fn read_tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<String> = Vec::new();
        // Colons since the last name, and whether the path begins outside of the crate or after a
        // dot.
        let (mut colons, mut foreign) = (0, false);
        for token in tokens {
            match token {
                TokenTree::Ident(name) => {
                    if colons != 2 {
                        self.end_of_path(&mut path, &mut foreign);
                    } else if path.is_empty() {
                        foreign = true;
                    }
                    path.push(name.to_string());
                    colons = 0;
                }
                TokenTree::Punct(sign) if sign.as_char() == ':' => colons += 1,
                other => {
                    self.end_of_path(&mut path, &mut foreign);
                    colons = 0;
                    match other {
                        TokenTree::Group(group) => self.read_tokens(group.stream()),
                        TokenTree::Punct(sign) => foreign = sign.as_char() == '.',
                        TokenTree::Ident(_) | TokenTree::Literal(_) => {}
                    }
                }
            }
        }
        self.end_of_path(&mut path, &mut foreign);
    }

    fn end_of_path(&mut self, path: &mut Vec<String>, foreign: &mut bool) {
        let path = std::mem::take(path);
        if !std::mem::take(foreign) && !path.is_empty() {
            self.paths.push(path);
        }
    }
}

impl<'ast> Visit<'ast> for Mentions {
    fn visit_attribute(&mut self, _: &'ast Attribute) {}

    fn visit_item(&mut self, item: &'ast Item) {
        // Within a function.
        if !attributes(item).iter().any(is_test) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        if item.leading_colon.is_none() {
            self.read_use(&item.tree, &[], !matches!(item.vis, Visibility::Inherited));
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.leading_colon.is_none() {
            self.paths.push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.visit_path(&call.path);
        let is_of_others = call.path.segments.last().is_some_and(|name| OF_OTHERS.contains(&&*name.ident.to_string()));
        if !is_of_others {
            self.read_tokens(call.tokens.clone());
        }
    }
}

/// The attributes of an item that can be a test's.
pub(super) fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// The name that an item defines.
pub(super) fn defined(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => item.ident.as_ref()?,
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

/// `#[cfg(test)]`, or a test itself.
pub(super) fn is_test(attribute: &Attribute) -> bool {
    match &attribute.meta {
        Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
        Meta::Path(path) => path.is_ident("test"),
        Meta::NameValue(_) => false,
    }
}
