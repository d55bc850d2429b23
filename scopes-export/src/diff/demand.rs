//! What a route demands, in terms that mean the same in both catalogues.

use scopes_core::{Access, Parameter, Route, Tenancy, UntypedCatalogue};

use super::names::{Holders, Interner, Name};

/// What a route demands of its callers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Public,
    External,
    Authenticated,
    /// The alternatives. Each is a list of numbers: a number stands for a set of names, and a
    /// caller needs one name of each set.
    Scoped(Vec<Vec<u32>>),
}

/// Whose tenant a route serves.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Owner {
    /// Neither the catalogue nor a handler compares the owner.
    None,
    /// The handler compares the owner.
    Handler,
    /// The path names the tenant, at this place.
    Path(TenantPlace),
}

/// Where a path names the tenant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TenantPlace {
    /// The segment, counted from the beginning of the whole path.
    segment: usize,
    prefix: String,
    suffix: String,
    is_rest: bool,
}

/// Everything on which the verdict for a route depends. Equal demands give equal verdicts on every
/// path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Demand {
    pub(super) kind: Kind,
    pub(super) owner: Owner,
    /// The segments, counted from the beginning of the whole path, whose values may break the
    /// strict rules.
    raw: Vec<usize>,
    /// The first segment of a catch-all whose values may break the strict rules.
    raw_rest: Option<usize>,
}

/// The demands of a catalogue's routes.
pub(super) struct Demands<'c> {
    pub(super) catalogue: &'c UntypedCatalogue,
    pub(super) holders: Holders,
    pub(super) demands: Vec<Demand>,
    /// The number of each demand. Equal demands of both catalogues have the same number.
    pub(super) numbers: Vec<u32>,
}

impl<'c> Demands<'c> {
    pub(super) fn of(catalogue: &'c UntypedCatalogue, holders: Holders, interner: &mut Interner<Demand>) -> Self {
        let demands: Vec<Demand> = catalogue.routes().map(|route| Demand::of(route, &holders)).collect();
        let numbers = demands.iter().map(|demand| interner.number(demand.clone())).collect();
        Self { catalogue, holders, demands, numbers }
    }
}

impl Demand {
    fn of(route: Route<'_>, holders: &Holders) -> Self {
        let base = route.catalogue().base().matches('/').count();
        let kind = match route.access() {
            Access::Public(_) => Kind::Public,
            Access::External(_) => Kind::External,
            Access::Authenticated(_) => Kind::Authenticated,
            Access::Scoped => {
                let mut alternatives: Vec<Vec<u32>> = Vec::new();
                for term in route.requirement().iter() {
                    let mut sets: Vec<u32> = term.ids().map(|scope| holders.number(scope)).collect();
                    sets.sort_unstable();
                    sets.dedup();
                    // If a scope has no holders, no token that was issued before the change can
                    // satisfy the alternative.
                    if term.ids().all(|scope| !holders.of(scope).is_empty()) {
                        alternatives.push(sets);
                    }
                }
                alternatives.sort_unstable();
                alternatives.dedup();
                Kind::Scoped(alternatives)
            }
        };
        let owner = match route.tenancy() {
            Tenancy::NotApplicable | Tenancy::Global(_) => Owner::None,
            Tenancy::Unbound(_) => Owner::Handler,
            Tenancy::Bound => tenant_place(route, base).map_or(Owner::None, Owner::Path),
        };
        let raw = || route.parameters().filter(|parameter| parameter.is_raw());
        let place = |parameter: Parameter<'_>| base + parameter.segment();
        Self {
            kind,
            owner,
            raw: raw().filter(|parameter| !parameter.is_rest()).map(place).collect(),
            raw_rest: raw().find(|parameter| parameter.is_rest()).map(place),
        }
    }

    /// Whether the value of this segment may break the strict rules.
    pub(super) fn lifts(&self, segment: usize) -> bool {
        self.raw.contains(&segment) || self.raw_rest.is_some_and(|first| segment >= first)
    }
}

fn tenant_place(route: Route<'_>, base: usize) -> Option<TenantPlace> {
    let tenant = route.catalogue().tenant()?;
    let parameter = route.parameters().find(|parameter| parameter.name() == tenant)?;
    let segment = route.path().split('/').nth(parameter.segment() + 1)?;
    let prefix = segment.get(..parameter.prefix_length())?;
    let suffix = segment.get(segment.len().checked_sub(parameter.suffix_length())?..)?;
    Some(TenantPlace {
        segment: base + parameter.segment(),
        prefix: prefix.to_owned(),
        suffix: suffix.to_owned(),
        is_rest: parameter.is_rest(),
    })
}

impl TenantPlace {
    /// The tenant that these segments name.
    pub(super) fn value(&self, segments: &[String]) -> Option<String> {
        if self.is_rest {
            return Some(segments.get(self.segment..)?.join("/"));
        }
        let segment = segments.get(self.segment)?;
        Some(segment.strip_prefix(&*self.prefix)?.strip_suffix(&*self.suffix)?.to_owned())
    }
}

/// One side of a comparison: what a catalogue demands on one path. `None` denies every caller.
pub(super) struct Side<'d> {
    pub(super) demands: &'d Demands<'d>,
    pub(super) route: Option<Route<'d>>,
    /// The tenant of the path, if the route is bound to it.
    pub(super) tenant: Option<String>,
}

impl<'d> Side<'d> {
    pub(super) fn demand(&self) -> Option<&'d Demand> {
        self.demands.demands.get(self.route?.id().index())
    }

    /// The alternatives of a scoped route: for each scope of each alternative, its holders.
    pub(super) fn alternatives(&self) -> Vec<Vec<&'d [Name]>> {
        let Some(route) = self.route else { return Vec::new() };
        let of_term = |term: scopes_core::Term<'_>| term.ids().map(|scope| self.demands.holders.of(scope)).collect();
        self.demands
            .catalogue
            .route_at(route.id())
            .map(|route| route.requirement().iter().map(of_term).collect())
            .unwrap_or_default()
    }
}
