//! Converts the language's types to the core's `Declaration`. No rule is checked here.

use proc_macro2::Ident;
use scopes_core::declaration::{
    At, BlockDeclaration, BlockKind, Declaration, DeprecationDeclaration, Item, RouteDeclaration, ScopeDeclaration,
    TenancyDeclaration,
};
use syn::LitStr;
use syn::ext::IdentExt as _;

use crate::parse::{
    Annotations, BlockDemand, CatalogueInput, Deprecation, Dotted, ParsedBlock, ParsedItem, ParsedRoute, ParsedScope,
    RouteGroup, ScopeName, Tenancy,
};
use crate::places::{Extent, Places, RouteSpans};

/// Converts a whole block, and records in `places` where each part was written.
pub(crate) fn lower(input: &CatalogueInput, places: &mut Places) -> Declaration {
    let mut declaration = Declaration::new(&input.name.unraw().to_string());
    declaration.description.clone_from(&input.description);
    declaration.base = input.base.as_ref().map(|base| literal(base, places));
    declaration.tenant = input.tenant.as_ref().map(|(name, extent)| at(name, *extent, places));
    declaration.strict = input.strict;
    declaration.routes = input.routes.is_some();
    let items = input.items.iter().map(|item| match item {
        ParsedItem::Scope(item) => Item::Scope(scope(item, places)),
        ParsedItem::Block(item) => Item::Block(block(item, places)),
    });
    declaration.items = items.collect();
    declaration
}

fn scope(scope: &ParsedScope, places: &mut Places) -> ScopeDeclaration {
    let mut declared = ScopeDeclaration::new(name(&scope.name, places));
    declared.dotted = match &scope.name {
        // Without a string, the wire name is the dotted name, at the same place. A dotted name is
        // derived only from a string.
        ScopeName::Dotted(_) => Some(declared.name.clone()),
        ScopeName::Quoted(_, dotted) => dotted.as_ref().map(|dotted| segmented(dotted, places)),
    };
    declared.includes = scope.includes.iter().map(|pattern| at(&pattern.text(), pattern.extent(), places)).collect();
    declared.description.clone_from(&scope.annotations.description);
    declared.was = scope.annotations.was.iter().map(|name| literal(name, places)).collect();
    declared.title = scope.annotations.title.as_ref().map(|title| literal(title, places));
    declared.deprecated = deprecation(&scope.annotations, places);
    declared.tenancy = tenancy(&scope.annotations, places);
    declared.routes = routes(&scope.routes, places);
    declared
}

fn block(block: &ParsedBlock, places: &mut Places) -> BlockDeclaration {
    let kind = match &block.kind {
        BlockDemand::All(members) => BlockKind::All(members.iter().map(|member| name(member, places)).collect()),
        BlockDemand::Public(reason) => BlockKind::Public(literal(reason, places)),
        BlockDemand::Authenticated(reason) => BlockKind::Authenticated(literal(reason, places)),
        BlockDemand::External(reason) => BlockKind::External(literal(reason, places)),
    };
    let mut declared = BlockDeclaration::new(kind, places.add(block.extent));
    declared.tenancy = tenancy(&block.annotations, places);
    declared.routes = routes(&block.routes, places);
    declared
}

fn routes(groups: &[RouteGroup], places: &mut Places) -> Vec<RouteDeclaration> {
    let mut routes = Vec::with_capacity(groups.iter().map(|group| group.routes.len()).sum());
    for group in groups {
        let under = group.prefix.as_ref().map(|prefix| literal(prefix, places));
        routes.extend(group.routes.iter().map(|item| route(item, under.clone(), places)));
    }
    routes
}

fn route(route: &ParsedRoute, under: Option<At<String>>, places: &mut Places) -> RouteDeclaration {
    let method = at(&route.method, route.method_extent, places);
    let path = literal(&route.path, places);
    let name = route.name.as_ref().map_or_else(|| route.path.span(), Ident::span);
    places.add_route(path.place, RouteSpans { name, text: route.annotations.text.unwrap_or(name) });
    let mut declared = RouteDeclaration::at(method, path);
    declared.method_quoted = route.method_quoted;
    declared.under = under;
    declared.name = route.name.as_ref().map(|name| at(&name.unraw().to_string(), name.span().into(), places));
    declared.description.clone_from(&route.annotations.description);
    declared.deprecated = deprecation(&route.annotations, places);
    declared.tenancy = tenancy(&route.annotations, places);
    declared.raw = route.annotations.raw.iter().map(|(name, extent)| at(name, *extent, places)).collect();
    declared.overlaps = route.annotations.overlaps.iter().map(|(reason, extent)| at(reason, *extent, places)).collect();
    declared.trailing_slash = route.annotations.trailing_slash.map(|extent| places.add(extent));
    declared
}

fn deprecation(annotations: &Annotations, places: &mut Places) -> Option<DeprecationDeclaration> {
    let Deprecation { note, since, sunset, successor } = annotations.deprecated.as_ref()?;
    let mut declared = DeprecationDeclaration::from(&**note);
    declared.since = since.as_ref().map(|date| literal(date, places));
    declared.sunset = sunset.as_ref().map(|date| literal(date, places));
    declared.successor = successor.as_ref().map(|scope| name(scope, places));
    Some(declared)
}

fn tenancy(annotations: &Annotations, places: &mut Places) -> Option<At<TenancyDeclaration>> {
    let (tenancy, extent) = annotations.tenancy.as_ref()?;
    let declared = match tenancy {
        Tenancy::Global(reason) => TenancyDeclaration::Global(reason.clone()),
        Tenancy::Unbound(reason) => TenancyDeclaration::Unbound(reason.clone()),
    };
    Some(At::new(declared, places.add(*extent)))
}

fn name(name: &ScopeName, places: &mut Places) -> At<String> {
    match name {
        ScopeName::Dotted(dotted) => segmented(dotted, places),
        ScopeName::Quoted(wire, _) => literal(wire, places),
    }
}

fn segmented(dotted: &Dotted, places: &mut Places) -> At<String> {
    let place = places.add_segmented(dotted.extent(), dotted.offsets());
    At::new(dotted.text(), place)
}

fn literal(literal: &LitStr, places: &mut Places) -> At<String> {
    at(&literal.value(), literal.span().into(), places)
}

fn at(text: &str, extent: Extent, places: &mut Places) -> At<String> {
    At::new(text.to_owned(), places.add(extent))
}
