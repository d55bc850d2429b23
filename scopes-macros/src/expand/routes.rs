//! `Routes`: for each group a struct with a field for each of its routes, and for each route a type
//! that knows its demand.

use std::collections::{BTreeMap, HashMap, HashSet};

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use scopes_core::method;
use scopes_core::name::identifier;
use scopes_core::template::{Piece, Template, pieces};
use scopes_core::{Access, Route, ScopeId, Term, UntypedCatalogue};

use super::hidden_macro::HiddenMacro;
use super::{Entry, docs, spanned};
use crate::errors::Errors;
use crate::parse::{CatalogueInput, ParsedItem, RouteGroup};
use crate::places::Extent;

/// The name of the struct.
const NAME: &str = "Routes";

/// Names that Rust keeps to itself even in their raw form.
const NO_FIELDS: [&str; 3] = ["crate", "self", "super"];

/// What `routes;` adds.
#[derive(Default)]
pub(super) struct GeneratedRoutes {
    /// The struct of each group, by the path of the group's module; that of the catalogue's own
    /// module has an empty one.
    structs: BTreeMap<String, TokenStream>,
    /// What stands beside them in the catalogue's module.
    pub(super) items: TokenStream,
}

impl GeneratedRoutes {
    /// The struct in the module of this path.
    pub(super) fn of(&self, path: &str) -> Option<&TokenStream> {
        self.structs.get(path)
    }
}

/// A group's place among the catalogue's modules.
struct RouteStruct<'c> {
    path: Vec<Ident>,
    routes: Vec<RouteField<'c>>,
}

struct RouteField<'c> {
    route: Route<'c>,
    name: Ident,
    /// Where its text was written; the name, if there is none.
    text: Span,
}

/// Where a route was written.
#[derive(Clone, Copy)]
struct RouteSpans {
    /// Its name, or else its path.
    name: Span,
    text: Span,
}

pub(super) fn print(
    input: &CatalogueInput,
    catalogue: &UntypedCatalogue,
    entries: &[Entry<'_>],
    hidden_macro: &HiddenMacro,
    errors: &mut Errors,
) -> GeneratedRoutes {
    let Some(setting) = input.routes else { return GeneratedRoutes::default() };
    if catalogue.routes().len() == 0 {
        errors.at(setting, "`routes` asks for the catalogue's routers, but there is no route");
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
        // Two items of one name would be a second error.
        return GeneratedRoutes::default();
    }
    let groups = groups(input, catalogue, entries, errors);
    let structure =
        |(path, group): (&String, &RouteStruct<'_>)| (path.clone(), structure(catalogue, path, group, setting));
    let structs = groups.iter().map(structure).collect();
    let plain = plain_routes(catalogue);
    let marker = |field: &RouteField<'_>| marker(field.route, &field.name, entries, &plain);
    let markers = groups.values().flat_map(|group| &group.routes).map(marker);
    let covers = covers(groups.values(), setting);
    let number = Literal::u64_suffixed(hidden_macro.number());
    let macros = hidden_macro.assert_covered(&number);
    let items = quote! {
        #[doc(hidden)]
        #[allow(non_camel_case_types, reason = "they have the names of the fields")]
        pub mod __routes {
            // Routes have names in snake case, which none of these is: the fewest tokens a route.
            use super::__core::primitive::{bool as __Bool, u16 as __U16};
            use super::__scopes::routes::{Authenticated, Endpoint, Open, Scoped};
            use super::{Grant, Scope, permits as __Permits};

            #(#markers)*
        }
        #covers
        impl __scopes::routes::Catalogued<#number> for Scope {}
        #macros
    };
    GeneratedRoutes { structs, items }
}

/// A route belongs where the first of its scopes is declared; one without scopes to the catalogue
/// itself.
fn groups<'c>(
    input: &CatalogueInput,
    catalogue: &'c UntypedCatalogue,
    entries: &[Entry<'_>],
    errors: &mut Errors,
) -> BTreeMap<String, RouteStruct<'c>> {
    let spans = spans(input);
    let (mut groups, mut names) = (BTreeMap::new(), HashSet::new());
    for route in catalogue.routes() {
        let first = route.requirement().iter().flat_map(Term::ids).min();
        let path = first.and_then(|id| entries.get(id.index())).map_or(&[][..], |entry| &entry.path);
        let path = path.split_last().map_or(&[][..], |(_, group)| group);
        let key = path.iter().map(ToString::to_string).collect::<Vec<_>>().join(".");
        let found = spans.get(&(route.method().to_owned(), route.path().to_owned()));
        let RouteSpans { name: span, text } =
            found.copied().unwrap_or_else(|| RouteSpans { name: Span::call_site(), text: Span::call_site() });
        if NO_FIELDS.contains(&route.name()) {
            errors.at(
                span,
                format_args!("`{}` cannot be a field of `{NAME}`, give the route another name", route.name()),
            );
            continue;
        }
        let name = name(route, span);
        // Two of one name are reported already.
        if !names.insert(name.to_string()) {
            continue;
        }
        let group = groups.entry(key).or_insert_with(|| RouteStruct { path: path.to_vec(), routes: Vec::new() });
        group.routes.push(RouteField { route, name, text });
    }
    groups
}

fn spans(input: &CatalogueInput) -> HashMap<(String, String), RouteSpans> {
    let mut spans = HashMap::new();
    let all = input.items.iter().flat_map(|item| match item {
        ParsedItem::Scope(scope) => &scope.routes,
        ParsedItem::Block(block) => &block.routes,
    });
    for RouteGroup { prefix, routes } in all {
        let parsed = |text: &str| Template::parse(text).ok();
        let prefix = prefix.as_ref().and_then(|prefix| parsed(&prefix.value()));
        for route in routes {
            let Some(path) = parsed(&route.path.value()) else { continue };
            let path = prefix.as_ref().map_or_else(|| path.to_string(), |prefix| prefix.join(&path).to_string());
            let name = route.name.as_ref().map_or_else(|| route.path.span(), Ident::span);
            let found = RouteSpans { name, text: route.annotations.text.unwrap_or(name) };
            spans.entry((route.method.clone(), path)).or_insert(found);
        }
    }
    spans
}

fn name(route: Route<'_>, span: Span) -> Ident {
    let name = identifier(route.name());
    match name.strip_prefix("r#") {
        Some(keyword) => Ident::new_raw(keyword, span),
        None => Ident::new(&name, span),
    }
}

fn structure(catalogue: &UntypedCatalogue, path: &str, group: &RouteStruct<'_>, setting: Extent) -> TokenStream {
    let up: TokenStream = group.path.iter().map(|_| quote!(super::)).collect();
    let whose = if path.is_empty() {
        format!("routes of the catalogue `{}` that belong to no group", catalogue.name())
    } else {
        format!("routes of the group `{path}`")
    };
    let whose_docs = format!("The handlers of the {whose}.");
    let fields = group.routes.iter().map(|RouteField { route, name, text }| {
        let docs = docs::route(catalogue, *route, *text);
        // The user's span makes an IDE and rustc point at the route in `scopes!`.
        quote_spanned!(spanned(name)=> #docs pub #name: __scopes::routes::Handler<#up __routes::#name, __T>,)
    });
    let names: Vec<_> = group.routes.iter().map(|field| &field.name).collect();
    // rustc points at the group, or at the setting, where it speaks of the struct.
    let span = group.path.last().map_or_else(|| setting.start.resolved_at(Span::mixed_site()), spanned);
    let head = quote_spanned!(span=> pub struct Routes<__T = ()>);
    quote! {
        #[doc = #whose_docs]
        ///
        /// Each field takes the handler of one route. A router needs all of them.
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
                __scopes::routes::Partial::__new(__scopes::__private::alloc::vec![
                    #(self.#names.into_entry(),)*
                ])
            }
        }

        impl<__T> __scopes::routes::IntoEntries for Routes<__T> {
            type Handler = __T;

            fn into_entries(self) -> __scopes::__private::alloc::vec::Vec<__scopes::routes::Entry<__T>> {
                __scopes::routes::IntoEntries::into_entries(self.partial())
            }
        }
    }
}

/// Method and template of each route without literal text beside a parameter. A method that falls
/// back to another one counts as that one.
fn plain_routes(catalogue: &UntypedCatalogue) -> HashSet<(String, String)> {
    let plain = catalogue.routes().filter(|route| !has_text_beside(route.path()));
    plain.map(|route| (answering(route.method()).to_owned(), without_text(route.path()))).collect()
}

fn has_text_beside(path: &str) -> bool {
    pieces(path).any(
        |piece| matches!(piece, Piece::Parameter { prefix, suffix, .. } if !(prefix.is_empty() && suffix.is_empty())),
    )
}

/// Whether the literal text of a template, parameters left out, has a sign that says something in
/// the path grammar of a framework.
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

fn marker(route: Route<'_>, name: &Ident, entries: &[Entry<'_>], plain: &HashSet<(String, String)>) -> TokenStream {
    let id = Literal::usize_unsuffixed(route.id().index());
    let text = has_text_beside(route.path()).then(|| {
        let hidden = plain.contains(&(answering(route.method()).to_owned(), without_text(route.path())));
        quote! {
            const TEXT_BESIDE_PARAMETER: __Bool = true;
            const HIDDEN_WITHOUT_TEXT: __Bool = #hidden;
        }
    });
    let template = route.template();
    let signs = has_sign(&template).then(|| {
        let at_the_end = template.ends_with('*');
        quote! {
            const SIGN_IN_TEXT: __Bool = true;
            const ASTERISK_AT_THE_END: __Bool = #at_the_end;
        }
    });
    let (access, demand) = match route.access() {
        Access::Scoped => ("Scoped", demand(route, entries)),
        Access::Authenticated(_) => ("Authenticated", quote!(Grant)),
        Access::Public(_) | Access::External(_) => ("Open", quote!(Scope)),
    };
    let access = format_ident!("{access}");
    quote! {
        pub enum #name {}
        impl Endpoint for #name {
            type Scope = Scope;
            type Access = #access;
            type Demand = #demand;
            const INDEX: __U16 = #id;
            #text
            #signs
        }
    }
}

/// The type that `#[requires]` writes for this requirement.
fn demand(route: Route<'_>, entries: &[Entry<'_>]) -> TokenStream {
    let marker = |id: ScopeId| {
        let variant = entries.get(id.index()).map(|entry| &entry.variant);
        quote!(__Permits::#variant)
    };
    let terms = route.requirement().iter().map(|term| nested("All", term.ids().map(marker).collect()));
    // Only in a catalogue with mistakes is there no alternative.
    nested("Any", terms.collect()).unwrap_or_else(|| quote!(Scope))
}

/// `Any<A, Any<B, C>>`
fn nested(combination: &str, types: Vec<impl quote::ToTokens>) -> Option<TokenStream> {
    let combination = format_ident!("{combination}");
    let types = types.into_iter().map(|each| quote!(#each));
    types.rev().reduce(|rest, first| quote!(super::__scopes::#combination<#first, #rest>))
}

/// Which groups there have to be.
fn covers<'g, 'c: 'g>(groups: impl Iterator<Item = &'g RouteStruct<'c>>, setting: Extent) -> TokenStream {
    let (mut places, mut bounds) = (Vec::new(), Vec::new());
    for (index, group) in groups.enumerate() {
        let place = format_ident!("__Place{index}");
        let path = &group.path;
        bounds.push(quote!(__Groups: __scopes::routes::Has<#(#path::)* Routes, #place>));
        places.push(place);
    }
    // rustc points at the setting where it speaks of this.
    quote_spanned! {setting.start.resolved_at(Span::mixed_site())=>
        impl<__Groups, #(#places),*> __scopes::routes::Covers<__Groups, (#(#places,)*)> for Scope
        where
            #(#bounds,)*
        {
        }
    }
}
