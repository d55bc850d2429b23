//! Last step: the records of scopes, routes and parameters, and the tables beside them.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use super::automaton::{Automaton, Crossing};
use super::pools::{MAX_TEXT, NumberPool, TextPool};
use super::tables::{self, Columns};
use super::trie::Trie;
use super::{AccessDraft, Draft, MAX_ENTRIES, MAX_METHODS, RouteDraft, TenancyDraft, global_only, strict};
use crate::by_template::shape_hash;
use crate::catalogue::{Catalogue, GLOBAL_ONLY, NO_COLUMN, Parts};
use crate::declaration::Place;
use crate::error::CatalogueErrorKind;
use crate::hash;
use crate::matcher::{Kept, Tables};
use crate::method::standard_slot;
use crate::route::{FLAG_REST, FLAG_TRAILING_SLASH, NO_TENANT_PARAMETER, PARAMETER_RAW, PARAMETER_REST};
use crate::template::{MAX_LENGTH, MAX_PARAMETERS, MAX_SEGMENTS, Template};

pub(super) fn emit(draft: &mut Draft<'_>, build: fn(&Trie) -> Automaton) -> Catalogue {
    let mut pool = TextPool::default();
    let mut numbers = NumberPool::default();
    let declaration = draft.declaration;
    let mut columns = u64::MAX;
    for (column, method) in draft.methods.iter().enumerate() {
        if let Some(slot) = standard_slot(method) {
            columns ^= u64::from(NO_COLUMN ^ column as u8) << (8 * slot);
        }
    }
    let head = [
        pool.add(&declaration.name),
        pool.add(&declaration.description),
        pool.add(&draft.base),
        pool.optional(draft.tenant.as_ref().map(|tenant| tenant.value.as_str())),
        columns,
    ];
    let methods = draft.methods.iter().map(|method| pool.add(method)).collect();
    let scopes: Vec<[u64; 6]> = draft
        .scopes
        .iter()
        .zip(global_only::global_only(draft))
        .map(|(scope, is_global)| {
            let patterns: Vec<&str> = scope.includes.iter().map(|pattern| pattern.value.as_str()).collect();
            let length = scope.members.len() as u64;
            [
                pool.add(&scope.name.value),
                pool.add(&scope.dotted),
                pool.add(&scope.description),
                pool.optional(scope.deprecated.as_deref()),
                pool.optional(Some(patterns.join(" ").as_str()).filter(|patterns| !patterns.is_empty())),
                u64::from(numbers.add(scope.members.clone())) << 32 | if is_global { GLOBAL_ONLY } else { 0 } | length,
            ]
        })
        .collect();
    let mut parameters = Vec::new();
    let routes: Vec<[u64; 8]> =
        draft.routes.iter().map(|route| record(draft, route, &mut pool, &mut numbers, &mut parameters)).collect();
    let mut shapes: Vec<u64> = draft
        .routes
        .iter()
        .enumerate()
        .map(|(index, route)| shape_hash(&draft.method_of(route), &route.path) << 16 | index as u64)
        .collect();
    shapes.sort_unstable();
    let tables = automaton(draft, build, &mut pool).unwrap_or_else(|| {
        let kind = CatalogueErrorKind::TooMany { what: "distinct sets of methods or affixes", limit: MAX_ENTRIES };
        draft.error(Place::default(), kind);
        Tables::EMPTY
    });
    if pool.overflowed {
        draft.error(Place::default(), CatalogueErrorKind::TooMany { what: "bytes of text", limit: MAX_TEXT });
    }
    Catalogue::from_parts(Parts {
        text: Cow::Owned(pool.text),
        head,
        scopes: Cow::Owned(scopes),
        routes: Cow::Owned(routes),
        parameters: Cow::Owned(parameters),
        methods: Cow::Owned(methods),
        numbers: Cow::Owned(numbers.numbers),
        names: Cow::Owned(hash::build(&draft.scopes.iter().map(|scope| scope.name.value.as_ref()))),
        shapes: Cow::Owned(shapes),
        tables,
    })
}

/// Tables, and why they hold the plain trie if they do.
pub(super) type Built = (Tables, Option<Crossing>);

/// The tables of these routes: template, column of the method, id.
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
    let columns = Columns::of(draft.methods.iter().map(String::as_str));
    let routes = draft.routes.iter().enumerate().map(|(index, route)| (&route.template, route.method, index as u16));
    let (tables, crossing) = tables(routes, &columns, build, pool)?;
    if let Some((first, second)) = crossing.filter(|_| draft.declaration.strict) {
        strict::refuse_search(draft, first, second);
    }
    Some(tables)
}

// What a record packs: positions and lengths within a template, and columns of methods.
const _: () =
    assert!(MAX_LENGTH <= u16::MAX as usize && MAX_SEGMENTS < 255 && MAX_PARAMETERS < 255 && MAX_METHODS < 255);

fn record(
    draft: &Draft<'_>,
    route: &RouteDraft,
    pool: &mut TextPool,
    numbers: &mut NumberPool,
    parameters: &mut Vec<[u64; 2]>,
) -> [u64; 8] {
    let (access, access_reason) = match &route.access {
        AccessDraft::Scoped => (0, ""),
        AccessDraft::Public(reason) => (1, reason.as_str()),
        AccessDraft::Authenticated(reason) => (2, reason.as_str()),
        AccessDraft::External(reason) => (3, reason.as_str()),
    };
    let (tenancy, tenancy_reason) = match &route.tenancy {
        TenancyDraft::NotApplicable => (0, ""),
        TenancyDraft::Bound => (1, ""),
        TenancyDraft::Global(reason) => (2, reason.as_str()),
        TenancyDraft::Unbound(reason) => (3, reason.as_str()),
    };
    let has_rest = route.template.parameters().any(|(_, _, _, _, rest)| rest);
    let flags =
        if route.template.trailing_slash() { FLAG_TRAILING_SLASH } else { 0 } | if has_rest { FLAG_REST } else { 0 };
    let mut requirement = alloc::vec![route.alternatives.len() as u16];
    for term in &route.alternatives {
        requirement.push(term.len() as u16);
        requirement.extend_from_slice(term);
    }
    let only_scope = match (&route.access, route.alternatives.as_slice()) {
        (AccessDraft::Scoped, [term]) if term.len() == 1 => term.first().copied(),
        _ => None,
    };
    let first = parameters.len() as u64;
    let (mut tenant_parameter, mut tenant_segment) = (NO_TENANT_PARAMETER, Kept::NOT);
    for (index, (segment, prefix, name, suffix, rest)) in route.template.parameters().enumerate() {
        if draft.tenant.as_ref().is_some_and(|tenant| tenant.value == name) {
            tenant_parameter = index as u64;
            let is_whole = prefix.is_empty() && suffix.is_empty();
            // A path along a rest has more segments than its route.
            if is_whole && !has_rest {
                tenant_segment = Kept::new(segment, route.template.segments().len());
            }
        }
        let raw = route.raw.iter().any(|raw| raw == name);
        let flags = if rest { PARAMETER_REST } else { 0 } | if raw { PARAMETER_RAW } else { 0 };
        let at = segment as u64 | flags << 8 | (prefix.len() as u64) << 16 | (suffix.len() as u64) << 32;
        parameters.push([pool.add(name), at]);
    }
    let count = parameters.len() as u64 - first;
    [
        pool.add(&route.path),
        pool.add(&route.final_name),
        pool.add(&route.description),
        pool.optional(route.deprecated.as_deref()),
        only_scope.map_or_else(|| pool.add(access_reason), |id| u64::from(id) + 1),
        pool.add(tenancy_reason),
        route.method as u64 | access << 8 | tenancy << 16 | flags << 24 | u64::from(numbers.add(requirement)) << 32,
        first
            | count << 32
            | tenant_parameter << 40
            | (route.template.segments().len() as u64) << 48
            | u64::from(tenant_segment.0) << 56,
    ]
}
