//! Third step, first half: what each route demands of its callers.

use alloc::string::String;
use alloc::vec::Vec;

use super::limits::MAX_ALTERNATIVES;
use super::{AccessDraft, Draft, Listing};
use crate::declaration::Place;
use crate::error::CatalogueErrorKind;

pub(super) fn settle(draft: &mut Draft<'_>) {
    for index in 0..draft.routes.len() {
        access(draft, index);
        alternatives(draft, index);
    }
}

/// Settles the access of a route. A route that is open in one place and guarded in another is an
/// error, because it would silently lose its guard.
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

/// Collects the alternatives: any listing suffices. A listing that is implied by another one would
/// have no effect and is an error.
fn alternatives(draft: &mut Draft<'_>, index: usize) {
    let route = &draft.routes[index];
    let scoped = |listing: &&Listing| listing.access == AccessDraft::Scoped && !listing.scopes.is_empty();
    // Only the first `MAX_ALTERNATIVES` are compared, because each is compared with all others.
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
    let wire = |id: &u16| draft.scopes.get(usize::from(*id)).map_or_else(String::new, |scope| scope.name.value.clone());
    let names = |term: &[u16]| in_order(term).iter().map(wire).collect::<Vec<String>>();
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
            Some((_, (wider, twin))) => absorbed.push((*place, *twin, names(wider), names(term))),
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

/// Whether `among` contains all of `scopes`; both are sorted.
fn within(scopes: &[u16], among: &[u16]) -> bool {
    let mut among = among.iter();
    scopes.iter().all(|scope| among.find(|other| *other >= scope) == Some(scope))
}
