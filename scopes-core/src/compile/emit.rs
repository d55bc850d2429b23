//! Last step: the records of scopes, routes and parameters, and the tables.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use super::automaton::{Automaton, Crossing};
use super::limits::{MAX_ENTRIES, MAX_METHODS, MAX_TEXT};
use super::pools::{NumberPool, TextPool};
use super::tables::{self, Columns};
use super::trie::Trie;
use super::{AccessDraft, DeprecationDraft, Draft, RouteDraft, ScopeDraft, TenancyDraft, global_only, strict};
use crate::catalogue::{Parts, UntypedCatalogue};
use crate::date::Date;
use crate::declaration::Place;
use crate::deprecation::Deprecation;
use crate::error::CatalogueErrorKind;
use crate::hash;
use crate::layout::{
    AccessKind, Deprecated, ParameterFields, RouteFields, ScheduleFields, ScopeFields, StandardColumns, TenancyKind,
    announce, schedule_entry, shape_entry, text_entry,
};
use crate::matcher::{SegmentSlot, Tables};
use crate::method::standard_shift;
use crate::route::Route;
use crate::template::shape::shape_hash;
use crate::template::{MAX_LENGTH, MAX_PARAMETERS, MAX_SEGMENTS, Template};

pub(super) fn emit(draft: &mut Draft<'_>, build: fn(&Trie) -> Automaton) -> UntypedCatalogue {
    let mut pool = TextPool::default();
    let mut numbers = NumberPool::default();
    let declaration = draft.declaration;
    let mut columns = StandardColumns::NONE;
    for (column, method) in draft.methods.iter().enumerate() {
        if let Some(shift) = standard_shift(method) {
            columns = columns.with(shift, column as u8);
        }
    }
    let head = [
        pool.add(&declaration.name),
        pool.add(&declaration.description),
        pool.add(&draft.base),
        pool.optional(draft.tenant.as_ref().map(|tenant| tenant.value.as_str())),
        columns.0,
    ];
    let methods = draft.methods.iter().map(|method| pool.add(method)).collect();
    let scopes: Vec<[u64; 6]> = draft
        .scopes
        .iter()
        .zip(global_only::global_only(draft))
        .map(|(scope, is_global_only)| scope_fields(scope, is_global_only, &mut pool, &mut numbers).pack())
        .collect();
    let mut parameters = Vec::new();
    let routes: Vec<[u64; 8]> = draft
        .routes
        .iter()
        .map(|route| route_fields(draft, route, &mut pool, &mut numbers, &mut parameters).pack())
        .collect();
    let mut shapes: Vec<u64> = draft
        .routes
        .iter()
        .enumerate()
        .map(|(index, route)| shape_entry(shape_hash(&draft.method_of(route), &route.path), index as u16))
        .collect();
    shapes.sort_unstable();
    let old_names = draft.old_names.iter().map(|(scope, name)| text_entry(*scope, pool.add(&name.value))).collect();
    let titles = titles(draft, &mut pool);
    let deprecations = deprecations(draft);
    let tables = automaton(draft, build, &mut pool).unwrap_or_else(|| {
        let kind = CatalogueErrorKind::TooMany { what: "distinct sets of methods or affixes", limit: MAX_ENTRIES };
        draft.error(Place::default(), kind);
        Tables::EMPTY
    });
    if pool.overflowed {
        draft.error(Place::default(), CatalogueErrorKind::TooMany { what: "bytes of text", limit: MAX_TEXT });
    }
    let old = draft.old_names.iter().map(|(_, name)| name.value.as_str());
    let names: Vec<&str> = draft.scopes.iter().map(|scope| scope.name.value.as_str()).chain(old).collect();
    announced(UntypedCatalogue::from_parts(Parts {
        text: Cow::Owned(pool.text),
        head,
        scopes: Cow::Owned(scopes),
        routes: Cow::Owned(routes),
        parameters: Cow::Owned(parameters),
        methods: Cow::Owned(methods),
        numbers: Cow::Owned(numbers.numbers),
        names: Cow::Owned(hash::build(&names.iter().copied())),
        old_names: Cow::Owned(old_names),
        titles: Cow::Owned(titles),
        announces: !deprecations.is_empty(),
        deprecations: Cow::Owned(deprecations),
        shapes: Cow::Owned(shapes),
        tables,
    }))
}

/// Marks the routes whose answers tell clients of a deprecation. The deprecation may come from the
/// route's scopes.
fn announced(mut catalogue: UntypedCatalogue) -> UntypedCatalogue {
    if !catalogue.has_announcements() {
        return catalogue;
    }
    let is_announced = |route: Route<'_>| route.effective_deprecation().is_some_and(Deprecation::is_announced);
    let marked: Vec<bool> = catalogue.routes().map(is_announced).collect();
    for (record, is_announced) in catalogue.parts.routes.to_mut().iter_mut().zip(marked) {
        if is_announced {
            announce(record);
        }
    }
    catalogue
}

/// The tables. If they hold the plain trie, also the two routes that prevented merging.
pub(super) type Built = (Tables, Option<Crossing>);

/// Builds the tables of these routes, each with its template, the column of its method, and its id.
pub(super) fn tables<'t>(
    routes: impl Iterator<Item = (&'t Template, usize, u16)>,
    columns: &Columns,
    build: fn(&Trie) -> Automaton,
    pool: &mut TextPool,
) -> Option<Built> {
    let trie = Trie::build(routes);
    let automaton = build(&trie);
    if let Some(tables) = tables::write(&automaton, &trie, columns, pool) {
        return Some((tables, automaton.crossing));
    }
    let tables = tables::write(&Automaton::of_trie(&trie), &trie, columns, pool)?;
    let routes = trie.some_route(0).unwrap_or_default();
    Some((tables, Some(automaton.crossing.unwrap_or((routes, routes)))))
}

fn automaton(draft: &mut Draft<'_>, build: fn(&Trie) -> Automaton, pool: &mut TextPool) -> Option<Tables> {
    let columns = Columns::of(&draft.methods.iter().map(String::as_str));
    let routes = draft.routes.iter().enumerate().map(|(index, route)| (&route.template, route.method, index as u16));
    let (tables, crossing) = tables(routes, &columns, build, pool)?;
    if let Some((first, second)) = crossing.filter(|_| draft.declaration.strict) {
        strict::refuse_search(draft, first, second);
    }
    Some(tables)
}

// Each of these values must fit the bits that a record has for it: positions and lengths within a
// template, and columns of methods.
const _: () =
    assert!(MAX_LENGTH <= u16::MAX as usize && MAX_SEGMENTS < 255 && MAX_PARAMETERS < 255 && MAX_METHODS < 255);

fn scope_fields(
    scope: &ScopeDraft<'_>,
    is_global_only: bool,
    pool: &mut TextPool,
    numbers: &mut NumberPool,
) -> ScopeFields {
    let patterns: Vec<&str> = scope.includes.iter().map(|pattern| pattern.value.as_str()).collect();
    ScopeFields {
        name: pool.add(&scope.name.value),
        dotted: pool.add(&scope.dotted),
        description: pool.add(&scope.declared.description),
        deprecated: pool.optional(reason(scope.deprecated.as_ref())),
        includes: pool.optional(Some(patterns.join(" ").as_str()).filter(|patterns| !patterns.is_empty())),
        first_member: numbers.add(scope.members.clone()),
        member_count: scope.members.len() as u32,
        is_global_only,
    }
}

fn route_fields(
    draft: &Draft<'_>,
    route: &RouteDraft,
    pool: &mut TextPool,
    numbers: &mut NumberPool,
    parameters: &mut Vec<[u64; 2]>,
) -> RouteFields {
    let (access, access_reason) = match &route.access {
        AccessDraft::Scoped => (AccessKind::Scoped, ""),
        AccessDraft::Public(reason) => (AccessKind::Public, reason.as_str()),
        AccessDraft::Authenticated(reason) => (AccessKind::Authenticated, reason.as_str()),
        AccessDraft::External(reason) => (AccessKind::External, reason.as_str()),
    };
    let (tenancy, tenancy_reason) = match &route.tenancy {
        TenancyDraft::NotApplicable => (TenancyKind::NotApplicable, ""),
        TenancyDraft::Bound => (TenancyKind::Bound, ""),
        TenancyDraft::Global(reason) => (TenancyKind::Global, reason.as_str()),
        TenancyDraft::Unbound(reason) => (TenancyKind::Unbound, reason.as_str()),
    };
    let only_scope = match (&route.access, route.alternatives.as_slice()) {
        (AccessDraft::Scoped, [term]) if term.len() == 1 => term.first().copied(),
        _ => None,
    };
    let first_parameter = parameters.len() as u32;
    parameters.extend(parameter_fields(route, pool).map(|fields| fields.pack()));
    let (tenant_parameter, tenant_slot) = tenant_place(draft, route);
    RouteFields {
        path: pool.add(&route.path),
        name: pool.add(&route.final_name),
        description: pool.add(&route.description),
        deprecated: pool.optional(reason(route.deprecated.as_ref())),
        method: route.method as u8,
        access,
        access_reason: pool.add(access_reason),
        only_scope,
        tenancy,
        tenancy_reason: pool.add(tenancy_reason),
        has_trailing_slash: route.template.trailing_slash(),
        has_rest: has_rest(&route.template),
        requirement: numbers.add(requirement(route)),
        first_parameter,
        parameter_count: (parameters.len() as u32 - first_parameter) as u8,
        tenant_parameter,
        segments: route.template.segments().len() as u8,
        tenant_slot: tenant_slot.0,
    }
}

fn reason(deprecated: Option<&DeprecationDraft>) -> Option<&str> {
    deprecated.map(|deprecated| deprecated.reason.as_str())
}

fn titles(draft: &Draft<'_>, pool: &mut TextPool) -> Vec<[u64; 2]> {
    let titles = draft.scopes.iter().enumerate().filter_map(|(id, scope)| Some((id, scope.declared.title.as_ref()?)));
    titles.map(|(id, title)| text_entry(id as u16, pool.add(&title.value))).collect()
}

/// The entries of scopes and routes whose deprecation has more than a reason.
fn deprecations(draft: &Draft<'_>) -> Vec<[u64; 2]> {
    let scopes = draft.scopes.iter().enumerate().map(|(id, scope)| (Deprecated::Scope(id as u16), &scope.deprecated));
    let routes = draft.routes.iter().enumerate().map(|(id, route)| (Deprecated::Route(id as u16), &route.deprecated));
    let mut entries = Vec::new();
    for (of, deprecated) in scopes.chain(routes) {
        let Some(deprecated) = deprecated else { continue };
        let (since, sunset) = (deprecated.since.map(Date::days), deprecated.sunset.map(Date::days));
        let schedule = ScheduleFields { since, sunset, successor: deprecated.successor };
        if schedule != ScheduleFields::default() {
            entries.push(schedule_entry(of, schedule));
        }
    }
    entries
}

/// The number of alternatives, then for each alternative its length and its scopes.
fn requirement(route: &RouteDraft) -> Vec<u16> {
    let mut numbers = alloc::vec![route.alternatives.len() as u16];
    for term in &route.alternatives {
        numbers.push(term.len() as u16);
        numbers.extend_from_slice(term);
    }
    numbers
}

fn parameter_fields(route: &RouteDraft, pool: &mut TextPool) -> impl Iterator<Item = ParameterFields> {
    route.template.parameters().map(|parameter| ParameterFields {
        name: pool.add(parameter.name),
        segment: parameter.segment as u8,
        prefix: parameter.prefix.len() as u16,
        suffix: parameter.suffix.len() as u16,
        is_rest: parameter.is_rest,
        is_raw: route.raw.iter().any(|raw| raw == parameter.name),
    })
}

/// The index of the parameter that names the tenant, and the slot in which a walk keeps its
/// segment.
fn tenant_place(draft: &Draft<'_>, route: &RouteDraft) -> (Option<u8>, SegmentSlot) {
    let Some(tenant) = &draft.tenant else { return (None, SegmentSlot::NOT_KEPT) };
    let found = route.template.parameters().enumerate().find(|(_, parameter)| parameter.name == tenant.value);
    let Some((index, parameter)) = found else { return (None, SegmentSlot::NOT_KEPT) };
    // A path that matches `{*rest}` may have more segments than its route.
    let is_kept = parameter.prefix.is_empty() && parameter.suffix.is_empty() && !has_rest(&route.template);
    (
        Some(index as u8),
        if is_kept {
            SegmentSlot::new(parameter.segment, route.template.segments().len())
        } else {
            SegmentSlot::NOT_KEPT
        },
    )
}

fn has_rest(template: &Template) -> bool {
    template.parameters().any(|parameter| parameter.is_rest)
}
