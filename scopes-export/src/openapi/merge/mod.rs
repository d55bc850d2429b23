//! A catalogue merged into the text of an OpenAPI document that exists.

mod edit;
mod emit;
mod error;
mod find;
mod json;
mod lines;
mod plan;
mod tree;
#[cfg(any(feature = "aide", feature = "utoipa"))]
mod value;
#[cfg(feature = "yaml")]
mod yaml;

use std::collections::HashMap;

use self::edit::Edit;
use self::lines::Lines;
use self::plan::plan;
use self::tree::{Content, Member, Mistake, Node};
use super::{Document, Unsaid, Version};

pub use self::error::{Conflict, MergeError};
#[cfg(any(feature = "aide", feature = "utoipa"))]
pub(super) use self::plan::Existing;
#[cfg(any(feature = "aide", feature = "utoipa"))]
pub(super) use self::value::changes;

/// A document that was merged with a catalogue.
///
/// ```
#[doc = include_str!("../../docs/openapi.txt")]
/// let text = r#"{"openapi": "3.1.1", "paths": {"/users/{id}": {"get": {"responses": {}}}}}"#;
/// let merged = Document::new(&catalogue).merge_into(text, false).unwrap();
/// assert!(merged.text().starts_with(r#"{"openapi": "3.1.1", "paths""#));
/// ```
#[derive(Clone, Debug)]
pub struct Merged {
    text: String,
    changes: usize,
    unsaid: Vec<Unsaid>,
}

impl Merged {
    /// The text of the document. Everything that the catalogue does not say is as it was, byte for
    /// byte.
    ///
    /// ```
    #[doc = include_str!("../../docs/openapi.txt")]
    /// let text = r#"{"openapi": "3.1.1", "paths": {"/users/{id}": {"get": {"responses": {}}}}}"#;
    /// let merged = Document::new(&catalogue).merge_into(text, false).unwrap();
    /// assert!(merged.text().contains(r#""security": [{"bearer": ["users.read"]}]"#));
    /// ```
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The number of members that were added or changed. If nothing differed it is 0, and the text
    /// is the same.
    ///
    /// ```
    #[doc = include_str!("../../docs/openapi.txt")]
    /// let text = r#"{"openapi": "3.1.1", "paths": {"/users/{id}": {"get": {"responses": {}}}}}"#;
    /// let document = Document::new(&catalogue);
    /// let merged = document.merge_into(text, false).unwrap();
    /// assert!(merged.changes() > 0);
    /// assert_eq!(document.merge_into(merged.text(), false).unwrap().changes(), 0);
    /// ```
    #[must_use]
    pub fn changes(&self) -> usize {
        self.changes
    }

    /// Routes without an operation in the document, and operations without a route.
    ///
    /// ```
    #[doc = include_str!("../../docs/openapi.txt")]
    /// let text = r#"{"openapi": "3.1.1", "paths": {"/users/{id}": {"get": {"responses": {}}}}}"#;
    /// assert!(Document::new(&catalogue).merge_into(text, false).unwrap().unsaid().is_empty());
    /// ```
    #[must_use]
    pub fn unsaid(&self) -> &[Unsaid] {
        &self.unsaid
    }
}

impl Document<'_> {
    /// Merges the catalogue into the text of a document: `security` of the operations, `x-scopes`,
    /// the security scheme, and the scopes in the descriptions if they are
    /// [shown](Self::show_scopes). Comments, order, anchors and quotes of all else stay as they
    /// are. The version is that of the text. A scheme of the same name stays, and its flows get the
    /// scopes that they lack.
    ///
    /// JSON can always be read, YAML with the feature `yaml`. The result is read again and compared
    /// with what was meant.
    ///
    /// ```
    /// use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// use scopes_export::openapi::Document;
    ///
    /// let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
    /// let text = r#"{"openapi": "3.1.1", "paths": {"/users": {"get": {"responses": {}}}}}"#;
    /// let merged = Document::new(&catalogue).merge_into(text, false)?;
    /// assert!(merged.text().contains(r#""security": [{"bearer": ["users.read"]}]"#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the text is not an OpenAPI document of version 3; if an operation has another `security`,
    /// or the document or an operation a member `x-scopes` that another tool has written, and
    /// `replaces` is false; or if the change cannot be made without touching anything else.
    pub fn merge_into(&self, text: &str, replaces: bool) -> Result<Merged, MergeError> {
        let root = parse(text).map_err(|mistake| syntax(text, &mistake))?;
        let version = version_of(&root).ok_or(MergeError::Version)?;
        let plan = plan(self, version, &root, plan::Existing::of(replaces));
        if !plan.conflicts.is_empty() {
            let lines = Lines::of(text);
            let numbered = plan.conflicts.into_iter().map(|found| Conflict { line: lines.number(found.at), ..found });
            return Err(MergeError::Conflicts(numbered.collect()));
        }
        let refused = |reason: &str| {
            let patch = overlay(self, &plan.edits);
            Err(MergeError::NotGuaranteed { reason: reason.to_owned(), patch })
        };
        if let Some(obstacle) = &plan.obstacle {
            return refused(obstacle);
        }
        let Some(changed) = edit::apply(text, &root, &plan.edits) else {
            return refused("a change would be in an object that other places repeat, or in one line with another key");
        };
        match parse(&changed) {
            Ok(again) if is_as_meant(&root, &again, &plan.edits) => {
                Ok(Merged { text: changed, changes: plan.edits.len(), unsaid: plan.unsaid })
            }
            _ => refused("read again, it would not be what was meant"),
        }
    }
}

fn parse(text: &str) -> Result<Node, Mistake> {
    let is_json = text.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    let parsed = json::parse(text);
    #[cfg(feature = "yaml")]
    if parsed.is_err() && (!is_json || yaml::parse(text).is_ok()) {
        return yaml::parse(text);
    }
    #[cfg(not(feature = "yaml"))]
    if !is_json {
        return Err(Mistake::new(0, "only JSON can be read without the feature `yaml`"));
    }
    parsed
}

fn version_of(root: &Node) -> Option<Version> {
    let text = root.get("openapi")?.as_text()?;
    let mut parts = text.splitn(3, '.');
    format!("{}.{}", parts.next()?, parts.next()?).parse().ok()
}

/// Whether the new document says what the old one said, but for the members that were edited, and
/// these say what was meant.
fn is_as_meant(old: &Node, new: &Node, edits: &[Edit]) -> bool {
    let got = |edit: &Edit| edit.path.iter().try_fold(new, |node, key| node.get(key));
    let all_there = edits.iter().all(|edit| got(edit).is_some_and(|found| found.says_the_same(&edit.value)));
    let paths: Vec<&[String]> = edits.iter().map(|edit| edit.path.as_slice()).collect();
    let (old, new) = (without(old, &paths), without(new, &paths));
    all_there && old.says_the_same(&new)
}

/// The tree without these members, and without objects that have nothing else.
fn without(node: &Node, paths: &[&[String]]) -> Node {
    let Content::Object { members, is_flow } = &node.content else { return node.clone() };
    let mut below: HashMap<&str, Vec<&[String]>> = HashMap::new();
    for (first, rest) in paths.iter().filter_map(|path| path.split_first()) {
        below.entry(first).or_default().push(rest);
    }
    let kept = members.iter().filter_map(|member| {
        let Some(below) = below.get(member.key.as_str()) else { return Some(member.clone()) };
        if below.iter().any(|rest| rest.is_empty()) {
            return None;
        }
        let value = without(&member.value, below);
        (!value.members().is_empty()).then(|| Member { value, key: member.key.clone(), ..*member })
    });
    node.with(Content::Object { members: kept.collect(), is_flow: *is_flow })
}

/// The changes as an overlay of the OpenAPI Initiative, version 1.0.
fn overlay(document: &Document<'_>, edits: &[Edit]) -> String {
    let action = |edit: &Edit| {
        let (key, parents) = edit.path.split_last()?;
        let quoted = |name: &String| format!("['{}']", name.replace('\\', "\\\\").replace('\'', "\\'"));
        let target: String = parents.iter().map(quoted).collect();
        let target = serde_json::to_string(&format!("${target}")).ok()?;
        let update = emit::Layout::Line.member(key, &edit.value);
        Some(format!("    {{\"target\": {target}, \"update\": {{{update}}}}}"))
    };
    let actions: Vec<String> = edits.iter().filter_map(action).collect();
    let title = serde_json::to_string(document.catalogue.name()).unwrap_or_default();
    format!(
        "{{\n  \"overlay\": \"1.0.0\",\n  \"info\": {{\"title\": {title}, \"version\": \"0.0.0\"}},\n  \"actions\": [\n{}\n  ]\n}}\n",
        actions.join(",\n")
    )
}

fn syntax(text: &str, mistake: &Mistake) -> MergeError {
    let before = text.get(..mistake.at).unwrap_or(text);
    let column = before.chars().rev().take_while(|&character| character != '\n').count() + 1;
    MergeError::Syntax { line: Lines::of(text).number(mistake.at), column, message: mistake.message.clone() }
}
