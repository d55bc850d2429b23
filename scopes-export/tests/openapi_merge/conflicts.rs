//! What a merge does not overwrite: another `security`, and members `x-scopes` of other tools.

use scopes_export::json::from_json;
use scopes_export::openapi::{Document, MergeError};

use super::catalogue;

#[test]
fn another_security_is_an_error_that_names_both() {
    let catalogue = catalogue();
    let document = Document::new(&catalogue);
    let text = |root: &str, own: &str| {
        format!("openapi: 3.1.0\n{root}paths:\n  /users:\n    get:\n      tags: [a]\n{own}      responses: {{}}\n")
    };
    for (root, own, line, message) in [
        ("", "      security:\n        - bearer: [users.write]\n", 7, "demands `bearer` with `users.write`, the"),
        ("", "      security: []\n", 6, "the document demands no credentials, the catalogue"),
        ("", "      security: [{}, {bearer: [users.read]}]\n", 6, "no credentials, or `bearer` with `users.read`, the"),
        ("security: [{key: []}]\n", "", 5, "the document demands `key` for all operations, the catalogue"),
    ] {
        let text = text(root, own);
        let Err(MergeError::Conflicts(conflicts)) = document.merge_into(&text, false) else { panic!("{text}") };
        let shown = conflicts[0].to_string();
        assert!(shown.starts_with("`GET /users`: the document") && shown.contains(message), "{shown}");
        assert!(shown.ends_with("the catalogue `bearer` with `users.read`"), "{shown}");
        assert_eq!((conflicts.len(), conflicts[0].line()), (1, line), "{text}");
        let replaced = document.merge_into(&text, true).unwrap();
        assert!(document.merge_into(replaced.text(), false).unwrap().changes() == 0, "{}", replaced.text());
    }
    // The same, whatever the order and the place.
    for (root, own) in
        [("security: [{bearer: [users.read]}]\n", ""), ("", "      security: [{'bearer': [\"users.read\"]}]\n")]
    {
        let merged = document.merge_into(&text(root, own), false).unwrap();
        assert_eq!(merged.text().matches("security:").count(), 1, "{}", merged.text());
    }
}

/// A document with another name of the scheme has a conflict at each operation.
#[test]
fn many_conflicts_are_counted_and_not_shown() {
    let routes: Vec<String> = (0..120).map(|number| format!("[\"GET\", \"/{number}\"]")).collect();
    let catalogue = format!(r#"{{"name": "api", "scopes": [{{"scope": "s", "routes": [{}]}}]}}"#, routes.join(", "));
    let catalogue = from_json(&catalogue).unwrap();
    let document = Document::new(&catalogue);
    for (count, last) in [(50, "line 2: `GET /9`: "), (51, "and 1 more"), (120, "and 70 more")] {
        let paths: Vec<String> =
            (0..count).map(|number| format!("\"/{number}\": {{\"get\": {{\"security\": []}}}}")).collect();
        let text = format!("{{\"openapi\": \"3.1.0\",\n\"paths\": {{{}}}}}", paths.join(", "));
        let error = document.merge_into(&text, false).unwrap_err();
        let shown = error.to_string();
        assert_eq!(shown.lines().count(), count.min(51));
        assert!(shown.lines().last().unwrap().starts_with(last), "{shown}");
        let MergeError::Conflicts(all) = error else { panic!() };
        assert_eq!(all.len(), count, "all of them can be read");
    }
}

/// Other tools have members of this name, such as a list of scopes.
#[test]
fn members_of_other_tools_are_not_overwritten() {
    let catalogue = catalogue();
    let document = Document::new(&catalogue);
    for (root, own) in [
        ("x-scopes: other\n", ""),
        ("x-scopes: {a: b}\n", ""),
        ("x-scopes: {version: 1, name: api, owner: us}\n", ""),
        ("", "      x-scopes: [users.read]\n"),
        ("", "      x-scopes: {users.read: reads}\n"),
    ] {
        let text = format!("openapi: 3.1.0\n{root}paths:\n  /users:\n    post:\n{own}      responses: {{}}\n");
        let Err(MergeError::NotGuaranteed { reason, .. }) = document.merge_into(&text, false) else { panic!("{text}") };
        assert!(reason.contains("another tool's meaning"), "{reason}");
        let merged = document.merge_into(&text, true).unwrap();
        assert_eq!(document.merge_into(merged.text(), false).unwrap().changes(), 0);
    }
}

/// Whatever a catalogue has, a merge knows its own members again.
#[test]
fn members_of_the_export_are_replaced() {
    let catalogue = from_json(include_str!("../full.json")).unwrap();
    for document in [Document::new(&catalogue), Document::new(&catalogue).show_scopes()] {
        let written = document.write().into_json();
        let again = document.merge_into(&written, false).unwrap();
        assert_eq!((again.changes(), again.text()), (0, written.as_str()));
        let old = written.replace("\"users.read\"", "\"users.old\"");
        assert_ne!(old, written);
        document.merge_into(&old, true).unwrap();
    }
}

/// A `security` that a merge cannot read is never taken for the one of the catalogue.
#[test]
fn security_that_is_not_a_list_of_names() {
    let catalogue = catalogue();
    let document = Document::new(&catalogue);
    for security in ["*all", "[*one]", "[{bearer: *names}]", "{bearer: [users.read]}", "", "none", "[none]"] {
        for (is_inherited, is_replaced) in [(false, false), (true, false), (false, true), (true, true)] {
            let line = format!("security: {security}\n");
            let (root, own) = if is_inherited { (line.as_str(), String::new()) } else { ("", format!("      {line}")) };
            let text = format!(
                "openapi: 3.1.0\nx-names: &names [users.read]\nx-one: &one {{bearer: [users.read]}}\n\
                 x-all: &all [{{bearer: [users.read]}}]\n{root}paths:\n  /users:\n    post:\n{own}      responses: {{}}\n"
            );
            let merged = document.merge_into(&text, is_replaced);
            if is_replaced {
                let merged = merged.unwrap();
                // POST /users is public.
                assert!(merged.text().contains("      security: []"), "{}", merged.text());
                assert_eq!(document.merge_into(merged.text(), false).unwrap().changes(), 0);
            } else {
                let Err(MergeError::Conflicts(conflicts)) = merged else { panic!("{text}") };
                assert!(conflicts[0].to_string().contains("what a merge cannot read"), "{}", conflicts[0]);
            }
        }
    }
}
