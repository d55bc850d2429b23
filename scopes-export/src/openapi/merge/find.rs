//! Finds the operation of each route in a document.

use std::collections::{BTreeMap, BTreeSet};

use scopes_core::{Route, UntypedCatalogue};

use crate::openapi::Unsaid;
use crate::openapi::write::paths::{has_rest, is_base, rewritten};

/// The routes of a catalogue, and their operations by position.
pub(crate) struct Found<'c> {
    pub(crate) routes: Vec<(Route<'c>, Option<usize>)>,
    /// Operations without a route.
    pub(crate) others: Vec<Unsaid>,
}

/// `operations` are the paths and methods of a document, `urls` its servers. The operations from
/// `count` on may exist, but are not seen: without a route they are not reported.
pub(crate) fn find<'c, 'd>(
    catalogue: &'c UntypedCatalogue,
    operations: &[(&'d str, &'d str)],
    count: usize,
    urls: impl Iterator<Item = &'d str>,
) -> Found<'c> {
    let mut by_shape: ByShape<'_> = BTreeMap::new();
    for (index, &(path, method)) in operations.iter().enumerate() {
        by_shape.entry((shape(path), method)).or_insert(index);
    }
    let mut routes: Vec<Route<'_>> = catalogue.routes().collect();
    // A route without a catch-all has the better right to its path.
    routes.sort_by_key(|route| (has_rest(*route), route.path(), route.method()));
    let has_base = has_base(catalogue, urls, &routes, &by_shape);
    let mut used = BTreeSet::new();
    let found = routes.into_iter().map(|route| {
        let index = key_of(route, has_base).and_then(|key| by_shape.get(&(key, route.method())).copied());
        (route, index.filter(|index| used.insert(*index)))
    });
    let routes = found.collect();
    let others = operations.iter().take(count).enumerate().filter(|(index, _)| !used.contains(index));
    let others = others.map(|(_, (path, method))| Unsaid::undeclared(method, path)).collect();
    Found { routes, others }
}

/// The position of the operation with a shape and a method.
type ByShape<'d> = BTreeMap<(String, &'d str), usize>;

/// A path without the names of its parameters.
fn shape(path: &str) -> String {
    let mut shape = String::with_capacity(path.len());
    let mut is_inside = false;
    for character in path.chars() {
        is_inside &= character != '}';
        if !is_inside {
            shape.push(character);
        }
        is_inside |= character == '{';
    }
    shape
}

/// Whether the paths of the document begin with the base. If its servers end with the base, they do
/// not. Otherwise the reading counts by which more routes have an operation.
fn has_base<'d>(
    catalogue: &UntypedCatalogue,
    mut urls: impl Iterator<Item = &'d str>,
    routes: &[Route<'_>],
    by_shape: &ByShape<'_>,
) -> bool {
    let base = catalogue.base();
    if base.is_empty() || urls.any(|url| url.trim_end_matches('/').ends_with(base)) {
        return false;
    }
    let count = |has_base| {
        let keys = routes.iter().filter_map(|&route| Some((key_of(route, has_base)?, route.method())));
        keys.filter(|key| by_shape.contains_key(key)).count()
    };
    count(true) > count(false)
}

/// The shape of a route's path, if a document can have it.
fn key_of(route: Route<'_>, has_base: bool) -> Option<String> {
    if has_base {
        Some(rewritten(&route.template(), |_| ""))
    } else {
        (!is_base(route)).then(|| rewritten(route.path(), |_| ""))
    }
}
