//! Third step, second half: the tenancy of each route.

use alloc::collections::BTreeSet;
use alloc::string::String;

use super::{AccessDraft, Draft, TenancyDraft};
use crate::error::CatalogueErrorKind;
use crate::suggest;

pub(super) fn settle(draft: &mut Draft<'_>) {
    let used = tenant_is_used(draft);
    for index in 0..draft.routes.len() {
        tenancy(draft, index, used);
    }
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
        // The reason of `authenticated("..")` also explains the tenancy: such a route serves the
        // grant itself, as in "who am I".
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
        // The compiler assumes the stricter attribute until the declaration has one of the two.
        draft.routes[index].tenancy = TenancyDraft::Unbound(String::new());
        // If no route has the tenant's parameter, its name is probably misspelt: `tenant_is_used`
        // has reported that once, and not for each route.
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
