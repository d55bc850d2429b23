//! A catalogue merged into any text.

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::time::Instant;

use saphyr_parser::{Event, Parser, ScalarStyle};
use scopes_core::UntypedCatalogue;
use scopes_export::json::from_json;
use scopes_export::openapi::{Document, MergeError, Merged, Scheme, without_block};
use serde_json::{Map, Value};

use crate::reached::reach;

/// The longest input that is read.
const LONGEST: usize = 1 << 16;

/// The most seconds for one input. It is far more than a merge takes, and far less than one that
/// does not end.
const MOST_SECONDS: u64 = 60;

/// Routes of every kind, on paths that the inputs have.
static CATALOGUE: LazyLock<UntypedCatalogue> = LazyLock::new(|| from_json(JSON).expect("a catalogue"));

const JSON: &str = r#"{"name": "api", "base": "/v1", "scopes": [
        {"scope": "users.read", "routes": [["GET", "/users"], ["GET", "/users/{id}"], ["HEAD", "/users"]]},
        {"scope": "users:write", "dotted": "users.write", "description": "two\nlines: # \"quoted\""},
        {"scope": "all", "includes": ["*.read"]}],
    "requirements": [
        {"route": {"method": "POST", "path": "/users"}, "any_of": [["users.read", "users:write"], ["all"]]},
        {"route": {"method": "GET", "path": "/files/{*path}"}, "any_of": [["users.read"]]}],
    "authenticated": [{"reason": "who", "routes": [["GET", "/@me"]]}],
    "external": [{"reason": "signed", "routes": [["PUT", "/users"]]}],
    "public": [{"reason": "probe", "routes": [["GET", "/"], ["COPY", "/users"]]}]}"#;

pub(crate) fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data.get(..LONGEST).unwrap_or(data));
    let plain = Document::new(&CATALOGUE);
    let named = Scheme::client_credentials("").named("o");
    let started = Instant::now();
    for (document, is_shown) in
        [(plain.clone(), false), (plain.clone().show_scopes(), true), (plain.clone().scheme(named), false)]
    {
        for replaces in [false, true] {
            match document.merge_into(&text, replaces) {
                Err(error) => refused(&error, &text, replaces),
                Ok(merged) => sound(&document, &merged, &text, is_shown, replaces),
            }
        }
    }
    assert!(started.elapsed().as_secs() < MOST_SECONDS, "{:?}", started.elapsed());
}

fn refused(error: &MergeError, text: &str, replaces: bool) {
    assert!(!error.to_string().is_empty());
    match error {
        MergeError::Syntax { line, .. } => {
            reach("syntax");
            assert!(*line <= text.matches('\n').count() + 1, "{error}");
        }
        MergeError::Conflicts(conflicts) => {
            reach("conflict");
            assert!(!replaces && !conflicts.is_empty());
            for conflict in conflicts {
                assert!(conflict.line() <= text.matches('\n').count() + 1, "{conflict}");
            }
        }
        MergeError::NotGuaranteed { reason, patch } => {
            reach("not guaranteed");
            assert!(!reason.is_empty());
            let patch: Value = serde_json::from_str(patch).expect("a patch is JSON");
            assert_eq!(patch["overlay"], "1.0.0");
        }
        _ => reach("no document"),
    }
}

fn sound(document: &Document<'_>, merged: &Merged, text: &str, is_shown: bool, replaces: bool) {
    reach("merged");
    assert_eq!(merged.changes() == 0, merged.text() == text);
    let again = document.merge_into(merged.text(), replaces).expect("what was merged can be merged");
    assert_eq!((again.changes(), again.text()), (0, merged.text()), "a second run changes nothing");
    // Without a member that can be replaced, everything is an insertion.
    let may_replace = replaces || text.contains("x-") || is_shown && text.contains("description");
    // An escape may hide the name of a member.
    if !may_replace && !text.contains('\\') {
        reach("inserted");
        assert!(is_within(text, merged.text()), "a byte is gone:\n{}", merged.text());
    }
    if let (Ok(old), Ok(new)) = (serde_json::from_str::<Value>(text), serde_json::from_str::<Value>(merged.text())) {
        reach("JSON");
        same_but_for_ours(&old, &new, is_shown);
    } else {
        assert!(serde_json::from_str::<Value>(text).is_err(), "JSON stays JSON");
        reach("YAML");
        same_but_for_ours(&tree(text), &tree(merged.text()), is_shown);
    }
}

/// Whether the bytes of a text stand in another one, in this order.
fn is_within(text: &str, other: &str) -> bool {
    let mut rest = other.bytes();
    text.bytes().all(|byte| rest.any(|found| found == byte))
}

/// A second reading of YAML: aliases, anchors and tags as texts, and plain scalars apart from
/// quoted ones.
fn tree(text: &str) -> Value {
    let mut open: Vec<Vec<Value>> = vec![Vec::new()];
    for event in Parser::new_from_str(text) {
        let (event, _) = event.expect("the merge has read it");
        let node = match event {
            Event::Scalar(value, style, anchor, tag) => {
                let style = if style == ScalarStyle::Plain { "" } else { "'" };
                Value::String(format!("{style}{value}{}", marks(anchor, tag.map(|tag| tag.to_string()))))
            }
            Event::Alias(anchor) => Value::String(format!("*{anchor}")),
            Event::SequenceStart(anchor, tag) | Event::MappingStart(anchor, tag) => {
                open.push(vec![Value::String(marks(anchor, tag.map(|tag| tag.to_string())))]);
                continue;
            }
            Event::SequenceEnd => Value::Array(open.pop().expect("a list was begun")),
            Event::MappingEnd => {
                let mut items = open.pop().expect("an object was begun").into_iter();
                let marks = items.next().expect("the first item");
                let mut members = Map::new();
                if marks != "" {
                    members.insert("&".to_owned(), marks);
                }
                while let (Some(key), Some(value)) = (items.next(), items.next()) {
                    let key = key.as_str().expect("a key is a text").trim_start_matches('\'').to_owned();
                    members.insert(key, value);
                }
                Value::Object(members)
            }
            _ => continue,
        };
        open.last_mut().expect("the document itself").push(node);
    }
    open.pop().and_then(|mut root| root.pop()).unwrap_or_default()
}

fn marks(anchor: usize, tag: Option<String>) -> String {
    let anchor = if anchor > 0 { format!("&{anchor}") } else { String::new() };
    anchor + &tag.map(|tag| format!("!{tag}")).unwrap_or_default()
}

/// Compares two documents without what a merge writes.
fn same_but_for_ours(old: &Value, new: &Value, is_shown: bool) {
    for (path, item) in new["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            if old["paths"][path][method].get("x-scopes").is_none() && operation.get("x-scopes").is_some() {
                reach("written");
                demands_agree(operation, new.get("security"));
            }
        }
    }
    assert_eq!(without_ours(old.clone(), is_shown), without_ours(new.clone(), is_shown));
}

/// `security` says what `x-scopes` says, or that credentials are needed: 3.0 lists no scopes.
fn demands_agree(operation: &Value, inherited: Option<&Value>) {
    let text = |value: &Value| value.as_str().unwrap_or_default().trim_start_matches('\'').to_owned();
    // The first item of a list of YAML has the marks of the list.
    let is_marks = |item: &&Value| item.as_str().is_some_and(|text| text.is_empty() || text.starts_with(['&', '!']));
    let items =
        |value: &Value| value.as_array().into_iter().flatten().filter(|item| !is_marks(item)).cloned().collect();
    let names = |value: &Value| -> BTreeSet<String> {
        let names: Vec<Value> = items(value);
        names.iter().map(text).collect()
    };
    let alternatives: Vec<Value> = items(operation.get("security").or(inherited).expect("a merge writes `security`"));
    let listed: BTreeSet<BTreeSet<String>> = alternatives
        .iter()
        .map(|one| one.as_object().expect("a requirement").values().flat_map(names).collect())
        .collect();
    let ours = &operation["x-scopes"];
    let wanted: Option<Vec<Value>> = ours.get("any_of").map(items);
    match wanted {
        Some(wanted) => {
            let wanted: BTreeSet<BTreeSet<String>> = wanted.iter().map(names).collect();
            assert!(listed == wanted || listed == BTreeSet::from([BTreeSet::new()]), "{operation}");
            assert!(!alternatives.is_empty());
        }
        None if ours.get("authenticated").is_some() => {
            assert!(!alternatives.is_empty() && listed == BTreeSet::from([BTreeSet::new()]), "{operation}");
        }
        None => assert!(alternatives.iter().all(|one| one.as_object().is_some_and(Map::is_empty)), "{operation}"),
    }
}

fn without_ours(mut document: Value, is_shown: bool) -> Value {
    let Some(root) = document.as_object_mut() else { return document };
    root.remove("x-scopes");
    if let Some(components) = root.get_mut("components").and_then(Value::as_object_mut) {
        components.remove("securitySchemes");
    }
    root.retain(|key, value| key != "components" || value.as_object().is_none_or(|object| !object.is_empty()));
    let items = root.get_mut("paths").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut);
    for operation in items.filter_map(Value::as_object_mut).flat_map(Map::values_mut) {
        without_ours_in_operation(operation, is_shown);
        if let Some(others) = operation.as_object_mut() {
            // The members of `additionalOperations`.
            others.values_mut().for_each(|operation| without_ours_in_operation(operation, is_shown));
        }
    }
    document
}

fn without_ours_in_operation(operation: &mut Value, is_shown: bool) {
    let Some(members) = operation.as_object_mut() else { return };
    members.remove("x-scopes");
    members.remove("security");
    if let Some(description) = members.get_mut("description").filter(|_| is_shown) {
        let text = description.as_str().unwrap_or_default();
        let bare = without_block(text.trim_start_matches('\''));
        *description = Value::String(bare);
    }
    members.retain(|key, value| key != "description" || value != "");
}
