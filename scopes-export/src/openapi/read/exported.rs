//! `x-scopes`: what the export writes beside `security`, so that a catalogue comes back equal.

use scopes_core::declaration::{At as Declared, Declaration, DeprecationDeclaration, Item, Place as Index};
use scopes_core::declaration::{RouteDeclaration, ScopeDeclaration, TenancyDeclaration};
use scopes_core::json::declaration_from_json;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::documents::{At, Place};
use super::fault::Fault;
use super::node::{Node, Value};

/// The member of the document and of operations.
pub(super) const MEMBER: &str = "x-scopes";

const ADVICE: &str = "write the document again with the export, or remove `x-scopes`";

/// What the document's own `x-scopes` says.
#[derive(Debug, Default)]
pub(super) struct ExportedDocument {
    pub(super) name: Option<String>,
    pub(super) description: String,
    pub(super) base: Option<String>,
    pub(super) tenant: Option<String>,
    pub(super) scopes: Vec<(ScopeDeclaration, Place)>,
    /// Operations that `paths` cannot say.
    pub(super) routes: Vec<At>,
}

/// What the `x-scopes` of an operation says. Its places are not set.
#[derive(Debug)]
pub(super) struct ExportedOperation {
    pub(super) place: Place,
    pub(super) path: Option<String>,
    pub(super) has_name: bool,
    pub(super) has_description: bool,
    pub(super) route: RouteDeclaration,
    pub(super) demand: Option<ExportedDemand>,
}

#[derive(Clone, Debug)]
pub(super) enum ExportedDemand {
    AnyOf(Vec<Vec<String>>),
    Public(String),
    Authenticated(String),
    External(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentEntry {
    version: u64,
    name: String,
    #[serde(default)]
    description: String,
    base: Option<String>,
    tenant: Option<String>,
    #[serde(default)]
    scopes: Vec<Json>,
    #[serde(default, rename = "routes")]
    _routes: serde::de::IgnoredAny,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OperationEntry {
    method: Option<String>,
    path: Option<String>,
    name: Option<String>,
    description: Option<String>,
    any_of: Option<Vec<Vec<String>>>,
    public: Option<String>,
    authenticated: Option<String>,
    external: Option<String>,
    global: Option<String>,
    unbound: Option<String>,
    #[serde(default)]
    raw: Vec<String>,
    #[serde(default)]
    trailing_slash: bool,
    deprecated: Option<Json>,
    #[serde(default, rename = "tenant")]
    _tenant: serde::de::IgnoredAny,
}

/// Reads the document's `x-scopes`. Other documents may have a member of this name that is not an
/// object with a version.
pub(super) fn document(root: &At) -> Result<Option<ExportedDocument>, Fault> {
    let Some(at) = root.get(MEMBER).filter(|at| at.node.get("version").is_some()) else { return Ok(None) };
    let fault = |place: Place, message: String| Fault::new(MEMBER, place, format!("`x-scopes`: {message}"), ADVICE);
    let entry: DocumentEntry =
        serde_json::from_value(json(&at.node)).map_err(|error| fault(at.place(), error.to_string()))?;
    let text = json!({"version": entry.version, "name": entry.name, "scopes": entry.scopes}).to_string();
    let nodes = at.get("scopes");
    let places: Vec<Place> = nodes.as_ref().map_or_else(Vec::new, |nodes| {
        nodes.node.list().unwrap_or_default().iter().map(|node| nodes.within(node).place()).collect()
    });
    let (Declaration { items, .. }, _) =
        declaration_from_json(&text).map_err(|error| fault(at.place(), error.to_string()))?;
    let scopes = items.into_iter().filter_map(|item| match item {
        Item::Scope(scope) => Some(scope),
        _ => None,
    });
    let scopes = scopes.enumerate().map(|(index, scope)| (scope, places.get(index).copied().unwrap_or(at.place())));
    let routes = at.get("routes");
    let routes = routes.map_or_else(Vec::new, |routes| {
        routes.node.list().unwrap_or_default().iter().map(|node| routes.within(node)).collect()
    });
    Ok(Some(ExportedDocument {
        name: Some(entry.name),
        description: entry.description,
        base: entry.base,
        tenant: entry.tenant,
        scopes: scopes.collect(),
        routes,
    }))
}

/// Reads the `x-scopes` of an operation. One that is not an object has another tool's meaning.
pub(super) fn operation(operation: &At) -> Result<Option<ExportedOperation>, Fault> {
    match operation.get(MEMBER).filter(|at| at.node.object().is_some()) {
        Some(at) => entry(&at).map(Some),
        None => Ok(None),
    }
}

/// Reads an entry, which may also be one of the document's `routes`.
pub(super) fn entry(at: &At) -> Result<ExportedOperation, Fault> {
    let fault = |message: String| Fault::new(MEMBER, at.place(), format!("`x-scopes`: {message}"), ADVICE);
    let entry: OperationEntry = serde_json::from_value(json(&at.node)).map_err(|error| fault(error.to_string()))?;
    let mut demands = Vec::new();
    demands.extend(entry.any_of.map(ExportedDemand::AnyOf));
    demands.extend(entry.public.map(ExportedDemand::Public));
    demands.extend(entry.authenticated.map(ExportedDemand::Authenticated));
    demands.extend(entry.external.map(ExportedDemand::External));
    if demands.len() > 1 {
        return Err(fault("only one of `any_of`, `public`, `authenticated` and `external` is possible".to_owned()));
    }
    if let Some(ExportedDemand::AnyOf(alternatives)) = demands.first()
        && (alternatives.is_empty() || alternatives.iter().any(Vec::is_empty))
    {
        return Err(fault("an alternative names no scope".to_owned()));
    }
    let (has_name, has_description) = (entry.name.is_some(), entry.description.is_some());
    let mut route = Map::new();
    let mut add = |member: &str, value: Json| route.insert(member.to_owned(), value);
    add("method", entry.method.unwrap_or_default().into());
    add("path", "/".into());
    for (member, text) in
        [("name", entry.name), ("description", entry.description), ("global", entry.global), ("unbound", entry.unbound)]
    {
        if let Some(text) = text {
            add(member, text.into());
        }
    }
    add("raw", entry.raw.into());
    add("trailing_slash", entry.trailing_slash.into());
    if let Some(deprecated) = entry.deprecated {
        add("deprecated", deprecated);
    }
    let document = json!({"name": "api", "public": [{"reason": "none", "routes": [route]}]});
    let (declaration, _) = declaration_from_json(&document.to_string()).map_err(|error| fault(error.to_string()))?;
    let route = declaration.items.into_iter().find_map(|item| match item {
        Item::Block(block) => block.routes.into_iter().next(),
        _ => None,
    });
    let route = route.ok_or_else(|| fault("it is not a route".to_owned()))?;
    Ok(ExportedOperation {
        place: at.place(),
        path: entry.path,
        has_name,
        has_description,
        route,
        demand: demands.into_iter().next(),
    })
}

/// The value as JSON. What JSON cannot say becomes null.
fn json(node: &Node) -> Json {
    match &node.value {
        Value::Null | Value::Tagged => Json::Null,
        Value::Text(text) => Json::String(text.to_string()),
        Value::Other(text) => serde_json::from_str(&text.to_ascii_lowercase()).unwrap_or(Json::Null),
        Value::List(items) => Json::Array(items.iter().map(|item| json(item)).collect()),
        Value::Object(object) => {
            let members = object.members().iter();
            Json::Object(members.map(|member| (member.key.to_string(), json(&member.value))).collect())
        }
    }
}

/// Sets all places of a scope.
pub(super) fn place_scope(scope: &mut ScopeDeclaration, place: Index) {
    set(Some(&mut scope.name), place);
    set(scope.dotted.as_mut(), place);
    set(scope.title.as_mut(), place);
    scope.includes.iter_mut().chain(&mut scope.was).for_each(|name| name.place = place);
    place_deprecation(scope.deprecated.as_mut(), place);
}

/// Sets all places of a route.
pub(super) fn place_route(route: &mut RouteDeclaration, place: Index) {
    set(Some(&mut route.method), place);
    set(Some(&mut route.path), place);
    set(route.name.as_mut(), place);
    set::<TenancyDeclaration>(route.tenancy.as_mut(), place);
    route.raw.iter_mut().for_each(|name| name.place = place);
    route.trailing_slash = route.trailing_slash.map(|_| place);
    place_deprecation(route.deprecated.as_mut(), place);
}

fn place_deprecation(deprecation: Option<&mut DeprecationDeclaration>, place: Index) {
    let Some(deprecation) = deprecation else { return };
    for part in [&mut deprecation.since, &mut deprecation.sunset, &mut deprecation.successor] {
        set(part.as_mut(), place);
    }
}

fn set<T>(part: Option<&mut Declared<T>>, place: Index) {
    if let Some(part) = part {
        part.place = place;
    }
}
