//! What is worth a look in a sound catalogue.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::catalogue::Catalogue;
use crate::error::Note;
use crate::requirement::Term;
use crate::shape::shape;

pub(crate) fn notes(catalogue: &Catalogue) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut spellings: BTreeMap<Vec<u8>, &str> = BTreeMap::new();
    for route in catalogue.routes() {
        let first = *spellings.entry(shape(route.path()).collect()).or_insert(route.path());
        let note = Note::ParameterSpelling { path: first.into(), other: route.path().into() };
        if first != route.path() && !notes.contains(&note) {
            notes.push(note);
        }
    }
    let mut used = alloc::vec![false; catalogue.scopes().len()];
    for route in catalogue.routes() {
        for scope in route.requirement().iter().flat_map(Term::ids) {
            if let Some(used) = used.get_mut(usize::from(scope.0)) {
                *used = true;
            }
        }
    }
    for scope in catalogue.scopes().filter(|scope| scope.members().len() == 0) {
        if used.get(usize::from(scope.id().0)) == Some(&false) {
            notes.push(Note::ScopeWithoutRoute { name: scope.name().into() });
        }
    }
    notes
}
