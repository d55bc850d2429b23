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
use crate::openapi::{Document, EXTENSION, Unsaid, Version, ours, without_block};

/// What becomes of what a document says already, if the catalogue says something else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Existing {
    /// It is an error.
    Refused,
    /// The catalogue replaces it.
    Replaced,
    /// The catalogue replaces `security`, because it is what the guard checks. Members of other
    /// tools stay. For callers that cannot fail.
    #[cfg(feature = "utoipa")]
    OursReplaced,
}

impl Existing {
    pub(crate) const fn of(replaces: bool) -> Self {
        if replaces { Self::Replaced } else { Self::Refused }
    }

    /// Whether the caller takes an error.
    pub(crate) const fn takes_errors(self) -> bool {
        matches!(self, Self::Refused | Self::Replaced)
    }
}

/// The changes, and what stands in their way.
#[derive(Default)]
pub(super) struct Plan<'c> {
    pub(super) edits: Vec<Edit>,
    pub(super) conflicts: Vec<Conflict>,
    pub(super) unsaid: Vec<Unsaid>,
    /// Why the document cannot be changed safely.
    pub(super) obstacle: Option<String>,
    /// The routes that have an operation, with its path and its method.
    #[cfg_attr(not(any(feature = "aide", feature = "utoipa")), allow(dead_code, reason = "the hooks add answers"))]
    pub(super) operations: Vec<(Route<'c>, String, String)>,
}

/// `security` as a set of alternatives, so that the order does not matter.
type Alternatives = BTreeSet<BTreeMap<String, BTreeSet<String>>>;

/// An operation of the document.
struct Operation<'d> {
    /// The keys that lead to it.
    path: Vec<&'d str>,
    key: &'d str,
    method: &'d str,
    key_start: usize,
    node: &'d Node,
}

pub(super) fn plan<'c>(document: &Document<'c>, version: Version, root: &Node, existing: Existing) -> Plan<'c> {
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
            Some(Ok(operation)) => plan.operation(document, route, operation, inherited, existing),
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
    if plan.may_be_ours(root, ours::is_of_document, "the document", existing) {
        plan.member(root, &[EXTENSION], &extension);
    }
    plan
}

/// The document with the security scheme of the text, if the text has one of this name.
fn scheme<'c>(document: &Document<'c>, version: Version, root: &Node, plan: &mut Plan<'_>) -> Document<'c> {
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

impl<'c> Plan<'c> {
    /// An object whose members are not written in it, so that a merge does not see its operations.
    fn elsewhere(&mut self, key: &str) {
        self.obstacle.get_or_insert_with(|| {
            format!(
                "the operations of `{key}` stand elsewhere (`$ref`, an alias or `<<`), where a merge does not look: \
                 write them there"
            )
        });
    }

    /// Whether `x-scopes` can be written: it is missing, or of the export, or to be replaced. What
    /// another tool has written is never lost silently.
    fn may_be_ours(&mut self, node: &Node, is_ours: impl Fn(&[&str]) -> bool, what: &str, existing: Existing) -> bool {
        let Some(member) = node.get(EXTENSION) else { return true };
        let keys: Vec<&str> = member.members().iter().map(|member| member.key.as_str()).collect();
        let is_ours = is_ours(&keys);
        if !is_ours && existing == Existing::Refused {
            self.obstacle.get_or_insert_with(|| {
                format!(
                    "{what} has a member `{EXTENSION}` with another tool's meaning: rename it, or let it be replaced"
                )
            });
        }
        // After a refusal the edit is still planned, because the overlay shows it.
        is_ours || existing.takes_errors()
    }

    /// Sets a member to a value, unless it has this value.
    fn member(&mut self, root: &Node, path: &[&str], value: &impl Serialize) {
        self.set(path.iter().try_fold(root, |node, key| node.get(key)), path, value);
    }

    fn set(&mut self, existing: Option<&Node>, path: &[&str], value: &impl Serialize) {
        let Some(value) = as_node(value) else { return };
        if !existing.is_some_and(|existing| existing.says_the_same(&value)) {
            self.edits.push(Edit::new(path, value));
        }
    }

    fn operation(
        &mut self,
        document: &Document<'_>,
        route: Route<'c>,
        operation: &Operation<'_>,
        inherited: Option<&Node>,
        existing: Existing,
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
        self.operations.push((route, operation.key.to_owned(), operation.method.to_owned()));
        self.security(document, route, operation, inherited, existing);
        let description = node.get("description").and_then(Node::as_text).unwrap_or_default();
        let bare = without_block(description);
        let described = document.described(route, &bare);
        if document.shows_scopes && described != description {
            self.edits.push(Edit::new(&at("description"), Node::text(described)));
        }
        let what = format!("`{} {}`", operation.method, operation.key);
        if !self.may_be_ours(node, ours::is_of_operation, &what, existing) {
            return;
        }
        let name = node.get("operationId").and_then(Node::as_text).unwrap_or_default();
        let extension = Extension::of(route, Visible { path: operation.key, name, description: &bare });
        self.set(node.get(EXTENSION), &at(EXTENSION), &extension);
    }

    /// Writes what the catalogue demands, unless the operation or the document demands the same.
    fn security(
        &mut self,
        document: &Document<'_>,
        route: Route<'_>,
        operation: &Operation<'_>,
        inherited: Option<&Node>,
        existing: Existing,
    ) {
        let wanted = document.security(route);
        let own = operation.node.get("security");
        let there = own.or(inherited).map(alternatives);
        // In 3.0, a document may name the scopes of bearer tokens although it should not.
        let mut listing = document.clone();
        listing.lists_scopes = Some(true);
        let listed = wanted_alternatives(&listing.security(route));
        if there == Some(Some(wanted_alternatives(&wanted))) || there.as_ref() == Some(&Some(listed.clone())) {
            return;
        }
        if let Some(there) = there.filter(|_| existing == Existing::Refused) {
            self.conflicts.push(Conflict {
                line: 0,
                at: own.map_or(operation.key_start, |own| own.start),
                operation: format!("{} {}", operation.method, operation.key),
                document: there.as_ref().map_or_else(|| UNREADABLE.to_owned(), shown),
                catalogue: shown(&listed),
                is_inherited: own.is_none(),
            });
            return;
        }
        if let Some(value) = as_node(&wanted) {
            let path: Vec<_> = operation.path.iter().copied().chain(["security"]).collect();
            self.edits.push(Edit::new(&path, value));
        }
    }
}

/// A value as it would be read from a document.
fn as_node(value: &impl Serialize) -> Option<Node> {
    json::parse(&serde_json::to_string(value).ok()?).ok()
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
    let alternatives: Alternatives = items(security)?.iter().map(entry).collect::<Option<_>>()?;
    // `[{}]` is `[]` in other words.
    let is_open = alternatives.len() == 1 && alternatives.iter().all(BTreeMap::is_empty);
    Some(if is_open { Alternatives::new() } else { alternatives })
}

fn wanted_alternatives(wanted: &[Requirement]) -> Alternatives {
    let scheme = |(name, scopes): (&String, &Vec<String>)| (name.clone(), scopes.iter().cloned().collect());
    wanted.iter().map(|entry| entry.iter().map(scheme).collect()).collect()
}

/// `security` in words: "`bearer` with `a` and `b`, or `bearer` with `c`".
fn shown(alternatives: &Alternatives) -> String {
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
