//! The least set of scopes that opens given routes.

mod cost;
mod part;
mod search;

use std::collections::BTreeSet;

use scopes_core::{Access, Route, RouteId, ScopeId, ScopeInfo, UntypedCatalogue};

pub use self::cost::Cost;
use self::part::Parts;
use super::bits::Bits;

/// The greatest number of steps of a search, about a second.
const MOST_STEPS: u64 = 50_000_000;

/// The least set of scopes that opens the routes that were used.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// use scopes_export::usage::minimum;
///
/// let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "/users");
/// declaration.scope("users.write").route("POST", "/users");
/// declaration.scope("admin").route("GET", "/users").route("DELETE", "/users");
/// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
///
/// let used = catalogue.route_by_template("GET", "/users").map(|route| route.id());
/// let least = minimum(&catalogue, used, [], []);
/// let names: Vec<_> = least.scopes().iter().filter_map(|id| catalogue.scope(*id)).collect();
/// assert!(names.iter().map(|scope| scope.name()).eq(["users.read"]));
/// assert!(least.is_proven());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Minimum {
    scopes: Vec<ScopeId>,
    needed_for: Vec<Vec<RouteId>>,
    ties: Vec<Tie>,
    opened: Vec<RouteId>,
    unscoped: Vec<RouteId>,
    cost: Cost,
    bound: Option<Cost>,
}

/// Scopes of a [`Minimum`] that others can replace at the same cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    chosen: Vec<ScopeId>,
    instead: Vec<Vec<ScopeId>>,
    has_all: bool,
}

impl Minimum {
    /// The scopes to grant, without those that they include.
    #[must_use]
    pub fn scopes(&self) -> &[ScopeId] {
        &self.scopes
    }

    /// For each of the [`scopes`](Self::scopes), the used routes that the others do not open. Empty
    /// for a scope that is kept although no used route needs it.
    #[must_use]
    pub fn needed_for(&self) -> impl ExactSizeIterator<Item = (ScopeId, &[RouteId])> {
        self.scopes.iter().copied().zip(self.needed_for.iter().map(Vec::as_slice))
    }

    /// Where other scopes would be equally good.
    #[must_use]
    pub fn ties(&self) -> &[Tie] {
        &self.ties
    }

    /// The routes that the scopes open although they were not used.
    #[must_use]
    pub fn opened_without_use(&self) -> &[RouteId] {
        &self.opened
    }

    /// The used routes that need no scope: public, authenticated or external. The handler of an
    /// authenticated route may demand scopes that the catalogue does not know of.
    #[must_use]
    pub fn unscoped(&self) -> &[RouteId] {
        &self.unscoped
    }

    /// What the set costs.
    #[must_use]
    pub const fn cost(&self) -> Cost {
        self.cost
    }

    /// Whether the search was complete: no set of scopes that opens the used routes costs less.
    #[must_use]
    pub const fn is_proven(&self) -> bool {
        self.bound.is_none()
    }

    /// If the search was given up: what every set costs at least. The set is the best that was
    /// found, and a better one may exist.
    #[must_use]
    pub const fn bound(&self) -> Option<Cost> {
        self.bound
    }
}

impl Tie {
    /// The scopes that the minimum has.
    #[must_use]
    pub fn chosen(&self) -> &[ScopeId] {
        &self.chosen
    }

    /// The sets that could stand in their place.
    #[must_use]
    pub fn instead(&self) -> &[Vec<ScopeId>] {
        &self.instead
    }

    /// Whether [`instead`](Self::instead) has all of them.
    #[must_use]
    pub const fn has_all(&self) -> bool {
        self.has_all
    }
}

/// Finds the least set of scopes that opens all these routes and contains the scopes to keep.
///
/// `held` are the scopes that the client has today; leave them empty if that is not known.
///
/// The order of sets is that of [`Cost`]. The search is exact: it reports a minimum only if it has
/// excluded every better set. If a catalogue is so entangled that this takes too many steps, the
/// result says so ([`Minimum::bound`]). The number of steps is fixed, so every machine finds the
/// same.
#[must_use]
pub fn minimum(
    catalogue: &UntypedCatalogue,
    used: impl IntoIterator<Item = RouteId>,
    keep: impl IntoIterator<Item = ScopeId>,
    held: impl IntoIterator<Item = ScopeId>,
) -> Minimum {
    minimum_in(catalogue, used, keep, held, MOST_STEPS)
}

/// Like [`minimum`], with another greatest number of steps.
#[doc(hidden)]
#[must_use]
pub fn minimum_in(
    catalogue: &UntypedCatalogue,
    used: impl IntoIterator<Item = RouteId>,
    keep: impl IntoIterator<Item = ScopeId>,
    held: impl IntoIterator<Item = ScopeId>,
    most_steps: u64,
) -> Minimum {
    let used: BTreeSet<RouteId> = used.into_iter().collect();
    let is_scoped =
        |id: &RouteId| catalogue.route_at(*id).is_some_and(|route| matches!(route.access(), Access::Scoped));
    let (used, unscoped): (Vec<RouteId>, Vec<RouteId>) = used.into_iter().partition(is_scoped);
    let bound = catalogue.scopes().len();
    let mut chosen = Bits::of(bound, keep.into_iter().map(ScopeId::index));
    catalogue.close(chosen.words_mut());
    let mut held = Bits::of(bound, held.into_iter().map(ScopeId::index));
    catalogue.close(held.words_mut());
    let new = if held.is_empty() { held } else { Bits::of(bound, 0..bound).without(&held) };
    let Parts { forced, parts } = Parts::of(catalogue, &used, chosen, &new);

    let mut chosen = forced.clone();
    let mut ties = Vec::new();
    let (mut least, mut is_proven, mut steps) = (Cost::default(), true, most_steps);
    for part in &parts {
        let found = part.solve(steps);
        steps = steps.saturating_sub(part.steps());
        let sets: Vec<Bits> = found.sets.iter().map(|set| part.globally(bound, set)).collect();
        is_proven &= found.bound.is_none();
        least = least.plus(found.bound.unwrap_or(found.cost));
        let Some((first, others)) = sets.split_first() else { continue };
        chosen.add(first);
        if !others.is_empty() || !found.has_all {
            ties.push(tie(catalogue, &forced, (first, others), found.has_all));
        }
    }
    let opened = opened_without_use(catalogue, &used, &chosen);
    let cost = cost(catalogue, &chosen, opened.len(), &new);
    // What the parts have in common is in the cost of every set.
    let of_forced = self::cost(catalogue, &forced, opened_without_use(catalogue, &used, &forced).len(), &new);
    let bound = (!is_proven).then(|| of_forced.plus(least));
    let scopes = declared(catalogue, &chosen);
    let needed_for = needed_for(catalogue, &used, &scopes, &chosen);
    Minimum { scopes, needed_for, ties, opened, unscoped, cost, bound }
}

/// What can stand in the place of the first set. Where the first set includes a scope that all sets
/// need, the others name it.
fn tie(catalogue: &UntypedCatalogue, forced: &Bits, (first, others): (&Bits, &[Bits]), has_all: bool) -> Tie {
    let with_forced = |set: &Bits| {
        let mut all = forced.clone();
        all.add(set);
        declared(catalogue, &all)
    };
    let (chosen, in_first) = (declared(catalogue, first), with_forced(first));
    let instead = others.iter().map(|set| {
        let mut scopes: BTreeSet<ScopeId> = declared(catalogue, set).into_iter().collect();
        scopes.extend(with_forced(set).into_iter().filter(|id| !in_first.contains(id)));
        scopes.into_iter().collect()
    });
    Tie { instead: instead.collect(), chosen, has_all }
}

fn cost(catalogue: &UntypedCatalogue, chosen: &Bits, unused_routes: usize, new: &Bits) -> Cost {
    let scopes = catalogue.scopes().filter(|scope| chosen.contains(scope.id().index()));
    let deprecated = scopes.filter(|scope| scope.deprecation().is_some()).count();
    let added = chosen.iter().filter(|&scope| new.contains(scope)).count();
    Cost {
        deprecated: deprecated as u64,
        unused_routes: unused_routes as u64,
        scopes: chosen.len() as u64,
        added: added as u64,
    }
}

/// The scoped routes that the scopes open and that were not used. `used` is in order.
fn opened_without_use(catalogue: &UntypedCatalogue, used: &[RouteId], chosen: &Bits) -> Vec<RouteId> {
    let routes = catalogue.routes().filter(|route| matches!(route.access(), Access::Scoped));
    let routes = routes.filter(|route| route.requirement().satisfied_by(chosen.words())).map(Route::id);
    routes.filter(|id| used.binary_search(id).is_err()).collect()
}

/// The scopes of a set that no other scope of it includes.
fn declared(catalogue: &UntypedCatalogue, set: &Bits) -> Vec<ScopeId> {
    let scopes = || catalogue.scopes().filter(|scope| set.contains(scope.id().index()));
    let included = Bits::of(
        catalogue.scopes().len(),
        scopes().flat_map(|scope| scope.members().filter(move |member| *member != scope.id()).map(ScopeId::index)),
    );
    scopes().map(ScopeInfo::id).filter(|id| !included.contains(id.index())).collect()
}

/// For each scope, the routes that are closed without it.
fn needed_for(catalogue: &UntypedCatalogue, used: &[RouteId], scopes: &[ScopeId], chosen: &Bits) -> Vec<Vec<RouteId>> {
    /// Which of the declared scopes give a scope.
    #[derive(Clone, Copy, PartialEq)]
    enum Givers {
        None,
        One(usize),
        Several,
    }
    let mut givers = vec![Givers::None; catalogue.scopes().len()];
    for (place, id) in scopes.iter().enumerate() {
        let members = catalogue.scope(*id).into_iter().flat_map(ScopeInfo::members);
        for given in BTreeSet::from_iter(members.chain([*id])) {
            if let Some(giver) = givers.get_mut(given.index()) {
                *giver = if *giver == Givers::None { Givers::One(place) } else { Givers::Several };
            }
        }
    }
    let mut needed_for = vec![Vec::new(); scopes.len()];
    for id in used {
        let Some(route) = catalogue.route_at(*id) else { continue };
        // Without a scope, an alternative fails if only this scope gives a part of it.
        let alternatives = route.requirement().iter().filter(|term| term.satisfied_by(chosen.words()));
        let mut in_all: Option<BTreeSet<usize>> = None;
        for alternative in alternatives {
            let needs = alternative.ids().filter_map(|id| match givers.get(id.index()) {
                Some(Givers::One(place)) => Some(*place),
                _ => None,
            });
            let needs: BTreeSet<usize> = needs.collect();
            in_all = Some(in_all.map_or_else(|| needs.clone(), |before| &before & &needs));
        }
        for place in in_all.unwrap_or_default() {
            if let Some(routes) = needed_for.get_mut(place) {
                routes.push(*id);
            }
        }
    }
    needed_for
}
