//! The changes of a document that is a value in the memory and not a text.

use scopes_core::Route;
use serde_json::Value;

use super::edit::Edit;
use super::error::MergeError;
use super::plan::{Existing, Plan, plan};
use super::tree::{Content, Member, Node, Text};
use super::{overlay, version_of};
use crate::openapi::{Document, Unsaid};

/// What a merge changes.
pub(in crate::openapi) struct Changes<'c> {
    edits: Vec<Edit>,
    operations: Vec<(Route<'c>, String, String)>,
    pub(in crate::openapi) unsaid: Vec<Unsaid>,
}

impl<'c> Changes<'c> {
    /// The keys that lead to a member, and its new value.
    pub(in crate::openapi) fn edits(&self) -> impl Iterator<Item = (&[String], Value)> {
        self.edits.iter().map(|Edit { path, value }| (path.as_slice(), json(value)))
    }

    /// The routes that have an operation, with its path and its method.
    pub(in crate::openapi) fn operations(&self) -> &[(Route<'c>, String, String)] {
        &self.operations
    }

    /// The error of a document in which not all changes can be made.
    pub(in crate::openapi) fn not_guaranteed(&self, document: &Document<'_>, reason: String) -> MergeError {
        MergeError::NotGuaranteed { reason, patch: overlay(document, &self.edits) }
    }
}

/// The changes that a merge of a text makes, for a document as a value. It has the same errors.
pub(in crate::openapi) fn changes<'c>(
    document: &Document<'c>,
    root: &Value,
    existing: Existing,
) -> Result<Changes<'c>, MergeError> {
    let root = node(root);
    let version = version_of(&root).ok_or(MergeError::Version)?;
    let plan = plan(document, version, &root, existing);
    if !plan.conflicts.is_empty() {
        return Err(MergeError::Conflicts(plan.conflicts));
    }
    let Plan { edits, operations, unsaid, obstacle, .. } = plan;
    let changes = Changes { edits, operations, unsaid };
    match obstacle.filter(|_| existing.takes_errors()) {
        Some(reason) => Err(changes.not_guaranteed(document, reason)),
        None => Ok(changes),
    }
}

fn node(value: &Value) -> Node {
    let content = match value {
        Value::String(text) => Content::Text(Text { value: text.clone(), is_plain: false }),
        Value::Array(items) => Content::List(items.iter().map(node).collect()),
        Value::Object(members) => {
            let member = |(key, value): (&String, &Value)| Member {
                key: key.clone(),
                key_start: 0,
                key_end: 0,
                value: node(value),
            };
            Content::Object { members: members.iter().map(member).collect(), is_flow: true }
        }
        plain => Content::Text(Text { value: plain.to_string(), is_plain: true }),
    };
    Node::new(0, 0, content)
}

fn json(node: &Node) -> Value {
    match &node.content {
        Content::Text(text) if !text.is_plain => Value::String(text.value.clone()),
        Content::List(items) => Value::Array(items.iter().map(json).collect()),
        Content::Object { members, .. } => {
            Value::Object(members.iter().map(|member| (member.key.clone(), json(&member.value))).collect())
        }
        Content::Text(text) => serde_json::from_str(&text.value).unwrap_or_default(),
        Content::Alias(_) => Value::Null,
    }
}
