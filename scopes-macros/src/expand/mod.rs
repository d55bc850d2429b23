//! Prints a compiled catalogue as the module that users see.
//!
//! Every path starts at `__scopes`, which is the facade as the declaring crate sees it, or at
//! `__core`. So neither a renamed dependency, nor a shadowed prelude, nor a group called `str`
//! changes what a path refers to.

mod docs;
pub(crate) mod hidden_macro;
mod inert;
mod names;
mod navigation;
mod permits;
mod routes;
mod scope;
mod tables;

use std::collections::HashMap;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use scopes_core::compile::Compiled;
use scopes_core::name::{identifier, pascal_case};
use scopes_core::reference::Reference;
use scopes_core::{Route, ScopeId, ScopeInfo, Tenancy, UntypedCatalogue};

use self::docs::Docs;
use self::hidden_macro::HiddenMacro;
pub(crate) use self::tables::table;
use crate::errors::Errors;
use crate::parse::{CatalogueInput, ParsedItem, ParsedScope, ScopeName};
use crate::places::Places;

/// A sound scope, with what the macro prints for it.
struct Entry<'c> {
    info: ScopeInfo<'c>,
    /// The name of its variant and of its permit marker.
    variant: Ident,
    /// The path below the catalogue's module.
    path: Vec<Ident>,
    /// Whether a grant of this scope opens some route that is not `global`.
    opens_other: bool,
    docs: Docs,
}

impl Entry<'_> {
    /// Whether `#[requires(.., from = ..)]` must name the tenant of the data. If a mistake in the
    /// catalogue may hide routes, the answer is `true` only if it is certain, so that no error
    /// follows from that mistake.
    fn asks_for_tenant(&self, incomplete: bool) -> bool {
        self.info.asks_for_tenant() && (self.opens_other || !incomplete)
    }
}

/// Everything that `scopes!` generates.
pub(crate) fn module(
    block: &TokenStream,
    input: &CatalogueInput,
    compiled: &Compiled,
    places: &Places,
    fingerprint: &str,
    errors: &mut Errors,
) -> TokenStream {
    let catalogue = compiled.catalogue();
    let reference = Reference::new(catalogue);
    let entries = entries(input, catalogue, &reference);
    let CatalogueInput { root, attributes, visibility, name, .. } = input;
    let docs = (!input.documented).then(|| format!("The catalogue `{}`.", catalogue.name()));
    let docs = docs.iter();
    let mut hidden_macro = HiddenMacro::new(input, fingerprint);
    let routes = routes::print(input, compiled, places, &reference, &entries, &hidden_macro, errors);
    hidden_macro.incomplete = !errors.is_empty();
    let macro_items = hidden_macro.print(catalogue, &entries);
    let scope = scope::print(input, &entries);
    let permits = permits::print(&entries, &hidden_macro);
    let beside = HiddenMacro::beside_the_module(input);
    let principal = scope::principal(input);
    let names = names::print(&reference, &entries, &hidden_macro, &routes);
    let (root_routes, route_items) = (routes.of(""), &routes.items);
    let tables = tables::print(catalogue);
    let mut groups: Vec<Ident> = entries.iter().filter_map(|entry| entry.path.first()).map(unwritten).collect();
    groups.sort();
    groups.dedup();
    let (paths, modules) = navigation::print(block, &input.cfg, &unwritten(name), &groups);
    let page = docs::catalogue(catalogue, &reference);
    let is_deprecated = catalogue.scopes().any(|scope| scope.deprecated().is_some());
    let deprecated =
        is_deprecated.then(|| quote!(#[allow(deprecated, reason = "the catalogue serves its deprecated scopes")]));
    quote! {
        #paths
        #(#[doc = #docs])*
        #attributes
        #page
        #[allow(
            dead_code,
            missing_copy_implementations,
            missing_debug_implementations,
            non_local_definitions,
            non_snake_case,
            non_upper_case_globals,
            unexpected_cfgs,
            unreachable_pub,
            unused_imports,
            unused_macros,
            reason = "names are those of the declared scopes, and not all of them are used everywhere"
        )]
        #[allow(
            clippy::enum_variant_names,
            clippy::exhaustive_enums,
            clippy::exhaustive_structs,
            clippy::integer_division,
            clippy::integer_division_remainder_used,
            clippy::min_ident_chars,
            clippy::module_name_repetitions,
            clippy::pub_use,
            clippy::same_name_method,
            reason = "restrictions of a crate are about the code that its authors write"
        )]
        #deprecated
        #visibility mod #name {
            #modules
            #[doc(hidden)]
            pub use #root as __scopes;
            use __scopes::__private::core as __core;

            #macro_items
            #scope
            #permits
            #names
            #root_routes
            #route_items
            #tables
        }
        #beside
        #principal
    }
}

fn entries<'c>(input: &CatalogueInput, catalogue: &'c UntypedCatalogue, reference: &Reference<'c>) -> Vec<Entry<'c>> {
    let mut written: HashMap<String, &ParsedScope> = HashMap::new();
    for item in &input.items {
        if let ParsedItem::Scope(scope) = item {
            written.entry(scope.name.wire()).or_insert(scope);
        }
    }
    let is_other = |route: &Route<'_>| !matches!(route.tenancy(), Tenancy::Global(_));
    let others: Vec<bool> = catalogue.scopes().map(|scope| reference.routes(scope.id()).iter().any(is_other)).collect();
    let has_other = |id: ScopeId| others.get(id.index()) == Some(&true);
    let mut entries = Vec::with_capacity(others.len());
    for info in catalogue.scopes() {
        let written = written.get(info.name());
        let name = written.map(|scope| &scope.name);
        let span = name.map_or_else(Span::call_site, |name| name.extent().start);
        let path = path(info.dotted(), name, span);
        // The compiler has refused scopes whose names make the same identifier.
        let variant = Ident::new(&pascal_case(info.dotted()), path.last().map_or(span, Ident::span));
        let text = written.and_then(|scope| scope.annotations.text).unwrap_or(span);
        let docs = Docs::new(reference, info, text);
        let opens_other = has_other(info.id()) || info.members().any(has_other);
        entries.push(Entry { info, variant, path, opens_other, docs });
    }
    entries
}

/// The segments of a dotted name as identifiers, each with the span of its token, if it has one.
fn path(dotted: &str, name: Option<&ScopeName>, fallback: Span) -> Vec<Ident> {
    let tokens = name.and_then(ScopeName::dotted).map_or(&[][..], |dotted| &dotted.segments);
    dotted
        .split('.')
        .enumerate()
        .map(|(index, segment)| {
            let span = tokens.get(index).map_or(fallback, Ident::span);
            let identifier = identifier(segment);
            match identifier.strip_prefix("r#") {
                Some(keyword) => Ident::new_raw(keyword, span),
                None => Ident::new(&identifier, span),
            }
        })
        .collect()
}

/// The identifier without its place, for references to a declared item and for other items of that
/// name. rust-analyzer renames a declaration through the token that the user wrote. With that
/// place, it would edit the token once more for each reference.
fn unwritten(identifier: &Ident) -> Ident {
    let mut identifier = identifier.clone();
    identifier.set_span(Span::call_site());
    identifier
}

/// The place of an identifier, for generated tokens around it.
fn spanned(identifier: &Ident) -> Span {
    identifier.span().resolved_at(Span::mixed_site())
}
