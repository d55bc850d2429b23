//! The member `requirements`. Each entry replaces the demands of the scopes' lists on a route.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::ContentError;
use super::format::{Object, RequirementEntry};
use super::reader::{Key, Reader, key_of};
use crate::declaration::{BlockDeclaration, BlockKind, Notation, RouteDeclaration, ScopeDeclaration};
use crate::error::{CatalogueError, CatalogueErrorKind};
use crate::suggest::Suggestions;

impl Reader {
    /// Changes the scopes' lists: an alternative of one scope puts the route into that scope's
    /// list, an alternative of several scopes becomes a block. Returns the blocks and the errors.
    pub(super) fn requirements(
        &mut self,
        entries: Vec<Object<RequirementEntry>>,
        scopes: &mut [ScopeDeclaration],
    ) -> (Vec<BlockDeclaration>, Vec<CatalogueError>) {
        if entries.is_empty() {
            return (Vec::new(), Vec::new());
        }
        let lists = Lists::of(scopes);
        let mut changes = Changes::new(scopes);
        let mut seen = BTreeSet::new();
        for (index, Object(entry)) in entries.into_iter().enumerate() {
            let pointer = format!("/requirements/{index}");
            let mut route = self.route(entry.route, &format!("{pointer}/route"));
            let key = key_of(&route);
            let listed = lists.entries_of(&key);
            if !seen.insert(key) {
                self.content.push((pointer, ContentError::RepeatedRequirement));
                continue;
            }
            for entry in listed {
                self.complete_from_list(&mut route, &changes.scopes[entry.scope], entry.route);
            }
            self.alternatives(&entry.any_of, &pointer, &route, &mut changes, &lists, listed);
        }
        self.finish(changes)
    }

    /// Adds to the route of an entry the members that only a scope's list has.
    fn complete_from_list(&self, route: &mut RouteDeclaration, scope: &ScopeDeclaration, index: usize) {
        let listed = &scope.routes[index];
        complete(route, listed);
        if self.inherits(listed) {
            route.tenancy = route.tenancy.take().or_else(|| scope.tenancy.clone());
        }
    }

    /// Adds the route to the list or block of each alternative, and removes it from the lists of
    /// other scopes.
    fn alternatives(
        &mut self,
        any_of: &[Vec<String>],
        pointer: &str,
        route: &RouteDeclaration,
        changes: &mut Changes<'_>,
        lists: &Lists,
        listed: &[ListEntry],
    ) {
        let mut replaced: BTreeMap<&str, ListEntry> =
            listed.iter().map(|entry| (lists.names[entry.scope].as_str(), *entry)).collect();
        for (index, alternative) in any_of.iter().enumerate() {
            let pointer = format!("{pointer}/any_of/{index}");
            let [name] = alternative.as_slice() else {
                let place = self.place(pointer.clone());
                let mut block = BlockDeclaration::new(BlockKind::All(self.list(alternative.clone(), &pointer)), place);
                block.routes.push(route.clone());
                changes.blocks.push(block);
                continue;
            };
            match (replaced.remove(name.as_str()), lists.indices.get(name)) {
                (Some(entry), _) => complete(&mut changes.scopes[entry.scope].routes[entry.route], route),
                (None, Some(&scope)) => changes.added.entry(scope).or_default().push(route.clone()),
                (None, None) => {
                    let place = self.place(format!("{pointer}/0"));
                    let renamed = changes.scopes.iter().find(|scope| scope.was.iter().any(|old| old.value == *name));
                    let kind = if let Some(scope) = renamed {
                        let scope = scope.name.value.clone();
                        CatalogueErrorKind::RenamedScope { name: name.clone(), scope }
                    } else {
                        let names = lists.names.iter().map(String::as_str);
                        let nearest = changes.suggestions.nearest(name, names).map(Into::into);
                        CatalogueErrorKind::UnknownScope { name: name.clone(), nearest }
                    };
                    changes.errors.push(CatalogueError::new(place, kind, Notation::Json));
                }
            }
        }
        changes.removed.extend(replaced.into_values());
    }

    /// Applies the changes to the lists.
    fn finish(&self, changes: Changes<'_>) -> (Vec<BlockDeclaration>, Vec<CatalogueError>) {
        let Changes { scopes, removed, mut added, blocks, errors, .. } = changes;
        for (index, scope) in scopes.iter_mut().enumerate() {
            let before = scope.routes.len();
            let mut entries = 0..;
            scope
                .routes
                .retain(|_| entries.next().is_none_or(|route| !removed.contains(&ListEntry { scope: index, route })));
            let has_lost = scope.routes.len() < before;
            scope.routes.append(added.entry(index).or_default());
            // If no route in the list needs the scope's tenancy now, the scope loses it. Routes
            // that have left the list have a copy of it.
            if has_lost && !scope.routes.iter().any(|route| self.inherits(route)) {
                scope.tenancy = None;
            }
        }
        (blocks, errors)
    }
}

/// The position of a route in the scopes' lists.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct ListEntry {
    scope: usize,
    route: usize,
}

/// The scopes' lists as written.
struct Lists {
    names: Vec<String>,
    indices: BTreeMap<String, usize>,
    entries: BTreeMap<Key, Vec<ListEntry>>,
}

impl Lists {
    fn of(scopes: &[ScopeDeclaration]) -> Self {
        let names: Vec<String> = scopes.iter().map(|scope| scope.name.value.clone()).collect();
        let indices = names.iter().cloned().enumerate().map(|(index, name)| (name, index)).collect();
        let mut entries: BTreeMap<Key, Vec<ListEntry>> = BTreeMap::new();
        for (scope, declared) in scopes.iter().enumerate() {
            for (route, listed) in declared.routes.iter().enumerate() {
                entries.entry(key_of(listed)).or_default().push(ListEntry { scope, route });
            }
        }
        Self { names, indices, entries }
    }

    fn entries_of(&self, key: &Key) -> &[ListEntry] {
        self.entries.get(key).map_or(&[], Vec::as_slice)
    }
}

/// The changes by `requirements`.
struct Changes<'s> {
    scopes: &'s mut [ScopeDeclaration],
    removed: BTreeSet<ListEntry>,
    added: BTreeMap<usize, Vec<RouteDeclaration>>,
    blocks: Vec<BlockDeclaration>,
    errors: Vec<CatalogueError>,
    suggestions: Suggestions,
}

impl<'s> Changes<'s> {
    const fn new(scopes: &'s mut [ScopeDeclaration]) -> Self {
        Self {
            scopes,
            removed: BTreeSet::new(),
            added: BTreeMap::new(),
            blocks: Vec::new(),
            errors: Vec::new(),
            suggestions: Suggestions::new(),
        }
    }
}

/// Adds to a route the members that only another entry has.
fn complete(route: &mut RouteDeclaration, other: &RouteDeclaration) {
    if route.description.is_empty() {
        route.description.clone_from(&other.description);
    }
    if route.raw.is_empty() {
        route.raw.clone_from(&other.raw);
    }
    if route.overlaps.is_empty() {
        route.overlaps.clone_from(&other.overlaps);
    }
    route.name = route.name.take().or_else(|| other.name.clone());
    route.deprecated = route.deprecated.take().or_else(|| other.deprecated.clone());
    route.tenancy = route.tenancy.take().or_else(|| other.tenancy.clone());
    route.trailing_slash = route.trailing_slash.or(other.trailing_slash);
}
