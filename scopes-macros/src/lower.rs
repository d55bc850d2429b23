//! From the language's types to the core's `Declaration`. Nothing is judged here.

use scopes_core::declaration::{
    At, BlockDeclaration, BlockKind, Declaration, Item, RouteDeclaration, ScopeDeclaration, TenancyDeclaration,
};
use syn::LitStr;
use syn::ext::IdentExt as _;

use crate::parse::{
    Annotations, BlockDemand, CatalogueInput, Dotted, ParsedBlock, ParsedItem, ParsedRoute, ParsedScope, RouteGroup,
    ScopeName, Tenancy,
};
use crate::places::{Extent, Places};

/// Lowers a whole block; what was written where is remembered in `places`.
pub(crate) fn lower(input: &CatalogueInput, places: &mut Places) -> Declaration {
    Declaration {
        name: input.name.unraw().to_string(),
        description: input.description.clone(),
        base: input.base.as_ref().map(|base| literal(base, places)),
        tenant: input.tenant.as_ref().map(|(name, extent)| at(name, *extent, places)),
        strict: input.strict,
        items: input
            .items
            .iter()
            .map(|item| match item {
                ParsedItem::Scope(item) => Item::Scope(scope(item, places)),
                ParsedItem::Block(item) => Item::Block(block(item, places)),
            })
            .collect(),
    }
}

fn scope(scope: &ParsedScope, places: &mut Places) -> ScopeDeclaration {
    let name = name(&scope.name, places);
    ScopeDeclaration {
        dotted: match &scope.name {
            // The wire name is the dotted name then, in one place; only a string's is derived.
            ScopeName::Dotted(_) => Some(name.clone()),
            ScopeName::Quoted(_, dotted) => dotted.as_ref().map(|dotted| segmented(dotted, places)),
        },
        name,
        includes: scope.includes.iter().map(|pattern| at(&pattern.text(), pattern.extent(), places)).collect(),
        description: scope.annotations.description.clone(),
        deprecated: scope.annotations.deprecated.clone(),
        tenancy: tenancy(&scope.annotations, places),
        routes: routes(&scope.routes, places),
    }
}

fn block(block: &ParsedBlock, places: &mut Places) -> BlockDeclaration {
    BlockDeclaration {
        kind: match &block.kind {
            BlockDemand::All(members) => BlockKind::All(members.iter().map(|member| name(member, places)).collect()),
            BlockDemand::Public(reason) => BlockKind::Public(literal(reason, places)),
            BlockDemand::Authenticated(reason) => BlockKind::Authenticated(literal(reason, places)),
            BlockDemand::External(reason) => BlockKind::External(literal(reason, places)),
        },
        place: places.add(block.extent),
        tenancy: tenancy(&block.annotations, places),
        routes: routes(&block.routes, places),
    }
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
    RouteDeclaration {
        method: at(&route.method, route.method_extent, places),
        method_quoted: route.method_quoted,
        under,
        path: literal(&route.path, places),
        name: route.name.as_ref().map(|name| at(&name.unraw().to_string(), name.span().into(), places)),
        description: route.annotations.description.clone(),
        deprecated: route.annotations.deprecated.clone(),
        tenancy: tenancy(&route.annotations, places),
        raw: route.annotations.raw.iter().map(|(name, extent)| at(name, *extent, places)).collect(),
        trailing_slash: route.annotations.trailing_slash.map(|extent| places.add(extent)),
    }
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
