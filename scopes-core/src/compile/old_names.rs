//! The names that scopes had before, after all scopes are known. A token may contain one of them,
//! so each must mean one scope.

use alloc::collections::BTreeMap;
use alloc::string::String;

use super::Draft;
use super::limits::MAX_ENTRIES;
use crate::declaration::At;
use crate::error::CatalogueErrorKind;
use crate::name;

pub(super) fn collect(draft: &mut Draft<'_>) {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for id in 0..draft.scopes.len() {
        let (declared, id) = (draft.scopes[id].declared, id as u16);
        for old in &declared.was {
            match known.get(&*old.value) {
                Some(&first) => repeated(draft, id, old, first),
                None if is_sound(draft, id, old) => {
                    known.insert(&old.value, draft.old_names.len());
                    draft.old_names.push((id, old.clone()));
                }
                None => {}
            }
        }
    }
    let limit = MAX_ENTRIES - draft.scopes.len();
    if let Some((_, old)) = draft.old_names.get(limit) {
        let kind = CatalogueErrorKind::TooMany { what: "scopes and old names", limit: MAX_ENTRIES };
        draft.error(old.place, kind);
        draft.old_names.truncate(limit);
    }
}

/// Reports an old name that is not a name, or that a scope has today.
fn is_sound(draft: &mut Draft<'_>, id: u16, old: &At<String>) -> bool {
    let name = old.value.clone();
    if let Err(error) = name::check_wire_name(&name) {
        draft.error(old.place, CatalogueErrorKind::OldName { name, error });
        return false;
    }
    let Some(&current) = draft.by_name.get(&name) else { return true };
    let other = draft.scopes[usize::from(current)].name.place;
    let kind = CatalogueErrorKind::OldNameInUse { name, is_own: current == id };
    draft.conflict(old.place, kind, other, "the scope that has this name today");
    false
}

fn repeated(draft: &mut Draft<'_>, id: u16, old: &At<String>, first: usize) {
    let (other, earlier) = draft.old_names[first].clone();
    let kind = if other == id {
        CatalogueErrorKind::Repeated { what: "old name", name: old.value.clone() }
    } else {
        let name = |id: u16| draft.scopes[usize::from(id)].name.value.clone();
        CatalogueErrorKind::OldNameOfTwo { name: old.value.clone(), scope: name(id), other: name(other) }
    };
    draft.conflict(old.place, kind, earlier.place, "first written here");
}
