//! Other routers than matchit.

use actix_router::{Path, ResourceDef};
use regex::{RegexSet, RegexSetBuilder};

use super::{Contender, METHODS, Request, Set, count};

/// The size of the largest set for actix-router and RegexSet, in routes. Larger sets take minutes.
const MOST_OF_SLOW: usize = 1_000;

pub(super) fn add<'s>(set: &'s Set, all: &mut Vec<Box<dyn Contender + 's>>) {
    match Wayfind::new(set) {
        Ok(wayfind) => all.push(Box::new(wayfind)),
        Err(error) => eprintln!("wayfind refuses {}: {error}", set.name),
    }
    all.push(Box::new(PathTree::new(set)));
    if set.routes.len() > MOST_OF_SLOW {
        eprintln!("actix-router and RegexSet are left out of {}: they look at each route", set.name);
        return;
    }
    all.push(Box::new(ActixRouter::new(set)));
    match Regexes::new(set) {
        Ok(regexes) => all.push(Box::new(regexes)),
        Err(error) => eprintln!("RegexSet refuses {}: {error}", set.name),
    }
}

/// One wayfind router per method.
struct Wayfind(Vec<wayfind::Router<usize>>);

impl Wayfind {
    fn new(set: &Set) -> Result<Self, Box<dyn std::error::Error>> {
        let mut builders: Vec<_> = METHODS.iter().map(|_| wayfind::RouterBuilder::new()).collect();
        for (index, (method, path)) in set.routes.iter().enumerate() {
            builders[*method].insert(&path.replace('{', "<").replace('}', ">"), index)?;
        }
        Ok(Self(builders.into_iter().map(wayfind::RouterBuilder::build).collect()))
    }
}

impl Contender for Wayfind {
    fn name(&self) -> &'static str {
        "wayfind"
    }
    fn find(&self, request: &Request) -> Option<usize> {
        self.0[request.method].search(&request.path).map(|found| *found.data())
    }
    fn run(&self, requests: &[Request]) -> usize {
        count(requests, |request| self.0[request.method].search(&request.path), Option::is_some)
    }
}

/// One path-tree per method.
struct PathTree(Vec<path_tree::PathTree<usize>>);

impl PathTree {
    fn new(set: &Set) -> Self {
        let mut trees: Vec<_> = METHODS.iter().map(|_| path_tree::PathTree::new()).collect();
        for (index, (method, path)) in set.routes.iter().enumerate() {
            _ = trees[*method].insert(&path.replace('{', ":").replace('}', ""), index);
        }
        Self(trees)
    }
}

impl Contender for PathTree {
    fn name(&self) -> &'static str {
        "path-tree"
    }
    fn find(&self, request: &Request) -> Option<usize> {
        self.0[request.method].find(&request.path).map(|(index, _)| *index)
    }
    fn run(&self, requests: &[Request]) -> usize {
        count(requests, |request| self.0[request.method].find(&request.path), Option::is_some)
    }
}

/// The routes of a method. Routes with a literal come before those with a parameter at the same
/// place, because actix-router and RegexSet take the first that matches.
fn in_order(set: &Set, wanted: usize) -> Vec<(usize, &str)> {
    let mut routes: Vec<_> = set.routes.iter().enumerate().filter(|(_, (method, _))| *method == wanted).collect();
    routes.sort_by_key(|(_, (_, path))| path.split('/').map(|segment| segment.starts_with('{')).collect::<Vec<_>>());
    routes.into_iter().map(|(index, (_, path))| (index, path.as_str())).collect()
}

/// One actix-router per method.
struct ActixRouter(Vec<actix_router::Router<usize>>);

impl ActixRouter {
    fn new(set: &Set) -> Self {
        let router = |method| {
            let mut router = actix_router::Router::build();
            for (index, path) in in_order(set, method) {
                router.push(ResourceDef::new(path), index, ());
            }
            router.finish()
        };
        Self((0..METHODS.len()).map(router).collect())
    }

    fn recognize<'r>(&self, request: &'r Request) -> (Option<usize>, Path<&'r str>) {
        let mut path = Path::new(request.path.as_str());
        let found = self.0[request.method].recognize(&mut path).map(|(index, _)| *index);
        (found, path)
    }
}

impl Contender for ActixRouter {
    fn name(&self) -> &'static str {
        "actix-router"
    }
    fn find(&self, request: &Request) -> Option<usize> {
        self.recognize(request).0
    }
    fn run(&self, requests: &[Request]) -> usize {
        count(requests, |request| self.recognize(request), |(found, _)| found.is_some())
    }
}

/// One set of regular expressions per method. It finds the patterns that match, but no captures.
struct Regexes(Vec<(RegexSet, Vec<usize>)>);

impl Regexes {
    fn new(set: &Set) -> Result<Self, regex::Error> {
        let of_method = |method| {
            let routes = in_order(set, method);
            let patterns = routes.iter().map(|(_, path)| {
                let segments = path.split('/').map(|segment| match segment.starts_with('{') {
                    true => "[^/]+".to_owned(),
                    false => regex::escape(segment),
                });
                format!("^{}$", segments.collect::<Vec<_>>().join("/"))
            });
            let set = RegexSetBuilder::new(patterns).size_limit(1 << 28).dfa_size_limit(1 << 28).build()?;
            Ok((set, routes.iter().map(|(index, _)| *index).collect()))
        };
        (0..METHODS.len()).map(of_method).collect::<Result<_, _>>().map(Self)
    }

    fn first(&self, request: &Request) -> Option<usize> {
        let (set, routes) = &self.0[request.method];
        set.matches(&request.path).iter().next().map(|index| routes[index])
    }
}

impl Contender for Regexes {
    fn name(&self) -> &'static str {
        "RegexSet, no captures"
    }
    fn find(&self, request: &Request) -> Option<usize> {
        self.first(request)
    }
    fn run(&self, requests: &[Request]) -> usize {
        count(requests, |request| self.first(request), Option::is_some)
    }
}
