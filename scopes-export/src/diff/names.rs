//! The names that tokens may hold, and what each catalogue makes of them.

use std::collections::{BTreeMap, HashMap};

use scopes_core::{ScopeId, ScopeInfo, UntypedCatalogue};

/// The number of a name among those that the old catalogue knows.
pub(super) type Name = u32;

/// The names that a token may hold if it was issued before the change: all names that the old
/// catalogue knows.
pub(super) struct Names<'c> {
    pub(super) texts: Vec<&'c str>,
    /// How many scopes of the old catalogue each name opens, for the choice of the smallest grant.
    pub(super) power: Vec<usize>,
}

/// For each scope of a catalogue, the sorted list of the names whose holders have the scope.
pub(super) struct Holders {
    of_scope: Vec<u32>,
    sets: Vec<Vec<Name>>,
}

/// Gives equal sets of names one number, in both catalogues.
#[derive(Default)]
pub(super) struct Sets {
    numbers: HashMap<Vec<Name>, u32>,
}

impl<'c> Names<'c> {
    /// `removed` are names that the old catalogue does not know any more.
    pub(super) fn of(old: &'c UntypedCatalogue, removed: &[&'c str]) -> Self {
        let mut names = Self { texts: Vec::new(), power: Vec::new() };
        for scope in old.scopes() {
            for name in std::iter::once(scope.name()).chain(scope.old_names()) {
                names.texts.push(name);
                names.power.push(scope.members().len() + 1);
            }
        }
        for name in removed.iter().filter(|name| scope_of(old, name).is_none()) {
            names.texts.push(name);
            names.power.push(0);
        }
        names
    }

    pub(super) fn holders(&self, catalogue: &UntypedCatalogue, sets: &mut Sets) -> Holders {
        let mut holders: Vec<Vec<Name>> = vec![Vec::new(); catalogue.scopes().len()];
        for (name, text) in self.texts.iter().enumerate() {
            for scope in held(catalogue, text) {
                if let Some(holders) = holders.get_mut(scope.index()) {
                    holders.push(name as Name);
                }
            }
        }
        let of_scope = holders.iter().map(|set| sets.number(set)).collect();
        Holders { of_scope, sets: holders }
    }
}

/// The scopes that the holder of a name has in a catalogue.
pub(super) fn held(catalogue: &UntypedCatalogue, name: &str) -> Vec<ScopeId> {
    let Some(scope) = scope_of(catalogue, name) else { return Vec::new() };
    std::iter::once(scope.id()).chain(scope.members()).collect()
}

fn scope_of<'c>(catalogue: &'c UntypedCatalogue, name: &str) -> Option<ScopeInfo<'c>> {
    let id = catalogue.scope_named(name).or_else(|| catalogue.scope_once_named(name));
    id.and_then(|id| catalogue.scope(id))
}

impl Sets {
    fn number(&mut self, set: &[Name]) -> u32 {
        let next = self.numbers.len() as u32;
        *self.numbers.entry(set.to_vec()).or_insert(next)
    }
}

impl Holders {
    /// The number of a scope's set of holders.
    pub(super) fn number(&self, scope: ScopeId) -> u32 {
        self.of_scope.get(scope.index()).copied().unwrap_or(u32::MAX)
    }

    pub(super) fn of(&self, scope: ScopeId) -> &[Name] {
        self.sets.get(scope.index()).map_or(&[], Vec::as_slice)
    }
}

/// Numbers values in the order in which they are first seen.
pub(super) struct Interner<K>(BTreeMap<K, u32>);

impl<K: Ord> Interner<K> {
    pub(super) const fn new() -> Self {
        Self(BTreeMap::new())
    }

    pub(super) fn number(&mut self, key: K) -> u32 {
        let next = self.0.len() as u32;
        *self.0.entry(key).or_insert(next)
    }
}
