//! The members of `picker.json`, in the order in which they are written.

use std::collections::BTreeMap;

use scopes_core::{Access as RouteAccess, Parameter, RouteId, ScopeInfo};
use serde::Serialize;

use super::facts::Picker;
use super::options::{self, Access};
use crate::json::any_of;
use crate::reference::ScopeFacts;

/// The version of the format.
pub const VERSION: u64 = 1;

impl Picker<'_> {
    /// The file `picker.json`, with a line break at the end.
    ///
    /// ```
    #[doc = include_str!("../docs/picker.txt")]
    /// let file = Picker::new(&catalogue, &Options::new())?.to_json();
    /// assert!(file.starts_with("{\n  \"version\": 1,"));
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        crate::json::text(&Document::of(self))
    }
}

#[derive(Serialize)]
struct Document<'p> {
    version: u64,
    catalogue: &'p str,
    text: &'p str,
    base: &'p str,
    tenant: Option<&'p str>,
    documentation: Option<&'p str>,
    groups: Vec<Group<'p>>,
    presets: Vec<Preset<'p>>,
    issuer: Option<Issuer<'p>>,
    routes: Vec<Route<'p>>,
}

#[derive(Serialize)]
struct Group<'p> {
    group: &'p str,
    title: String,
    scopes: Vec<Scope<'p>>,
}

#[derive(Serialize)]
struct Scope<'p> {
    scope: &'p str,
    title: Option<&'p str>,
    text: &'p str,
    anchor: String,
    access: Access,
    access_from: &'static str,
    deletes: bool,
    issues_tokens: bool,
    global: bool,
    unbound: bool,
    includes: Vec<&'p str>,
    implied_by: Vec<&'p str>,
    deprecated: Option<Deprecated<'p>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    may_give: Option<bool>,
    routes: Vec<usize>,
}

#[derive(Serialize)]
struct Deprecated<'p> {
    note: &'p str,
    since: Option<String>,
    sunset: Option<String>,
    #[serde(rename = "use")]
    successor: Option<&'p str>,
}

#[derive(Serialize)]
struct Preset<'p> {
    preset: &'p str,
    title: &'p str,
    from: &'static str,
    scopes: Vec<&'p str>,
}

#[derive(Serialize)]
struct Issuer<'p> {
    may_give: Vec<&'p str>,
    missing: Vec<&'p str>,
}

#[derive(Serialize)]
struct Route<'p> {
    method: &'p str,
    path: String,
    text: &'p str,
    access: &'static str,
    any_of: Vec<Vec<&'p str>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    raw: Vec<usize>,
}

impl<'p> Document<'p> {
    fn of(picker: &'p Picker<'_>) -> Self {
        let catalogue = picker.reference.catalogue();
        let mut routes: Vec<_> = catalogue.routes().collect();
        // Like in the catalogue's own JSON, so that the order of declaration does not matter.
        routes.sort_by_key(|route| (route.path(), route.method()));
        let places: BTreeMap<RouteId, usize> =
            routes.iter().enumerate().map(|(place, route)| (route.id(), place)).collect();
        let groups = picker.reference.groups().iter().map(|group| Group {
            group: group.name(),
            title: picker.titles().get(group.name()).cloned().unwrap_or_else(|| options::group_title(group.name())),
            scopes: group
                .scopes()
                .filter_map(|id| picker.reference.scope(id))
                .map(|facts| scope(picker, facts, &places))
                .collect(),
        });
        let presets = picker.presets.iter().map(|preset| Preset {
            preset: &preset.id,
            title: &preset.title,
            from: if preset.is_derived { "derived" } else { "declared" },
            scopes: preset.scopes.iter().map(|&id| picker.name(id)).collect(),
        });
        let issuer = picker.gives.as_ref().map(|_| {
            let (may_give, missing): (Vec<_>, Vec<_>) = catalogue.scopes().partition(|scope| picker.gives(scope.id()));
            let names = |scopes: Vec<ScopeInfo<'p>>| scopes.into_iter().map(ScopeInfo::name).collect();
            Issuer { may_give: names(may_give), missing: names(missing) }
        });
        Self {
            version: VERSION,
            catalogue: catalogue.name(),
            text: catalogue.description(),
            base: catalogue.base(),
            tenant: catalogue.tenant(),
            documentation: picker.options.documentation.as_deref(),
            groups: groups.collect(),
            presets: presets.collect(),
            issuer,
            routes: routes
                .into_iter()
                .map(|route| Route {
                    method: route.method(),
                    path: route.template(),
                    text: route.description(),
                    access: match route.access() {
                        RouteAccess::Scoped => "scoped",
                        RouteAccess::Public(_) => "public",
                        RouteAccess::Authenticated(_) => "authenticated",
                        RouteAccess::External(_) => "external",
                    },
                    any_of: any_of(catalogue, route),
                    raw: route.parameters().filter(|parameter| parameter.is_raw()).map(Parameter::segment).collect(),
                })
                .collect(),
        }
    }
}

fn scope<'p>(picker: &'p Picker<'_>, facts: &ScopeFacts<'p>, places: &BTreeMap<RouteId, usize>) -> Scope<'p> {
    let scope = facts.scope();
    let (access, is_declared) = picker.access(scope.id());
    let mut routes: Vec<usize> = facts.routes().iter().filter_map(|route| places.get(&route.id()).copied()).collect();
    routes.sort_unstable();
    Scope {
        scope: scope.name(),
        title: scope.title(),
        text: scope.description(),
        anchor: scope.anchor().to_string(),
        access,
        access_from: if is_declared { "declared" } else { "derived" },
        deletes: facts.deletes(),
        issues_tokens: facts.issues_tokens(),
        global: facts.has_global_routes(),
        unbound: facts.has_unbound_routes(),
        includes: scope.members().map(|id| picker.name(id)).collect(),
        implied_by: facts.included_by().map(|id| picker.name(id)).collect(),
        deprecated: scope.deprecation().map(|deprecation| Deprecated {
            note: deprecation.reason(),
            since: deprecation.since().map(|date| date.to_string()),
            sunset: deprecation.sunset().map(|date| date.to_string()),
            successor: deprecation.successor().map(ScopeInfo::name),
        }),
        may_give: picker.gives.as_ref().map(|_| picker.gives(scope.id())),
        routes,
    }
}
