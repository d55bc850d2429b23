//! The structs `Routes`: one for each group, with a field for each of its routes; and for each
//! route a type with its demand.

use std::collections::{BTreeMap, HashSet};

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use scopes_core::compile::Compiled;
use scopes_core::method;
use scopes_core::name::identifier;
use scopes_core::reference::Reference;
use scopes_core::template::{Piece, pieces};
use scopes_core::{Access, Route, ScopeId, Term, UntypedCatalogue};

use super::hidden_macro::HiddenMacro;
use super::{Entry, docs, spanned, unwritten};
use crate::errors::Errors;
use crate::parse::CatalogueInput;
use crate::places::{Extent, Places, RouteSpans};

/// The name of the struct.
const NAME: &str = "Routes";

/// Names that Rust reserves even in their raw form.
const NO_FIELDS: [&str; 3] = ["crate", "self", "super"];

/// The items that `routes;` generates.
#[derive(Default)]
pub(super) struct GeneratedRoutes {
    /// The struct of each group, by the path of the group's module. The path of the catalogue's own
    /// module is empty.
    structs: BTreeMap<String, TokenStream>,
    /// The other items, in the catalogue's module.
    pub(super) items: TokenStream,
}

impl GeneratedRoutes {
    /// The struct for the module with this path.
    pub(super) fn of(&self, path: &str) -> Option<&TokenStream> {
        self.structs.get(path)
    }
}

/// The routes of a group, and the path of its module below the catalogue's.
struct RouteStruct<'c> {
    path: Vec<Ident>,
    routes: Vec<RouteField<'c>>,
}

struct RouteField<'c> {
    route: Route<'c>,
    name: Ident,
    /// The span of the route's text; without a text, the span of its name.
    text: Span,
}

pub(super) fn print(
    input: &CatalogueInput,
    compiled: &Compiled,
    places: &Places,
    reference: &Reference<'_>,
    entries: &[Entry<'_>],
    hidden_macro: &HiddenMacro,
    errors: &mut Errors,
) -> GeneratedRoutes {
    let Some(setting) = input.routes else { return GeneratedRoutes::default() };
    let catalogue = compiled.catalogue();
    if catalogue.routes().len() == 0 {
        errors.at(setting, "`routes` asks for the catalogue's routers, but no route is declared");
    }
    let taken = |entry: &Entry<'_>| entry.path.iter().skip(1).any(|segment| segment == NAME);
    if let Some(entry) = entries.iter().find(|entry| taken(entry)) {
        let segment = entry.path.iter().skip(1).find(|segment| *segment == NAME);
        errors.at(
            segment.map_or_else(Span::call_site, Ident::span),
            format_args!(
                "`{NAME}` is the struct that `routes;` generates in each group: write `{:?} as another.name`",
                entry.info.name()
            ),
        );
        // A second item of that name would be a second error.
        return GeneratedRoutes::default();
    }
    let groups = groups(compiled, places, entries, errors);
    let printer = Printer { catalogue, reference, entries, plain: plain_routes(catalogue), setting };
    let structure = |(path, group): (&String, &RouteStruct<'_>)| (path.clone(), printer.structure(path, group));
    let structs = groups.iter().map(structure).collect();
    let names = groups.values().flat_map(|group| &group.routes).map(|field| &field.name);
    let covers = covers(groups.values(), setting);
    let number = Literal::u64_suffixed(hidden_macro.number());
    let macros = hidden_macro.assert_covered(&number);
    let items = quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types, reason = "they have the names of the fields")]
        pub mod __routes {
            // A type for each route's name, for messages. The demand of the route is part of the
            // type of its field: an implementation for each route would take rustc twice as long.
            #(pub enum #names {})*

            pub type __Scoped<__N, __D, const I: super::__core::primitive::u16, const T: super::__core::primitive::u8 = 0> =
                super::__scopes::routes::Declared<__N, super::Scope, super::__scopes::routes::Scoped, __D, I, T>;
            pub type __Authenticated<__N, const I: super::__core::primitive::u16, const T: super::__core::primitive::u8 = 0> =
                super::__scopes::routes::Declared<__N, super::Scope, super::__scopes::routes::Authenticated, super::Grant, I, T>;
            pub type __Open<__N, const I: super::__core::primitive::u16, const T: super::__core::primitive::u8 = 0> =
                super::__scopes::routes::Declared<__N, super::Scope, super::__scopes::routes::Open, super::Scope, I, T>;
        }
        #covers
        impl __scopes::routes::Catalogued<#number> for Scope {}
        #macros
    };
    GeneratedRoutes { structs, items }
}

/// Groups the routes: each belongs to the group of its first scope, and a route without scopes to
/// the catalogue itself.
fn groups<'c>(
    compiled: &'c Compiled,
    places: &Places,
    entries: &[Entry<'_>],
    errors: &mut Errors,
) -> BTreeMap<String, RouteStruct<'c>> {
    let (mut groups, mut names) = (BTreeMap::<String, RouteStruct<'c>>::new(), HashSet::new());
    // Computed once for each scope, because the text of a token needs a call to rustc.
    let group = |entry: &Entry<'_>| {
        let path = entry.path.split_last().map_or(&[][..], |(_, group)| group);
        (path.iter().map(ToString::to_string).collect::<Vec<_>>().join("."), path.to_vec())
    };
    let by_scope: Vec<_> = entries.iter().map(group).collect();
    let root = (String::new(), Vec::new());
    for (route, place) in compiled.catalogue().routes().zip(compiled.route_places()) {
        let first = route.requirement().iter().flat_map(Term::ids).min();
        let (key, path) = first.and_then(|id| by_scope.get(id.index())).unwrap_or(&root);
        let RouteSpans { name: span, text } = places.route(*place);
        if NO_FIELDS.contains(&route.name()) {
            errors.at(
                span,
                format_args!("`{}` cannot be a field of `{NAME}`, give the route another name", route.name()),
            );
            continue;
        }
        // Two routes of one name are reported already.
        if !names.insert(route.name()) {
            continue;
        }
        let field = RouteField { route, name: name(route, span), text };
        if let Some(group) = groups.get_mut(key) {
            group.routes.push(field);
        } else {
            groups.insert(key.clone(), RouteStruct { path: path.clone(), routes: vec![field] });
        }
    }
    groups
}

fn name(route: Route<'_>, span: Span) -> Ident {
    let name = identifier(route.name());
    match name.strip_prefix("r#") {
        Some(keyword) => Ident::new_raw(keyword, span),
        None => Ident::new(&name, span),
    }
}

/// The parts that the types of routes are printed from.
struct Printer<'c> {
    catalogue: &'c UntypedCatalogue,
    reference: &'c Reference<'c>,
    entries: &'c [Entry<'c>],
    plain: HashSet<(String, String)>,
    setting: Extent,
}

impl Printer<'_> {
    fn structure(&self, path: &str, group: &RouteStruct<'_>) -> TokenStream {
        let up: TokenStream = group.path.iter().map(|_| quote!(super::)).collect();
        let whose = if path.is_empty() {
            format!("routes of the catalogue `{}` that belong to no group", self.catalogue.name())
        } else {
            format!("routes of the group `{}`", docs::dotted(path))
        };
        let whose_docs = format!("The handlers of the {whose}.");
        let fields = group.routes.iter().map(|field| {
            let RouteField { route, name, text } = field;
            let docs = docs::route(self.reference, *route, group.path.len(), *text);
            let declared = self.declared(field, &up);
            // With the user's span, an IDE and rustc point at the route in `scopes!`.
            quote_spanned!(spanned(name)=> #docs pub #name: __scopes::routes::Handler<#declared, __T>,)
        });
        let names: Vec<_> = group.routes.iter().map(|field| &field.name).collect();
        // rustc points at the group, or at the setting, in errors about the struct.
        let span = group.path.last().map_or_else(|| self.setting.start.resolved_at(Span::mixed_site()), spanned);
        let head = quote_spanned!(span=> pub struct Routes<__T = ()>);
        quote! {
            #[doc = #whose_docs]
            ///
            /// Each field takes the handler of one route, within the framework's `handler(..)`:
            /// `scopes::axum::handler(f)` on axum. A router needs all of them.
            #[must_use = "routes serve nothing until a router is built from them"]
            #head {
                #(#fields)*
            }

            impl __scopes::routes::Group for Routes {
                type Scope = #up Scope;
            }

            impl<__T> Routes<__T> {
                /// These routes as a part of the API's, to be merged with the others.
                pub fn partial(self) -> __scopes::routes::Partial<Routes, __T> {
                    __scopes::routes::Partial::__new([#(self.#names.into_entry(),)*])
                }
            }
        }
    }

    /// The type with the demand of the route.
    fn declared(&self, field: &RouteField<'_>, up: &TokenStream) -> TokenStream {
        let RouteField { route, name, .. } = field;
        let id = Literal::usize_unsuffixed(route.id().index());
        let signs = match self.signs(*route) {
            0 => None,
            signs => Some(Literal::u8_unsuffixed(signs)).map(|signs| quote!(, #signs)),
        };
        match route.access() {
            Access::Scoped => {
                let demand = demand(*route, self.entries, up);
                quote!(#up __routes::__Scoped<#up __routes::#name, #demand, #id #signs>)
            }
            Access::Authenticated(_) => quote!(#up __routes::__Authenticated<#up __routes::#name, #id #signs>),
            Access::Public(_) | Access::External(_) => quote!(#up __routes::__Open<#up __routes::#name, #id #signs>),
        }
    }

    /// What the path grammar of a framework may need to know about a template, as bits: see
    /// `scopes::routes::Declared`.
    fn signs(&self, route: Route<'_>) -> u8 {
        let (mut signs, template) = (0, route.template());
        if has_text_beside(route.path()) {
            signs |= 1;
            let without = (answering(route.method()).to_owned(), without_text(route.path()));
            signs |= u8::from(self.plain.contains(&without)) << 1;
        }
        if has_sign(&template) {
            signs |= 1 << 2 | u8::from(template.ends_with('*')) << 3;
        }
        signs
    }
}

/// Method and template of each route without literal text beside a parameter; empty if no route has
/// such text. A method with a fallback counts as the fallback.
fn plain_routes(catalogue: &UntypedCatalogue) -> HashSet<(String, String)> {
    if !catalogue.routes().any(|route| has_text_beside(route.path())) {
        return HashSet::new();
    }
    let plain = catalogue.routes().filter(|route| !has_text_beside(route.path()));
    plain.map(|route| (answering(route.method()).to_owned(), without_text(route.path()))).collect()
}

fn has_text_beside(path: &str) -> bool {
    pieces(path).any(
        |piece| matches!(piece, Piece::Parameter { prefix, suffix, .. } if !(prefix.is_empty() && suffix.is_empty())),
    )
}

/// Whether the literal text of a template has a character with a meaning in the path grammar of
/// some framework.
fn has_sign(template: &str) -> bool {
    let has = |text: &str| text.contains([':', '*', '<']);
    pieces(template).any(|piece| match piece {
        Piece::Literal(text) => has(text),
        Piece::Parameter { prefix, suffix, .. } => has(prefix) || has(suffix),
        Piece::Rest(_) => false,
    })
}

fn answering(method: &str) -> &str {
    method::fallback(method).unwrap_or(method)
}

fn without_text(path: &str) -> String {
    let kind = |piece| match piece {
        Piece::Literal(text) => text,
        Piece::Parameter { .. } => "{}",
        Piece::Rest(_) => "{*}",
    };
    pieces(path).map(kind).collect::<Vec<_>>().join("/")
}

/// The type that `#[requires]` prints for this requirement.
fn demand(route: Route<'_>, entries: &[Entry<'_>], up: &TokenStream) -> TokenStream {
    let marker = |id: ScopeId| {
        let variant = entries.get(id.index()).map(|entry| &entry.variant);
        quote!(#up permits::#variant)
    };
    let terms = route.requirement().iter().map(|term| nested("All", term.ids().map(marker).collect()));
    // Only a catalogue with mistakes has a route without alternatives.
    nested("Any", terms.collect()).unwrap_or_else(|| quote!(#up Scope))
}

/// `Any<A, Any<B, C>>`
fn nested(combination: &str, types: Vec<impl quote::ToTokens>) -> Option<TokenStream> {
    let combination = format_ident!("{combination}");
    let types = types.into_iter().map(|each| quote!(#each));
    types.rev().reduce(|rest, first| quote!(__scopes::#combination<#first, #rest>))
}

/// Prints the bound that all groups must be merged.
fn covers<'g, 'c: 'g>(groups: impl Iterator<Item = &'g RouteStruct<'c>>, setting: Extent) -> TokenStream {
    let (mut places, mut bounds) = (Vec::new(), Vec::new());
    for (index, group) in groups.enumerate() {
        let place = format_ident!("__Place{index}");
        let path = group.path.iter().map(unwritten);
        bounds.push(quote!(__Groups: __scopes::routes::Has<#(#path::)* Routes, #place>));
        places.push(place);
    }
    // rustc points at the setting in errors about this bound.
    quote_spanned! {setting.start.resolved_at(Span::mixed_site())=>
        impl<__Groups, #(#places),*> __scopes::routes::Covers<__Groups, (#(#places,)*)> for Scope
        where
            #(#bounds,)*
        {
        }
    }
}
