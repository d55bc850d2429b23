//! Lists of scopes, from the string of RFC 6749 and from JSON.

use std::collections::BTreeSet;

use scopes::ScopeSet;
use serde_json::Value;

use crate::hostile::api::{CATALOGUE, Scope, Scopes};
use crate::reached::reach;

pub(crate) fn check(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    string(&text);
    json(&text);
}

/// The old names of the catalogue, each with the name of today.
const RENAMED: [(&str, &str); 3] = [("users.view", "users.read"), ("a,b=c;e", "users.read"), ("{}", "users.read")];

fn is_known(name: &str) -> bool {
    CATALOGUE.scopes().any(|scope| scope.as_str() == name) || RENAMED.iter().any(|(old, _)| *old == name)
}

/// The name of today.
fn today(name: &str) -> &str {
    RENAMED.iter().find(|(old, _)| *old == name).map_or(name, |(_, today)| today)
}

fn string(text: &str) {
    let names: Vec<&str> = text.split(' ').filter(|name| !name.is_empty()).collect();
    let known: BTreeSet<&str> = names.iter().copied().filter(|name| is_known(name)).map(today).collect();
    let old: Vec<&str> = names.iter().copied().filter(|name| today(name) != *name).collect();
    if !old.is_empty() {
        reach("renamed");
    }
    let unknown: Vec<&str> = names.iter().copied().filter(|name| !is_known(name)).collect();
    match text.parse::<Scopes>() {
        Ok(set) => {
            assert_eq!(unknown, [""; 0], "taken: {text:?}");
            reach("strict");
            if known.len() > 1 {
                reach("several");
            }
            sound(set, &known);
        }
        Err(error) => {
            reach("unknown");
            assert_eq!(Some(&error.name.as_str()), unknown.first(), "the first unknown name");
            assert!(error.nearest.is_none_or(is_known));
            let message = error.to_string();
            assert!(!message.contains(char::is_control) && message.len() < 1024, "{message:?}");
        }
    }
    let lossy = Scopes::parse_lossy(text);
    assert_eq!(lossy.unknown, unknown);
    assert_eq!(lossy.renamed.iter().map(|renamed| renamed.old).collect::<Vec<_>>(), old);
    assert!(lossy.renamed.iter().all(|renamed| renamed.scope.as_str() == today(renamed.old)));
    sound(lossy.known, &known);
}

/// Checks that the set holds exactly these names, prints them, and reads its own output.
fn sound(set: Scopes, names: &BTreeSet<&str>) {
    assert_eq!(set.iter().map(Scope::as_str).collect::<BTreeSet<_>>(), *names);
    assert_eq!((set.len(), set.is_empty()), (names.len(), names.is_empty()));
    assert_eq!(set.to_string().parse(), Ok(set));
    let json = serde_json::to_string(&set).expect("a set is JSON");
    assert_eq!(serde_json::from_str::<Scopes>(&json).ok(), Some(set));
    assert!(set.is_subset(&set.closure()) && set.closure().closure() == set.closure());
}

fn json(text: &str) {
    let read = serde_json::from_str::<Scopes>(text).ok();
    let expected = match serde_json::from_str::<Value>(text) {
        Ok(Value::String(list)) => {
            reach("JSON string");
            list.parse().ok()
        }
        Ok(Value::Array(members)) => {
            reach("JSON array");
            let names: Option<Vec<&str>> = members.iter().map(Value::as_str).collect();
            names.and_then(|names| ScopeSet::from_names(names).ok())
        }
        _ => None,
    };
    assert_eq!(read, expected, "{text}");
}
