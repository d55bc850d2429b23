//! Notes about a sound catalogue.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

use super::automaton::Automaton;
use super::emit;
use super::pools::TextPool;
use super::tables::Columns;
use super::templates_of;
use crate::catalogue::UntypedCatalogue;
use crate::error::{Note, Overlap};
use crate::requirement::Term;
use crate::route::{Route, RouteId};
use crate::template::shape::shape;

impl UntypedCatalogue {
    /// The parts that are valid, but may be mistakes.
    ///
    /// ```
    /// # use scopes_core::{Note, UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// declaration.scope("users.write");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert!(matches!(&*catalogue.notes(), [Note::ScopeWithoutRoute { .. }]));
    /// ```
    #[must_use]
    pub fn notes(&self) -> Vec<Note> {
        notes(self)
    }
}

fn notes(catalogue: &UntypedCatalogue) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut spellings: BTreeMap<Vec<u8>, &str> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for route in catalogue.routes() {
        let first = *spellings.entry(shape(route.path()).collect()).or_insert(route.path());
        if first != route.path() && seen.insert((first, route.path())) {
            notes.push(Note::ParameterSpelling { path: first.into(), other: route.path().into() });
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
    for overlap in catalogue.overlaps().into_iter().filter(|overlap| overlap.opens) {
        let Overlap { method, winner: public, loser: guarded, loser_needs: needs, witness, .. } = overlap;
        notes.push(Note::PublicWins { method, public, guarded, needs, witness });
    }
    notes.extend(not_merged(catalogue));
    notes
}

/// Builds the tables once more, because the stored ones do not tell which routes prevented merging.
fn not_merged(catalogue: &UntypedCatalogue) -> Option<Note> {
    if catalogue.parts.tables.trie.is_empty() {
        return None;
    }
    let templates = templates_of(catalogue);
    let column = |name: &str| catalogue.methods().position(|method| method == name);
    let columns = Columns::of(&catalogue.methods());
    let methods = catalogue.routes().map(|route| column(route.method()).unwrap_or_default());
    let routes = templates.iter().zip(methods).enumerate();
    let routes = routes.map(|(index, (template, method))| (template, method, index as u16));
    let (_, crossing) = emit::tables(routes, &columns, Automaton::build, &mut TextPool::default())?;
    let (first, second) = crossing?;
    let path = |route: u16| catalogue.route_at(RouteId(route)).map_or("", Route::path);
    Some(Note::NotMerged { path: path(first).into(), other: path(second).into() })
}
