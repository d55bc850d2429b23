//! What every solution has, and the independent parts of the rest.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use scopes_core::{Access, Route, RouteId, ScopeId, ScopeInfo, UntypedCatalogue};

use super::search::{Found, Part as Local, Unused};
use crate::usage::bits::Bits;

/// A problem, taken apart.
#[derive(Debug)]
pub(super) struct Parts {
    /// The scopes that every solution has, with what they include.
    pub(super) forced: Bits,
    pub(super) parts: Vec<Part>,
}

/// A part with the positions of its scopes in the catalogue.
#[derive(Debug)]
pub(super) struct Part {
    local: Local,
    scopes: Vec<usize>,
}

impl Part {
    pub(super) fn solve(&self, most_steps: u64) -> Found {
        self.local.solve(most_steps)
    }

    pub(super) fn steps(&self) -> u64 {
        self.local.steps.get()
    }

    /// A set of the part as a set of the catalogue.
    pub(super) fn globally(&self, bound: usize, set: &Bits) -> Bits {
        Bits::of(bound, set.iter().filter_map(|index| self.scopes.get(index).copied()))
    }
}

impl Parts {
    /// Takes the problem apart: routes that must be open, scopes that are chosen already, and
    /// scopes that the client does not hold.
    pub(super) fn of(catalogue: &UntypedCatalogue, used: &[RouteId], mut chosen: Bits, new: &Bits) -> Self {
        let closed = Closed::new(catalogue);
        let requirements = used.iter().filter_map(|id| catalogue.route_at(*id)).map(alternatives);
        // Routes with the same requirement are one constraint.
        let mut constraints: BTreeSet<Vec<Bits>> = BTreeSet::new();
        let mut by_requirement: HashMap<Vec<Vec<usize>>, ()> = HashMap::new();
        for requirement in requirements {
            if by_requirement.insert(requirement.clone(), ()).is_none() {
                constraints.insert(requirement.iter().map(|ids| closed.of(ids)).collect());
            }
        }
        let mut constraints: Vec<Vec<Bits>> = constraints.into_iter().collect();
        loop {
            let before = chosen.len();
            constraints.retain_mut(|ways| {
                for way in ways.iter_mut() {
                    *way = way.without(&chosen);
                }
                keep_least(ways);
                match ways.as_slice() {
                    [way] => {
                        chosen.add(way);
                        false
                    }
                    // A requirement without alternatives is never satisfied.
                    ways => !ways.is_empty() && !ways.iter().any(Bits::is_empty),
                }
            });
            if chosen.len() == before {
                break;
            }
        }
        constraints.sort();
        constraints.dedup();
        let mut parts = apart(catalogue, &constraints, used, &chosen);
        for part in &mut parts {
            let places = part.scopes.iter().enumerate().filter(|(_, scope)| new.contains(**scope));
            part.local.new = Bits::of(part.scopes.len(), places.map(|(place, _)| place));
        }
        Self { forced: chosen, parts }
    }
}

/// The alternatives of a route as positions of scopes.
fn alternatives(route: Route<'_>) -> Vec<Vec<usize>> {
    route.requirement().iter().map(|term| term.ids().map(ScopeId::index).collect()).collect()
}

/// Sets with what their scopes include.
struct Closed<'c> {
    catalogue: &'c UntypedCatalogue,
    scopes: usize,
}

impl<'c> Closed<'c> {
    fn new(catalogue: &'c UntypedCatalogue) -> Self {
        Self { catalogue, scopes: catalogue.scopes().len() }
    }

    fn of(&self, scopes: &[usize]) -> Bits {
        let mut set = Bits::of(self.scopes, scopes.iter().copied());
        for &index in scopes {
            let info = u16::try_from(index).ok().and_then(|index| self.catalogue.scope(ScopeId::new(index)));
            for member in info.into_iter().flat_map(ScopeInfo::members) {
                set.insert(member.index());
            }
        }
        set
    }
}

/// Removes the ways that contain another one, because the other one is never worse.
fn keep_least(ways: &mut Vec<Bits>) {
    ways.sort_by_cached_key(|way| (way.len(), way.clone()));
    let mut least: Vec<Bits> = Vec::new();
    for way in ways.drain(..) {
        if !least.iter().any(|less| less.is_subset(&way)) {
            least.push(way);
        }
    }
    *ways = least;
}

/// Takes constraints apart that have no scope in common, directly or through a route that scopes of
/// both can open.
fn apart(catalogue: &UntypedCatalogue, constraints: &[Vec<Bits>], used: &[RouteId], forced: &Bits) -> Vec<Part> {
    let bound = catalogue.scopes().len();
    let mut candidates = Bits::new(bound);
    let mut groups = Groups::new(bound);
    for ways in constraints {
        groups.join(ways.iter().flat_map(Bits::iter));
        for way in ways {
            candidates.add(way);
        }
    }
    // The routes that a choice may open: what is missing, and how many routes are like that.
    let mut unused: BTreeMap<Vec<Vec<usize>>, u64> = BTreeMap::new();
    for route in catalogue.routes().filter(|route| matches!(route.access(), Access::Scoped)) {
        let requirement = route.requirement();
        let is_used = used.binary_search(&route.id()).is_ok();
        if candidates.is_empty() || is_used || requirement.satisfied_by(forced.words()) {
            continue;
        }
        let is_possible = |ids: &Vec<usize>| ids.iter().all(|&id| forced.contains(id) || candidates.contains(id));
        let missing = |ids: Vec<usize>| ids.into_iter().filter(|&id| !forced.contains(id)).collect::<Vec<_>>();
        let mut ways: Vec<Vec<usize>> = alternatives(route).into_iter().filter(is_possible).map(missing).collect();
        ways.sort();
        if !ways.is_empty() {
            groups.join(ways.iter().flatten().copied());
            *unused.entry(ways).or_default() += 1;
        }
    }
    let mut parts: BTreeMap<usize, Part> = BTreeMap::new();
    let mut places = vec![0; bound];
    for scope in candidates.iter() {
        let part =
            parts.entry(groups.of(scope)).or_insert_with(|| Part { local: Local::default(), scopes: Vec::new() });
        if let Some(place) = places.get_mut(scope) {
            *place = part.scopes.len();
        }
        part.scopes.push(scope);
    }
    for part in parts.values_mut() {
        let is_deprecated = |scope: usize| {
            let info = u16::try_from(scope).ok().and_then(|index| catalogue.scope(ScopeId::new(index)));
            info.is_some_and(|scope| scope.deprecation().is_some())
        };
        part.local.scopes = part.scopes.len();
        part.local.mentions = vec![Vec::new(); part.scopes.len()];
        let deprecated = part.scopes.iter().enumerate().filter(|(_, scope)| is_deprecated(**scope));
        part.local.deprecated = Bits::of(part.scopes.len(), deprecated.map(|(place, _)| place));
    }
    let place = |scope: usize| places.get(scope).copied();
    for ways in constraints {
        let Some(part) = first(ways).and_then(|scope| parts.get_mut(&groups.of(scope))) else { continue };
        let local = |way: &Bits| Bits::of(part.scopes.len(), way.iter().filter_map(place));
        let ways = ways.iter().map(local).collect();
        part.local.constraints.push(ways);
    }
    for (ways, routes) in unused {
        let Some(scope) = ways.iter().flatten().next() else { continue };
        let Some(part) = parts.get_mut(&groups.of(*scope)) else { continue };
        let index = part.local.unused.len();
        let mentioned: BTreeSet<usize> = ways.iter().flatten().filter_map(|&scope| place(scope)).collect();
        for scope in mentioned {
            if let Some(mentions) = part.local.mentions.get_mut(scope) {
                mentions.push(index);
            }
        }
        let local = |way: &Vec<usize>| Bits::of(part.scopes.len(), way.iter().filter_map(|&scope| place(scope)));
        let alternatives = ways.iter().map(local).collect();
        part.local.unused.push(Unused { alternatives, routes });
    }
    parts.into_values().collect()
}

fn first(ways: &[Bits]) -> Option<usize> {
    ways.first().and_then(|way| way.iter().next())
}

/// Numbers in groups that are joined (a union-find structure).
struct Groups(Vec<usize>);

impl Groups {
    fn new(bound: usize) -> Self {
        Self((0..bound).collect())
    }

    /// The group of a number, named by one of its numbers.
    fn of(&self, number: usize) -> usize {
        let mut at = number;
        while let Some(&next) = self.0.get(at).filter(|next| **next != at) {
            at = next;
        }
        at
    }

    fn join(&mut self, numbers: impl Iterator<Item = usize>) {
        let mut group = None;
        for number in numbers {
            let of_number = self.of(number);
            let into = *group.get_or_insert(of_number);
            if let Some(link) = self.0.get_mut(of_number) {
                *link = into;
            }
            // Shortens the way for the next time.
            if let Some(link) = self.0.get_mut(number) {
                *link = into;
            }
        }
    }
}
