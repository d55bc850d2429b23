//! What the script of the HTML page knows: enough to find the route of a request and its scopes.

use std::collections::HashMap;

use scopes_core::{Access, Route, ScopeInfo};
use serde::Serialize;

use crate::reference::Reference;

/// Positions stand in place of names, because a page may have 10,000 routes.
#[derive(Serialize)]
pub(crate) struct Data<'c> {
    base: &'c str,
    methods: Vec<&'c str>,
    scopes: Vec<&'c str>,
    /// For each scope the scopes that include it; missing at the end if empty.
    included: Vec<Vec<usize>>,
    routes: Vec<RouteData>,
}

/// Method, template below the base, access, alternatives with the least power first, segments of
/// raw parameters.
#[derive(Serialize)]
struct RouteData(usize, String, u8, Vec<Vec<usize>>, Vec<usize>);

impl<'c> Data<'c> {
    pub(crate) fn of(reference: &Reference<'c>, routes: &[Route<'c>]) -> Self {
        let catalogue = reference.catalogue();
        let mut methods: Vec<&str> = Vec::new();
        for route in routes {
            if !methods.contains(&route.method()) {
                methods.push(route.method());
            }
        }
        let positions: HashMap<&str, usize> =
            methods.iter().enumerate().map(|(position, method)| (*method, position)).collect();
        let data = |route: &Route<'c>| {
            let alternatives = reference.alternatives(*route);
            let raw = route.parameters().filter(|parameter| parameter.is_raw());
            RouteData(
                positions.get(route.method()).copied().unwrap_or_default(),
                route.template().split_off(catalogue.base().len()),
                match route.access() {
                    Access::Scoped => 0,
                    Access::Public(_) => 1,
                    Access::Authenticated(_) => 2,
                    Access::External(_) => 3,
                },
                alternatives
                    .into_iter()
                    .map(|ids| ids.into_iter().map(scopes_core::ScopeId::index).collect())
                    .collect(),
                raw.map(scopes_core::Parameter::segment).collect(),
            )
        };
        let facts = reference.scopes().iter();
        let mut included: Vec<Vec<usize>> =
            facts.map(|facts| facts.included_by().map(scopes_core::ScopeId::index).collect()).collect();
        while included.last().is_some_and(Vec::is_empty) {
            included.pop();
        }
        Self {
            base: catalogue.base(),
            routes: routes.iter().map(data).collect(),
            methods,
            scopes: catalogue.scopes().map(ScopeInfo::name).collect(),
            included,
        }
    }

    /// The JSON for a `<script>` element: no text in it can end the element or begin a comment.
    pub(crate) fn script_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default().replace('<', "\\u003c")
    }
}
