//! Third step: what each route asks of its callers, and whose tenant it serves.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;

use super::{AccessDraft, Draft, Listing, MAX_ALTERNATIVES, TenancyDraft};
use crate::declaration::Place;
use crate::error::CatalogueErrorKind;
use crate::suggest;

pub(super) fn settle(draft: &mut Draft<'_>) {
    let used = tenant_is_used(draft);
    for index in 0..draft.routes.len() {
        access(draft, index);
        alternatives(draft, index);
        tenancy(draft, index, used);
    }
}

/// A route that is open in one place and guarded in another would silently lose its guard.
fn access(draft: &mut Draft<'_>, index: usize) {
    let route = &draft.routes[index];
    let Some(first) = route.listed.first() else { return };
    let conflict = route
        .listed
        .iter()
        .skip(1)
        .find(|listing| listing.access != first.access || (listing.access != AccessDraft::Scoped));
    let access = first.access.clone();
    if let Some(other) = conflict {
        let (method, path, place, twin) = (draft.method_of(route), route.path.clone(), other.place, first.place);
        let (access, elsewhere) = (other.access.word(), first.access.word());
        if access == elsewhere {
            draft.conflict(place, CatalogueErrorKind::DuplicateRoute { method, path }, twin, "first written here");
        } else {
            let kind = CatalogueErrorKind::AccessConflict { method, path, access, other: elsewhere };
            draft.conflict(place, kind, twin, "the other place");
        }
    }
    draft.routes[index].access = access;
}

/// Any listing suffices; one that another implies would never count and is an error.
fn alternatives(draft: &mut Draft<'_>, index: usize) {
    let route = &draft.routes[index];
    let scoped = |listing: &&Listing| listing.access == AccessDraft::Scoped && !listing.scopes.is_empty();
    // What is too much is not compared: all terms are, with all others.
    let excess = route.listed.iter().filter(scoped).nth(MAX_ALTERNATIVES).map(|listing| listing.place);
    let dotted = |id: &u16| draft.scopes.get(usize::from(*id)).map_or("", |scope| scope.dotted.as_str());
    let mut terms: Vec<(Vec<u16>, Place)> = Vec::new();
    for listing in route.listed.iter().filter(scoped).take(MAX_ALTERNATIVES) {
        let mut scopes = listing.scopes.clone();
        scopes.sort_unstable();
        terms.push((scopes, listing.place));
    }
    let in_order = |term: &[u16]| {
        let mut term = term.to_vec();
        term.sort_by(|a, b| dotted(a).cmp(dotted(b)));
        term
    };
    let show = |term: &[u16]| match term {
        [scope] => String::from(dotted(scope)),
        scopes => alloc::format!("all({})", in_order(scopes).iter().map(dotted).collect::<Vec<_>>().join(", ")),
    };
    let mut absorbed = Vec::new();
    let mut repeated = Vec::new();
    let mut kept: Vec<Vec<u16>> = Vec::new();
    for (at, (term, place)) in terms.iter().enumerate() {
        let wider = terms.iter().enumerate().find(|(other, (wider, _))| {
            *other != at
                && (wider.len() < term.len() || wider.len() == term.len() && *other < at)
                && within(wider, term)
        });
        match wider {
            None => kept.push(in_order(term)),
            Some((_, (same, twin))) if same.len() == term.len() => repeated.push((*place, *twin)),
            Some((_, (wider, twin))) => absorbed.push((*place, *twin, show(wider), show(term))),
        }
    }
    kept.sort_by(|a, b| a.iter().map(dotted).cmp(b.iter().map(dotted)));
    let (method, path) = (draft.method_of(route), route.path.clone());
    for (place, twin, wider, narrower) in absorbed {
        let kind = CatalogueErrorKind::Absorbed { method: method.clone(), path: path.clone(), wider, narrower };
        draft.conflict(place, kind, twin, "this alone suffices");
    }
    for (place, twin) in repeated {
        let kind = CatalogueErrorKind::DuplicateRoute { method: method.clone(), path: path.clone() };
        draft.conflict(place, kind, twin, "first written here");
    }
    if let Some(place) = excess {
        draft.error(place, CatalogueErrorKind::TooMany { what: "alternatives of one route", limit: MAX_ALTERNATIVES });
    }
    draft.routes[index].alternatives = kept;
}

/// Whether all of these sorted scopes are among those, which are sorted too.
fn within(scopes: &[u16], among: &[u16]) -> bool {
    let mut among = among.iter();
    scopes.iter().all(|scope| among.find(|other| *other >= scope) == Some(scope))
}

fn tenancy(draft: &mut Draft<'_>, index: usize, used: bool) {
    let route = &draft.routes[index];
    let Some(tenant) = &draft.tenant else { return };
    if !route.access.needs_grant() {
        return;
    }
    if route.template.has_parameter(&tenant.value) {
        draft.routes[index].tenancy = TenancyDraft::Bound;
        return;
    }
    if let (AccessDraft::Authenticated(reason), None) =
        (&route.access, route.listed.iter().find_map(|listing| listing.tenancy.as_ref()))
    {
        // `authenticated("..")` has said why no scope is asked; the grant itself is the subject, as in "who am I".
        draft.routes[index].tenancy = TenancyDraft::Global(reason.clone());
        return;
    }
    let mut written = route.listed.iter().filter_map(|listing| listing.tenancy.as_ref());
    let Some(first) = written.next().cloned() else {
        let names = route.template.parameters().map(|parameter| parameter.name);
        let kind = CatalogueErrorKind::TenantMissing {
            method: draft.method_of(route),
            path: route.path.clone(),
            tenant: tenant.value.clone(),
            nearest: suggest::nearest(&tenant.value, names).map(String::from),
        };
        let place = route.place;
        // Until it is said which of the two it is, the stricter one holds.
        draft.routes[index].tenancy = TenancyDraft::Unbound(String::new());
        // A tenant that no route carries is misspelt: one error says it, not one a route.
        if used {
            draft.error(place, kind);
        }
        return;
    };
    let conflict = written.find(|other| other.value.attribute() != first.value.attribute()).cloned();
    if let Some(other) = conflict {
        let kind = CatalogueErrorKind::TenancyConflict { method: draft.method_of(route), path: route.path.clone() };
        draft.conflict(other.place, kind, first.place, "the other attribute");
    }
    draft.routes[index].tenancy = first.value;
}

fn tenant_is_used(draft: &mut Draft<'_>) -> bool {
    let Some(tenant) = draft.tenant.clone() else { return true };
    if draft.routes.iter().any(|route| route.template.has_parameter(&tenant.value)) {
        return true;
    }
    let parameters: BTreeSet<&str> =
        draft.routes.iter().flat_map(|route| route.template.parameters().map(|parameter| parameter.name)).collect();
    let nearest = suggest::nearest(&tenant.value, parameters).map(String::from);
    draft.error(tenant.place, CatalogueErrorKind::TenantNotUsed { tenant: tenant.value, nearest });
    false
}
