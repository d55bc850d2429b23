//! What a merge changes in a document.

use std::collections::{BTreeMap, BTreeSet};

use scopes_core::Route;
use serde::Serialize;

use super::edit::Edit;
use super::error::Conflict;
use super::find::find;
use super::json;
use super::tree::{Content, Node};
use crate::openapi::write::extension::{Extension, Root, Visible};
use crate::openapi::write::parts::Requirement;
use crate::openapi::write::paths::{MEMBERS, method_of};
use crate::openapi::{Document, EXTENSION, Unsaid, Version, without_block};

/// The changes, and what stands in their way.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) edits: Vec<Edit>,
    pub(super) conflicts: Vec<Conflict>,
    pub(super) unsaid: Vec<Unsaid>,
    /// Why the text cannot be changed safely.
    pub(super) obstacle: Option<String>,
}

/// `security` as a set of alternatives, so that the order does not matter.
pub(crate) type Alternatives = BTreeSet<BTreeMap<String, BTreeSet<String>>>;

/// An operation of the document.
struct Operation<'d> {
    /// The keys that lead to it.
    path: Vec<&'d str>,
    key: &'d str,
    method: &'d str,
    key_start: usize,
    node: &'d Node,
}

pub(super) fn plan(document: &Document<'_>, version: Version, root: &Node, replaces: bool) -> Plan {
    let mut plan = Plan::default();
    let document = &scheme(document, version, root, &mut plan);
    let inherited = root.get("security");
    let operations = operations(root);
    let mut keys: Vec<_> = operations.iter().map(|operation| (operation.key, operation.method)).collect();
    keys.extend(elsewhere(root));
    let urls = root.get("servers").map(Node::items).unwrap_or_default().iter().filter_map(|server| server.get("url"));
    let found = find(document.catalogue, &keys, operations.len(), urls.filter_map(Node::as_text));
    let mut extension = Root::of(document.catalogue);
    for (route, index) in found.routes {
        match index.map(|index| operations.get(index).ok_or(index)) {
            Some(Ok(operation)) => plan.operation(document, route, operation, inherited, replaces),
            Some(Err(index)) => plan.elsewhere(keys.get(index).map_or("", |(key, _)| key)),
            None => {
                plan.unsaid.push(Unsaid::missing(route));
                extension.keep(route);
            }
        }
    }
    if root.get("paths").is_some_and(is_elsewhere) {
        plan.elsewhere("paths");
    }
    plan.unsaid.extend(found.others);
    let is_ours = |existing: &Node| existing.get("version").is_some();
    plan.other_tool(root, is_ours, "the document", replaces);
    plan.member(root, &[EXTENSION], &extension);
    plan
}

/// The document with the security scheme of the text, if the text has one of this name.
fn scheme<'c>(document: &Document<'c>, version: Version, root: &Node, plan: &mut Plan) -> Document<'c> {
    let mut document = document.clone().version(version);
    let name = document.scheme.name().to_owned();
    let path = ["components", "securitySchemes", &name];
    let existing = path.iter().try_fold(root, |node, key| node.get(key));
    let needs_grant = document.catalogue.routes().any(|route| route.access().needs_grant());
    let Some(existing) = existing else {
        if needs_grant && document.scheme.is_only_named() {
            plan.obstacle = Some(format!("it has no security scheme `{name}`"));
        } else if needs_grant {
            plan.member(root, &path, &document.security_scheme());
        }
        return document;
    };
    let kind = existing.get("type").and_then(Node::as_text).unwrap_or_default();
    document.lists_scopes = Some(version > Version::V3_0 || kind == "oauth2" || kind == "openIdConnect");
    let texts = document.scope_texts();
    let required: BTreeSet<String> = (document.catalogue.routes())
        .flat_map(|route| document.security(route))
        .flat_map(BTreeMap::into_values)
        .flatten()
        .collect();
    // A scope that the flows lack is added, so that the document defines what it requires.
    for flow in existing.get("flows").map(Node::members).unwrap_or_default() {
        let Some(scopes) = flow.value.get("scopes") else { continue };
        for (scope, text) in &texts {
            if required.contains(scope) && scopes.get(scope).is_none() {
                let path = ["components", "securitySchemes", &name, "flows", &flow.key, "scopes", scope];
                plan.edits.push(Edit::new(&path, Node::text(text.as_str())));
            }
        }
    }
    document
}

/// What the error says instead of a demand.
const UNREADABLE: &str = "what a merge cannot read (an alias, or another form than a list of objects)";

impl Plan {
    /// An object whose members are not written in it, so that a merge does not see its operations.
    fn elsewhere(&mut self, key: &str) {
        self.obstacle.get_or_insert_with(|| {
            format!(
                "the operations of `{key}` stand elsewhere (`$ref`, an alias or `<<`), where a merge does not look: \
                 write them there"
            )
        });
    }

    /// Keeps a member of our name that another tool has written.
    fn other_tool(&mut self, node: &Node, is_ours: impl Fn(&Node) -> bool, what: &str, replaces: bool) {
        if !replaces && node.get(EXTENSION).is_some_and(|existing| !is_ours(existing)) {
            self.obstacle.get_or_insert_with(|| {
                format!(
                    "{what} has a member `{EXTENSION}` with another tool's meaning: rename it, or let it be replaced"
                )
            });
        }
    }

    /// Sets a member to a value, unless it has this value.
    fn member(&mut self, root: &Node, path: &[&str], value: &impl Serialize) {
        let text = serde_json::to_string(value).unwrap_or_default();
        let Ok(value) = json::parse(&text) else { return };
        self.set(root, path, value);
    }

    fn set(&mut self, root: &Node, path: &[&str], value: Node) {
        let existing = path.iter().try_fold(root, |node, key| node.get(key));
        if !existing.is_some_and(|existing| existing.says_the_same(&value)) {
            self.edits.push(Edit::new(path, value));
        }
    }

    fn operation(
        &mut self,
        document: &Document<'_>,
        route: Route<'_>,
        operation: &Operation<'_>,
        inherited: Option<&Node>,
        replaces: bool,
    ) {
        let node = operation.node;
        let at = |key| operation.path.iter().copied().chain([key]).collect::<Vec<_>>();
        let what = if is_elsewhere(node) {
            Some("is a `$ref` or an alias, or takes members of another object over")
        } else {
            (!matches!(node.content, Content::Object { .. })).then_some("is not an object")
        };
        if let Some(what) = what {
            self.obstacle.get_or_insert_with(|| format!("`{} {}` {what}", operation.method, operation.key));
        }
        let wanted = document.security(route);
        let own = node.get("security");
        let there = own.or(inherited).map(alternatives);
        // In 3.0, a document may name the scopes of bearer tokens although it should not.
        let mut listing = document.clone();
        listing.lists_scopes = Some(true);
        let listed = wanted_alternatives(&listing.security(route));
        if there != Some(Some(wanted_alternatives(&wanted))) && there.as_ref() != Some(&Some(listed.clone())) {
            match there {
                Some(there) if !replaces => self.conflicts.push(Conflict {
                    line: 0,
                    at: own.map_or(operation.key_start, |own| own.start),
                    operation: format!("{} {}", operation.method, operation.key),
                    document: there.as_ref().map_or_else(|| UNREADABLE.to_owned(), shown),
                    catalogue: shown(&listed),
                    is_inherited: own.is_none(),
                }),
                _ => {
                    let text = serde_json::to_string(&wanted).unwrap_or_default();
                    if let Ok(value) = json::parse(&text) {
                        self.edits.push(Edit::new(&at("security"), value));
                    }
                }
            }
        }
        let description = node.get("description").and_then(Node::as_text).unwrap_or_default();
        let mut bare = without_block(description);
        if document.shows_scopes {
            bare.truncate(bare.trim_end().len());
            let described = document.described(route, &bare);
            if described != description {
                self.edits.push(Edit::new(&at("description"), Node::text(described)));
            }
        }
        let is_ours = |existing: &Node| matches!(existing.content, Content::Object { .. });
        self.other_tool(node, is_ours, &format!("`{} {}`", operation.method, operation.key), replaces);
        let name = node.get("operationId").and_then(Node::as_text).unwrap_or_default();
        let extension = Extension::of(route, Visible { path: operation.key, name, description: &bare });
        let text = serde_json::to_string(&extension).unwrap_or_default();
        if let Ok(value) = json::parse(&text)
            && !node.get(EXTENSION).is_some_and(|existing| existing.says_the_same(&value))
        {
            self.edits.push(Edit::new(&at(EXTENSION), value));
        }
    }
}

fn operations(root: &Node) -> Vec<Operation<'_>> {
    let mut found = Vec::new();
    for item in root.get("paths").map(Node::members).unwrap_or_default() {
        let key = item.key.as_str();
        for member in item.value.members() {
            let base = vec!["paths", key, member.key.as_str()];
            if let Some(method) = method_of(&member.key) {
                found.push(Operation { path: base, key, method, key_start: member.key_start, node: &member.value });
            } else if member.key == "additionalOperations" {
                found.extend(member.value.members().iter().map(|other| Operation {
                    path: base.iter().copied().chain([other.key.as_str()]).collect(),
                    key,
                    method: &other.key,
                    key_start: other.key_start,
                    node: &other.value,
                }));
            }
        }
    }
    found
}

/// The operations that a path item may have in the place that it refers to: all methods.
fn elsewhere(root: &Node) -> Vec<(&str, &'static str)> {
    let items = root.get("paths").map(Node::members).unwrap_or_default();
    let keys = items.iter().filter(|item| is_elsewhere(&item.value)).map(|item| item.key.as_str());
    keys.flat_map(|key| MEMBERS.iter().map(move |(method, _)| (key, *method))).collect()
}

/// Whether members of an object stand in another place.
fn is_elsewhere(node: &Node) -> bool {
    matches!(node.content, Content::Alias(_)) || node.get("$ref").is_some() || node.get("<<").is_some()
}

/// What a `security` member says. `None` if it is not written as the specification says, or if an
/// alias stands in it: it is not known to be what the catalogue demands then.
fn alternatives(security: &Node) -> Option<Alternatives> {
    fn items(node: &Node) -> Option<&[Node]> {
        matches!(node.content, Content::List(_)).then(|| node.items())
    }
    let names = |node: &Node| items(node)?.iter().map(|name| name.as_text().map(str::to_owned)).collect::<Option<_>>();
    let entry = |node: &Node| {
        let is_object = matches!(node.content, Content::Object { .. }) && !is_elsewhere(node);
        let members = is_object.then(|| node.members())?.iter();
        members.map(|member| Some((member.key.clone(), names(&member.value)?))).collect::<Option<_>>()
    };
    items(security)?.iter().map(entry).collect()
}

pub(crate) fn wanted_alternatives(wanted: &[Requirement]) -> Alternatives {
    let scheme = |(name, scopes): (&String, &Vec<String>)| (name.clone(), scopes.iter().cloned().collect());
    wanted.iter().map(|entry| entry.iter().map(scheme).collect()).collect()
}

/// `security` in words: "`bearer` with `a` and `b`, or `bearer` with `c`".
pub(crate) fn shown(alternatives: &Alternatives) -> String {
    if alternatives.is_empty() {
        return "no credentials".to_owned();
    }
    let scheme = |(name, scopes): (&String, &BTreeSet<String>)| {
        let scopes: Vec<_> = scopes.iter().map(|scope| format!("`{scope}`")).collect();
        if scopes.is_empty() { format!("`{name}`") } else { format!("`{name}` with {}", scopes.join(" and ")) }
    };
    let alternative = |schemes: &BTreeMap<String, BTreeSet<String>>| match schemes.len() {
        0 => "no credentials".to_owned(),
        _ => schemes.iter().map(scheme).collect::<Vec<_>>().join(" together with "),
    };
    alternatives.iter().map(alternative).collect::<Vec<_>>().join(", or ")
}
