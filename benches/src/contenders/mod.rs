//! The routers, each in its fastest documented set-up. Each finds the number of a request's route,
//! or none.

use std::hint::black_box;

use scopes_core::{CallerStatus, Holder, MethodId, NoRoute, RouteMatch, Tenants};

use crate::sets::{METHODS, Request, Set, TENANT};

/// A router with a set of routes.
pub trait Contender {
    /// Its name in tables and limits.
    fn name(&self) -> &'static str;
    /// The number of the route, in the order of the set.
    fn find(&self, request: &Request) -> Option<usize>;
    /// Finds the routes of all requests, with their captures, and counts the requests with a route.
    fn run(&self, requests: &[Request]) -> usize;
}

/// All contenders on one set. A contender that refuses a route is left out, with a message on
/// stderr.
#[must_use]
pub fn all(set: &Set) -> Vec<Box<dyn Contender + '_>> {
    let mut all: Vec<Box<dyn Contender + '_>> =
        vec![Box::new(Match::new(set)), Box::new(At(set)), Box::new(Decide::new(set))];
    match (PerMethod::new(set), MethodMap::new(set)) {
        (Ok(per_method), Ok(method_map)) => {
            all.push(Box::new(per_method));
            all.push(Box::new(method_map));
        }
        (Err(error), _) | (_, Err(error)) => eprintln!("matchit refuses {}: {error}", set.name),
    }
    #[cfg(feature = "peers")]
    peers::add(set, &mut all);
    all
}

/// The requests for which a contender and the core's look-up disagree.
#[must_use]
pub fn wrong(contender: &dyn Contender, set: &Set, requests: &[Request]) -> usize {
    let at = At(set);
    requests.iter().filter(|request| contender.find(request) != at.find(request)).count()
}

/// Counts what a look-up finds. The whole answer, captures included, must exist when it is counted.
fn count<'r, T>(requests: &'r [Request], look: impl Fn(&'r Request) -> T, is_found: impl Fn(&T) -> bool) -> usize {
    let found = |request| is_found(black_box(&look(black_box(request))));
    requests.iter().map(found).map(usize::from).sum()
}

/// Route and captures by the core, with the method and the path already known, like for the other
/// routers.
struct Match<'s> {
    set: &'s Set,
    methods: [MethodId; METHODS.len()],
}

impl<'s> Match<'s> {
    fn new(set: &'s Set) -> Self {
        Self { set, methods: METHODS.map(|method| set.catalogue.method_id(method)) }
    }

    fn look<'r>(&self, request: &'r Request) -> Result<RouteMatch<'_, 'r>, NoRoute> {
        self.set.catalogue.match_path(self.methods[request.method], request.path.as_bytes())
    }
}

impl Contender for Match<'_> {
    fn name(&self) -> &'static str {
        "scopes match"
    }
    fn find(&self, request: &Request) -> Option<usize> {
        self.look(request).ok().map(|matched| matched.route().id().index())
    }
    fn run(&self, requests: &[Request]) -> usize {
        count(requests, |request| self.look(request), Result::is_ok)
    }
}

/// Route and captures by the core from a raw target: every byte is checked by the strict rules.
struct At<'s>(&'s Set);

impl Contender for At<'_> {
    fn name(&self) -> &'static str {
        "scopes at"
    }
    fn find(&self, request: &Request) -> Option<usize> {
        let found = self.0.catalogue.at(METHODS[request.method], request.path.as_bytes());
        found.ok().map(|matched| matched.route().id().index())
    }
    fn run(&self, requests: &[Request]) -> usize {
        count(requests, |request| self.0.catalogue.at(METHODS[request.method], request.path.as_bytes()), Result::is_ok)
    }
}

/// The whole verdict: route, requirement, tenant.
struct Decide<'s> {
    set: &'s Set,
    scopes: Vec<u64>,
    tenants: Tenants,
}

impl<'s> Decide<'s> {
    fn new(set: &'s Set) -> Self {
        let scopes = vec![u64::MAX; set.catalogue.scopes().len().div_ceil(64)];
        Self { set, scopes, tenants: Tenants::only([TENANT]).unwrap_or_default() }
    }

    fn caller(&self) -> CallerStatus<'_> {
        CallerStatus::Granted(Holder::new(&self.scopes, &self.tenants))
    }
}

impl Contender for Decide<'_> {
    fn name(&self) -> &'static str {
        "scopes decide"
    }
    fn find(&self, request: &Request) -> Option<usize> {
        let caller = self.caller();
        let decision = self.set.catalogue.decide(METHODS[request.method], request.path.as_bytes(), &caller);
        decision.matched().filter(|_| decision.is_allowed()).map(|matched| matched.route().id().index())
    }
    fn run(&self, requests: &[Request]) -> usize {
        let caller = self.caller();
        let catalogue = &self.set.catalogue;
        let decide = |request: &Request| {
            let decision = catalogue.decide(METHODS[request.method], request.path.as_bytes(), &caller);
            black_box(&decision).is_allowed()
        };
        requests.iter().map(|request| decide(black_box(request))).map(usize::from).sum()
    }
}

/// One matchit router per method.
struct PerMethod(Vec<matchit::Router<usize>>);

impl PerMethod {
    fn new(set: &Set) -> Result<Self, matchit::InsertError> {
        let mut routers: Vec<_> = METHODS.iter().map(|_| matchit::Router::new()).collect();
        for (index, (method, path)) in set.routes.iter().enumerate() {
            routers[*method].insert(path.as_str(), index)?;
        }
        Ok(Self(routers))
    }
}

impl Contender for PerMethod {
    fn name(&self) -> &'static str {
        "matchit"
    }
    fn find(&self, request: &Request) -> Option<usize> {
        self.0[request.method].at(&request.path).ok().map(|found| *found.value)
    }
    fn run(&self, requests: &[Request]) -> usize {
        count(requests, |request| self.0[request.method].at(&request.path), Result::is_ok)
    }
}

/// One matchit router with a table of methods as its value, like in axum.
struct MethodMap(matchit::Router<[Option<usize>; METHODS.len()]>);

impl MethodMap {
    fn new(set: &Set) -> Result<Self, matchit::InsertError> {
        let mut paths = std::collections::BTreeMap::new();
        for (index, (method, path)) in set.routes.iter().enumerate() {
            paths.entry(path).or_insert([None; METHODS.len()])[*method] = Some(index);
        }
        let mut router = matchit::Router::new();
        for (path, methods) in paths {
            router.insert(path.as_str(), methods)?;
        }
        Ok(Self(router))
    }
}

impl Contender for MethodMap {
    fn name(&self) -> &'static str {
        "matchit, method map"
    }
    fn find(&self, request: &Request) -> Option<usize> {
        self.0.at(&request.path).ok().and_then(|found| found.value[request.method])
    }
    fn run(&self, requests: &[Request]) -> usize {
        count(
            requests,
            |request| (request.method, self.0.at(&request.path)),
            |(method, found)| found.as_ref().is_ok_and(|found| found.value[*method].is_some()),
        )
    }
}

#[cfg(feature = "peers")]
mod peers;
