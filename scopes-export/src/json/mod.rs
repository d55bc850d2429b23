//! The catalogue as JSON, version 1.
//!
//! [`to_json`] writes what the reader of the core ([`scopes_core::json`]) reads, in one canonical
//! form: scopes by wire name, routes by path and method, each route once, and without empty
//! members. So two catalogues with the same content have the same text, whatever the order of their
//! declarations, and a change of one route changes a few lines.
//!
//! A route that one scope opens stands in that scope's `routes`. A route with several alternatives,
//! or with one that needs several scopes, stands in `requirements`.
//!
//! [`SCHEMA`] describes the format (JSON Schema 2020-12).

use std::collections::BTreeMap;

use scopes_core::{Access, Date, Deprecation, Route, ScopeInfo, Tenancy, UntypedCatalogue};
use serde::Serialize;

pub use scopes_core::json::{JsonError, VERSION};

/// The JSON Schema (2020-12) of the format.
///
/// ```
/// assert!(scopes_export::json::SCHEMA.contains("https://json-schema.org/draft/2020-12/schema"));
/// ```
pub const SCHEMA: &str = include_str!("catalogue.schema.json");

/// Writes a catalogue as JSON, with a line break at the end.
///
/// [`from_json`] reads it again. The result has the same content; it is equal to the catalogue if
/// its scopes and routes are declared in the canonical order.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// use scopes_export::json::to_json;
///
/// let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "/users");
/// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
/// assert_eq!(
///     to_json(&catalogue),
///     r#"{
///   "version": 1,
///   "name": "api",
///   "scopes": [
///     {
///       "scope": "users.read",
///       "routes": [
///         {
///           "method": "GET",
///           "path": "/users",
///           "name": "get_users"
///         }
///       ]
///     }
///   ]
/// }
/// "#
/// );
/// # Ok::<(), scopes_core::CatalogueErrors>(())
/// ```
#[must_use]
pub fn to_json(catalogue: &UntypedCatalogue) -> String {
    text(&Document::of(catalogue))
}

/// Reads a catalogue from JSON; the same as [`UntypedCatalogue::from_json`].
///
/// ```
/// use scopes_export::json::from_json;
/// let catalogue = from_json(r#"{"version": 1, "name": "api", "scopes": [{"scope": "users.read"}]}"#)?;
/// assert_eq!(catalogue.scopes().len(), 1);
/// # Ok::<(), scopes_export::json::JsonError>(())
/// ```
///
/// # Errors
/// If the text has mistakes.
pub fn from_json(text: &str) -> Result<UntypedCatalogue, JsonError> {
    UntypedCatalogue::from_json(text)
}

/// The text of a document, with two blanks for each level and a line break at the end.
pub(crate) fn text<T: Serialize>(document: &T) -> String {
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}

/// The members of a catalogue's JSON, in the order in which they are written.
#[derive(Serialize)]
pub(crate) struct Document<'c> {
    #[serde(flatten)]
    head: Head<'c>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    requirements: Vec<RequirementEntry<'c>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    public: Vec<BlockEntry<'c>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    authenticated: Vec<BlockEntry<'c>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    external: Vec<BlockEntry<'c>>,
}

/// The catalogue without its routes.
#[derive(Serialize)]
pub(crate) struct Head<'c> {
    version: u64,
    name: &'c str,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'c str,
    #[serde(skip_serializing_if = "str::is_empty")]
    base: &'c str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<&'c str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scopes: Vec<ScopeEntry<'c>>,
}

#[derive(Serialize)]
struct ScopeEntry<'c> {
    scope: &'c str,
    #[serde(skip_serializing_if = "Option::is_none")]
    dotted: Option<&'c str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    was: Vec<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'c str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'c str,
    #[serde(skip_serializing_if = "Option::is_none")]
    deprecated: Option<DeprecatedEntry<'c>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    includes: Vec<&'c str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    routes: Vec<RouteEntry<'c>>,
}

#[derive(Serialize)]
struct RequirementEntry<'c> {
    route: RouteEntry<'c>,
    any_of: Vec<Vec<&'c str>>,
}

#[derive(Serialize)]
struct BlockEntry<'c> {
    reason: &'c str,
    routes: Vec<RouteEntry<'c>>,
}

#[derive(Serialize)]
pub(crate) struct RouteEntry<'c> {
    pub(crate) method: &'c str,
    pub(crate) path: &'c str,
    pub(crate) name: &'c str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(crate) description: &'c str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) deprecated: Option<DeprecatedEntry<'c>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) global: Option<&'c str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) unbound: Option<&'c str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) raw: Vec<&'c str>,
    #[serde(skip_serializing_if = "is_false")]
    pub(crate) trailing_slash: bool,
}

/// A reason alone is a text.
#[derive(Serialize)]
#[serde(untagged)]
pub(crate) enum DeprecatedEntry<'c> {
    Reason(&'c str),
    Object {
        #[serde(skip_serializing_if = "str::is_empty")]
        note: &'c str,
        #[serde(skip_serializing_if = "Option::is_none")]
        since: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        sunset: Option<String>,
        #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
        successor: Option<&'c str>,
    },
}

impl<'c> DeprecatedEntry<'c> {
    fn of(deprecation: Deprecation<'c>) -> Self {
        let (since, sunset) = (deprecation.since(), deprecation.sunset());
        let successor = deprecation.successor().map(ScopeInfo::name);
        if since.is_none() && sunset.is_none() && successor.is_none() {
            return Self::Reason(deprecation.reason());
        }
        let text = |date: Option<Date>| date.map(|date| date.to_string());
        Self::Object { note: deprecation.reason(), since: text(since), sunset: text(sunset), successor }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_false(value: &bool) -> bool {
    !*value
}

impl<'c> Document<'c> {
    pub(crate) fn of(catalogue: &'c UntypedCatalogue) -> Self {
        let mut head = Head::of(catalogue);
        let scopes = &mut head.scopes;
        let places: BTreeMap<&str, usize> =
            scopes.iter().enumerate().map(|(place, entry)| (entry.scope, place)).collect();
        let mut requirements = Vec::new();
        let mut blocks: [BTreeMap<&'c str, Vec<RouteEntry<'c>>>; 3] = Default::default();
        let [public, authenticated, external] = &mut blocks;
        let mut routes: Vec<Route<'c>> = catalogue.routes().collect();
        routes.sort_by_key(|route| (route.path(), route.method()));
        for route in routes {
            let entry = RouteEntry::of(route);
            let any_of = match route.access() {
                Access::Scoped => any_of(catalogue, route),
                Access::Public(reason) => {
                    public.entry(reason).or_default().push(entry);
                    continue;
                }
                Access::Authenticated(reason) => {
                    authenticated.entry(reason).or_default().push(entry);
                    continue;
                }
                Access::External(reason) => {
                    external.entry(reason).or_default().push(entry);
                    continue;
                }
            };
            let only = match any_of.as_slice() {
                [alternative] => match alternative.as_slice() {
                    [scope] => places.get(scope).and_then(|&place| scopes.get_mut(place)),
                    _ => None,
                },
                _ => None,
            };
            match only {
                Some(scope) => scope.routes.push(entry),
                None => requirements.push(RequirementEntry { route: entry, any_of }),
            }
        }
        let [public, authenticated, external] =
            blocks.map(|block| block.into_iter().map(|(reason, routes)| BlockEntry { reason, routes }).collect());
        Self { head, requirements, public, authenticated, external }
    }
}

impl<'c> Head<'c> {
    pub(crate) fn of(catalogue: &'c UntypedCatalogue) -> Self {
        let mut scopes: Vec<ScopeEntry<'c>> = catalogue.scopes().map(ScopeEntry::of).collect();
        scopes.sort_by_key(|entry| entry.scope);
        Self {
            version: VERSION,
            name: catalogue.name(),
            description: catalogue.description(),
            base: catalogue.base(),
            tenant: catalogue.tenant(),
            scopes,
        }
    }
}

/// The alternatives of a scoped route by wire names, sorted.
pub(crate) fn any_of<'c>(catalogue: &'c UntypedCatalogue, route: Route<'c>) -> Vec<Vec<&'c str>> {
    let name = |id| catalogue.scope(id).map_or("", ScopeInfo::name);
    let mut alternatives: Vec<Vec<&str>> = (route.requirement().iter())
        .map(|alternative| {
            let mut names: Vec<&str> = alternative.ids().map(name).collect();
            names.sort_unstable();
            names
        })
        .collect();
    alternatives.sort_unstable();
    alternatives
}

impl<'c> ScopeEntry<'c> {
    fn of(scope: ScopeInfo<'c>) -> Self {
        let mut includes: Vec<&str> = scope.includes().collect();
        includes.sort_unstable();
        let mut was: Vec<&str> = scope.old_names().collect();
        was.sort_unstable();
        Self {
            scope: scope.name(),
            dotted: Some(scope.dotted()).filter(|dotted| *dotted != scope.name()),
            was,
            title: scope.title(),
            description: scope.description(),
            deprecated: scope.deprecation().map(DeprecatedEntry::of),
            includes,
            routes: Vec::new(),
        }
    }
}

impl<'c> RouteEntry<'c> {
    pub(crate) fn of(route: Route<'c>) -> Self {
        let (global, unbound) = match route.tenancy() {
            Tenancy::Global(reason) => (Some(reason), None),
            Tenancy::Unbound(reason) => (None, Some(reason)),
            Tenancy::NotApplicable | Tenancy::Bound => (None, None),
        };
        let raw = route.parameters().filter(|parameter| parameter.is_raw());
        Self {
            method: route.method(),
            path: route.path(),
            name: route.name(),
            description: route.description(),
            deprecated: route.deprecation().map(DeprecatedEntry::of),
            global,
            unbound,
            raw: raw.map(scopes_core::Parameter::name).collect(),
            trailing_slash: route.has_trailing_slash(),
        }
    }
}
