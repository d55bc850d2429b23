//! Which scopes need the tenant when a grant is checked without a request.
//!
//! A check with a request takes the tenant from the path. A check without one (in a job or a
//! resolver) must be given the tenant, unless nothing that the scope opens belongs to a tenant.
//! Only `#[global("why")]` declares that: the handler of an `#[unbound]` route compares the owner
//! itself, and a scope without routes declares nothing.

use alloc::vec::Vec;

use super::{Draft, TenancyDraft};

/// The kinds of tenancy that the routes of a scope have.
#[derive(Clone, Copy, Default)]
struct Said {
    global: bool,
    other: bool,
}

/// For each scope, whether it and every scope that it includes open at least one `global` route
/// each, and only such routes.
///
/// A scope without routes of its own opens the routes of its members. Routes that are not scoped
/// (`public`, `authenticated`, `external`) name no scope and do not count: a client can call them
/// without any scope.
pub(super) fn global_only(draft: &Draft<'_>) -> Vec<bool> {
    let mut said = alloc::vec![Said::default(); draft.scopes.len()];
    for route in &draft.routes {
        let is_global = matches!(route.tenancy, TenancyDraft::Global(_));
        for &scope in route.alternatives.iter().flatten() {
            if let Some(said) = said.get_mut(usize::from(scope)) {
                said.global |= is_global;
                said.other |= !is_global;
            }
        }
    }
    // `members` holds all included scopes, the indirect ones too, and never forms a cycle: a scope
    // opens all routes that its members open.
    let of = |scope: u16| said.get(usize::from(scope)).copied().unwrap_or_default();
    let opens = |scope: usize| -> Said {
        let members = draft.scopes.get(scope).map_or(&[][..], |scope| &scope.members);
        let itself = said.get(scope).copied().unwrap_or_default();
        members
            .iter()
            .map(|&member| of(member))
            .fold(itself, |all, one| Said { global: all.global | one.global, other: all.other | one.other })
    };
    let alone: Vec<bool> = (0..said.len()).map(&opens).map(|opened| opened.global && !opened.other).collect();
    let is_alone = |scope: u16| alone.get(usize::from(scope)) == Some(&true);
    draft
        .scopes
        .iter()
        .zip(&alone)
        .map(|(scope, &itself)| itself && scope.members.iter().all(|&member| is_alone(member)))
        .collect()
}
