//! Facts about a catalogue that the pages of a reference need, collected in one walk over it.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use crate::catalogue::{ScopeInfo, UntypedCatalogue};
use crate::requirement::Term;
use crate::route::Route;
use crate::scope::ScopeId;

/// The greatest number of names in one sentence. A route may name 255 scopes, and many routes may
/// name the same scope.
pub(super) const MOST_NAMES: usize = 8;

/// The greatest number of groups whose pages list the same route, for the same reason.
const MOST_GROUPS: usize = 8;

#[derive(Debug)]
pub(super) struct Index<'c> {
    /// The facts about each scope, by its id.
    scopes: Vec<ScopeFacts<'c>>,
    groups: Vec<Group<'c>>,
    /// The groups by their dotted names. The group of scopes with one segment has an empty name.
    positions: BTreeMap<&'c str, usize>,
}

#[derive(Debug, Default)]
pub(super) struct ScopeFacts<'c> {
    /// The routes that name the scope.
    pub(super) routes: Vec<Route<'c>>,
    /// The first scopes that include the scope, at most [`MOST_NAMES`].
    pub(super) included_in: Vec<ScopeId>,
    /// The number of scopes that include the scope.
    pub(super) inclusions: usize,
    /// The position of the scope's group.
    group: usize,
}

#[derive(Debug, Default)]
pub(super) struct Group<'c> {
    /// The scopes of the group itself.
    pub(super) scopes: Vec<ScopeInfo<'c>>,
    /// The routes that these scopes open.
    pub(super) routes: Vec<Route<'c>>,
    /// The number of scopes in the group and in the groups below it.
    pub(super) all_scopes: usize,
    /// The number of routes that all these scopes open.
    pub(super) all_routes: usize,
    /// The position of the group above.
    above: Option<usize>,
    /// The route that was counted last.
    counted: Option<Route<'c>>,
}

impl<'c> Index<'c> {
    pub(super) fn new(catalogue: &'c UntypedCatalogue) -> Self {
        let mut index = Self { scopes: Vec::new(), groups: Vec::new(), positions: BTreeMap::new() };
        index.scopes.resize_with(catalogue.scopes().len(), ScopeFacts::default);
        for scope in catalogue.scopes() {
            index.add_scope(scope);
        }
        for route in catalogue.routes() {
            index.add_route(route);
        }
        index
    }

    pub(super) fn scope(&self, id: ScopeId) -> Option<&ScopeFacts<'c>> {
        self.scopes.get(id.index())
    }

    pub(super) fn group(&self, path: &str) -> Option<&Group<'c>> {
        self.groups.get(*self.positions.get(path)?)
    }

    fn add_scope(&mut self, scope: ScopeInfo<'c>) {
        let group = self.position(group_of(scope.dotted()));
        if let Some(facts) = self.scopes.get_mut(scope.id().index()) {
            facts.group = group;
        }
        if let Some(group) = self.groups.get_mut(group) {
            group.scopes.push(scope);
        }
        let mut next = Some(group);
        while let Some(group) = next.and_then(|position| self.groups.get_mut(position)) {
            group.all_scopes += 1;
            next = group.above;
        }
        for member in scope.members() {
            if let Some(facts) = self.scopes.get_mut(member.index()) {
                if facts.inclusions < MOST_NAMES {
                    facts.included_in.push(scope.id());
                }
                facts.inclusions += 1;
            }
        }
    }

    /// The position of a group. A new group is added, together with the groups above it.
    fn position(&mut self, path: &'c str) -> usize {
        if let Some(position) = self.positions.get(path) {
            return *position;
        }
        let above = path.rsplit_once('.').map(|(above, _)| self.position(above));
        let position = self.groups.len();
        self.groups.push(Group { above, ..Group::default() });
        self.positions.insert(path, position);
        position
    }

    fn add_route(&mut self, route: Route<'c>) {
        let mut listed = 0;
        for id in route.requirement().iter().flat_map(Term::ids) {
            let Some(facts) = self.scopes.get_mut(id.index()) else { continue };
            if facts.routes.last() == Some(&route) {
                continue;
            }
            facts.routes.push(route);
            let group = facts.group;
            if let Some(group) = self.groups.get_mut(group)
                && listed < MOST_GROUPS
                && group.routes.last() != Some(&route)
            {
                group.routes.push(route);
                listed += 1;
            }
            // If a group has counted the route already, all groups above it have counted it, too.
            let mut next = Some(group);
            while let Some(group) = next.and_then(|position| self.groups.get_mut(position))
                && group.counted != Some(route)
            {
                group.counted = Some(route);
                group.all_routes += 1;
                next = group.above;
            }
        }
    }
}

/// The dotted name of the group to which a scope with this name belongs.
fn group_of(dotted: &str) -> &str {
    dotted.rsplit_once('.').map_or("", |(group, _)| group)
}
