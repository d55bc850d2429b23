//! The names of scopes: a module for each group, and for each scope a constant and a module with
//! its permit marker.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use scopes_core::reference::Reference;

use super::hidden_macro::HiddenMacro;
use super::routes::GeneratedRoutes;
use super::{Entry, docs, spanned};

/// A segment of a dotted name, below its parent.
#[derive(Default)]
struct Node<'e, 'c> {
    /// The token of the segment at its first occurrence.
    identifier: Option<&'e Ident>,
    scope: Option<&'e Entry<'c>>,
    children: BTreeMap<String, Self>,
}

/// The parts that modules are printed from.
struct Printer<'p> {
    reference: &'p Reference<'p>,
    hidden_macro: &'p HiddenMacro,
    routes: &'p GeneratedRoutes,
}

pub(super) fn print(
    reference: &Reference<'_>,
    entries: &[Entry<'_>],
    hidden_macro: &HiddenMacro,
    routes: &GeneratedRoutes,
) -> TokenStream {
    let printer = Printer { reference, hidden_macro, routes };
    let mut root = Node::default();
    for entry in entries {
        root.insert(entry);
    }
    let mut tokens = TokenStream::new();
    for (name, node) in &root.children {
        // No constant here: `use api::write;` would replace a function or macro of that name.
        tokens.extend(node.module(name, 1, &printer));
        if let Some(identifier) = node.identifier {
            tokens.extend(hidden_macro.alias(name, identifier));
        }
    }
    tokens
}

impl<'e, 'c> Node<'e, 'c> {
    fn insert(&mut self, entry: &'e Entry<'c>) {
        let mut node = self;
        for segment in &entry.path {
            node = node.children.entry(segment.to_string()).or_default();
            node.identifier.get_or_insert(segment);
        }
        node.scope.get_or_insert(entry);
    }

    /// Prints the constant of a scope into its group's module, `depth` modules below the
    /// catalogue's.
    fn constant(&self, depth: usize) -> Option<TokenStream> {
        let (entry, identifier) = (self.scope?, self.identifier?);
        let (docs, deprecated) = (entry.docs.declared(), entry.docs.deprecated());
        let (variant, up) = (&entry.variant, up(depth));
        // With the user's span, an IDE and rustc point at the name in `scopes!`.
        let declaration = quote_spanned!(spanned(identifier)=> pub const #identifier: #up Scope = #up Scope::#variant;);
        Some(quote!(#docs #deprecated #declaration))
    }

    /// Prints the module of a group, of a scope, or of both.
    fn module(&self, path: &str, depth: usize, printer: &Printer<'_>) -> Option<TokenStream> {
        let identifier = self.identifier?;
        let is_hidden = self.children.is_empty();
        let docs = if is_hidden { quote!(#[doc(hidden)]) } else { docs::group(printer.reference, path, depth) };
        // Every module has the hidden macro, so that `#[requires(api::environment::users::read)]`,
        // a path instead of a dotted name, and `#[requires(read)]`, with `read` imported, get an
        // error that explains it.
        let check = printer.hidden_macro.reexport(is_hidden);
        let marker = self.scope.map(|entry| {
            let (marker, up) = (&entry.variant, up(depth));
            let hidden = (!is_hidden).then(|| quote!(#[doc(hidden)]));
            quote!(#hidden pub type __Marker = #up permits::#marker;)
        });
        let mut members = printer.routes.of(path).cloned().unwrap_or_default();
        for (name, child) in &self.children {
            members.extend(child.constant(depth));
            members.extend(child.module(&format!("{path}.{name}"), depth + 1, printer));
            if let (Some(identifier), false) = (child.identifier, child.children.is_empty()) {
                members.extend(printer.hidden_macro.alias_below(name, identifier));
            }
        }
        let head = quote_spanned!(spanned(identifier)=> pub mod #identifier);
        Some(quote! {
            #docs
            #head {
                #check
                #marker
                #members
            }
        })
    }
}

/// The path of the catalogue's module from one that is `depth` modules below it.
fn up(depth: usize) -> TokenStream {
    let mut path = TokenStream::new();
    for _ in 0..depth {
        path.extend(quote!(super::));
    }
    path
}
