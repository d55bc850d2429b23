//! First step: the scopes and their names.

use alloc::string::String;

use super::limits::MAX_ENTRIES;
use super::{Draft, ScopeDraft};
use crate::declaration::{Item, ScopeDeclaration};
use crate::error::CatalogueErrorKind;
use crate::name;

/// The list of all scopes, `Scope::ALL`, which a variant of that name would hide.
const ALL: &str = "ALL";

pub(super) fn collect(draft: &mut Draft<'_>) {
    for item in &draft.declaration.items {
        if let Item::Scope(scope) = item {
            add(draft, scope);
        }
    }
}

fn add<'d>(draft: &mut Draft<'d>, scope: &'d ScopeDeclaration) {
    let place = scope.name.place;
    let wire = &scope.name.value;
    if let Err(error) = name::check_wire_name(wire) {
        return draft.error(place, CatalogueErrorKind::Name { name: wire.clone(), error });
    }
    let Some(dotted) = dotted_name(draft, scope) else { return };
    if let Some(&first) = draft.by_name.get(wire) {
        let twin = draft.scopes[usize::from(first)].name.place;
        return draft.conflict(
            place,
            CatalogueErrorKind::DuplicateScope { name: wire.clone() },
            twin,
            "first declared here",
        );
    }
    if let Some(&first) = draft.by_dotted.get(&dotted) {
        let other = draft.scopes[usize::from(first)].name.clone();
        let kind = CatalogueErrorKind::DuplicateDottedName { name: wire.clone(), other: other.value, dotted };
        return draft.conflict(place, kind, other.place, "this scope has the same dotted name");
    }
    // Elsewhere in the declaration both the wire name and the dotted name refer to a scope, so no
    // text may be the name of two scopes.
    if let Some(&first) = draft.by_dotted.get(wire).or_else(|| draft.by_name.get(&dotted)) {
        let other = draft.scopes[usize::from(first)].name.clone();
        let text = if draft.by_dotted.contains_key(wire) { wire.clone() } else { dotted };
        let kind = CatalogueErrorKind::CrossedNames { name: wire.clone(), other: other.value, text };
        return draft.conflict(place, kind, other.place, "this scope has that name too");
    }
    let type_name = name::pascal_case(&dotted);
    if let Some(&first) = draft.by_type_name.get(&type_name) {
        let other = draft.scopes[usize::from(first)].name.clone();
        let kind = CatalogueErrorKind::SameTypeName { name: wire.clone(), other: other.value, type_name };
        return draft.conflict(place, kind, other.place, "this scope has the same Rust name");
    }
    if type_name == ALL {
        return draft.error(place, CatalogueErrorKind::TakenTypeName { name: wire.clone(), type_name: ALL });
    }
    if let Some(title) = &scope.title
        && (title.value.trim().is_empty() || title.value.contains(char::is_control))
    {
        draft.error(title.place, CatalogueErrorKind::Title);
    }
    if draft.scopes.len() >= MAX_ENTRIES {
        if draft.scopes.len() == MAX_ENTRIES {
            draft.error(place, CatalogueErrorKind::TooMany { what: "scopes", limit: MAX_ENTRIES });
        }
        return;
    }
    let id = draft.scopes.len() as u16;
    draft.by_name.insert(wire.clone(), id);
    draft.by_type_name.insert(type_name, id);
    draft.by_dotted.insert(dotted.clone(), id);
    draft.scopes.push(ScopeDraft {
        name: scope.name.clone(),
        dotted,
        declared: scope,
        deprecated: None,
        includes: scope.includes.clone(),
        members: alloc::vec::Vec::new(),
    });
}

fn dotted_name(draft: &mut Draft<'_>, scope: &ScopeDeclaration) -> Option<String> {
    let wire = &scope.name.value;
    let (dotted, place) = match &scope.dotted {
        Some(written) => (written.value.clone(), written.place),
        None if name::check_dotted(wire).is_ok() => (wire.clone(), scope.name.place),
        None => match name::dotted(wire) {
            Some(derived) => (derived, scope.name.place),
            None => {
                draft.error(scope.name.place, CatalogueErrorKind::NoDottedName { name: wire.clone() });
                return None;
            }
        },
    };
    match name::check_dotted(&dotted) {
        Ok(()) => Some(dotted),
        Err(error) => {
            draft.error(place, CatalogueErrorKind::Name { name: dotted, error });
            None
        }
    }
}
