//! Each rule of the linter on a catalogue that it is about, and on one that it is not about.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

use scopes_export::json::from_json;
use scopes_export::lint::{Rule, lint};

/// The findings of one rule, for scopes that have a title.
fn found(rule: Rule, members: &str) -> Vec<String> {
    let members = members.replace("{s:", r#"{"title": "t", "scope":"#).replace("r:", r#""routes":"#);
    let catalogue = from_json(&format!(r#"{{"name": "api", {members}}}"#)).unwrap_or_else(|error| panic!("{error}"));
    lint(&catalogue).into_iter().filter(|lint| lint.rule == rule).map(|lint| lint.message).collect()
}

#[test]
fn every_rule() {
    for (rule, yes, no) in [
        (Rule::Note, r#""scopes": [{s: "a"}]"#, r#""scopes": [{s: "a", r: [["GET", "/a"]]}]"#),
        (
            Rule::Overlap,
            r#""scopes": [{s: "a", r: [["GET", "/{x}/b"]]}, {s: "b", r: [["GET", "/a/{y}"]]}]"#,
            r#""scopes": [{s: "a", r: [["GET", "/{x}/b"], ["GET", "/a/{y}"]]}]"#,
        ),
        (
            Rule::OpenWins,
            r#""scopes": [{s: "a", r: [["GET", "/{x}"]]}], "open": [["GET", "/me"]]"#,
            r#""scopes": [{s: "a", r: [["POST", "/{x}"]]}], "open": [["GET", "/me"]]"#,
        ),
        (
            Rule::OpenWins,
            r#""scopes": [{s: "a", r: [["GET", "/{x}/b"]]}], "open": [["GET", "/a/{y}"]]"#,
            r#""scopes": [{s: "a", r: [["GET", "/a/b"]]}], "open": [["GET", "/a/{y}"]]"#,
        ),
        (
            Rule::WriteUnderRead,
            r#""scopes": [{s: "users.read", r: [["PUT", "/a"]]}, {s: "x.write", r: [["PUT", "/a"]]}]"#,
            r#""scopes": [{s: "users.read", r: [["GET", "/a"]]}, {s: "x.write", r: [["PUT", "/a"]]}]"#,
        ),
        (
            Rule::WriteUnderRead,
            r#""scopes": [{s: "users:read", r: [["DELETE", "/a"]]}]"#,
            r#""scopes": [{s: "users:read"}, {s: "b"}], "requirements": [{"route": ["PUT", "/a"], "any_of": [["b", "users:read"]]}]"#,
        ),
        (
            Rule::ReadUnderWrite,
            r#""scopes": [{s: "users.write", r: [["GET", "/a"]]}]"#,
            r#""scopes": [{s: "users.write", r: [["GET", "/a"]]}, {s: "users.read", r: [["GET", "/a"]]}]"#,
        ),
        (
            Rule::NoText,
            r#""scopes": [{"scope": "a"}]"#,
            r#""scopes": [{"scope": "a", "description": "d"}, {"scope": "b", "title": "t"}]"#,
        ),
        (
            Rule::NearDuplicate,
            r#""scopes": [{s: "users.read"}, {s: "user.read"}]"#,
            r#""scopes": [{s: "users.read"}, {s: "users.reader"}]"#,
        ),
        (
            Rule::NearDuplicate,
            r#""scopes": [{s: "api_keys:read"}, {s: "api-key.reads"}]"#,
            r#""scopes": [{s: "v1.read"}, {s: "v2.read"}]"#,
        ),
        (
            Rule::HiddenScope,
            r#""scopes": [{s: "a", r: [["GET", "/a"]]}, {s: "w", r: [["GET", "/a"], ["GET", "/b"]]}]"#,
            r#""scopes": [{s: "a", r: [["GET", "/a"]]}, {s: "w", "includes": ["a"], r: [["GET", "/a"], ["GET", "/b"]]}]"#,
        ),
        (
            Rule::HiddenScope,
            r#""scopes": [{s: "a", r: [["GET", "/a"]]}, {s: "w", r: [["GET", "/a"], ["GET", "/b"]]}]"#,
            r#""scopes": [{s: "a", r: [["GET", "/a"], ["GET", "/c"]]}, {s: "w", r: [["GET", "/a"], ["GET", "/b"]]}]"#,
        ),
        (
            Rule::IssuesTokens,
            r#""scopes": [{s: "a", r: [["POST", "/users/{id}/api-keys"]]}]"#,
            r#""scopes": [{s: "a", r: [["GET", "/tokens"], ["POST", "/tokens/{id}/names"]]}]"#,
        ),
    ] {
        assert_eq!(found(rule, yes).len(), 1, "{rule}: {yes}: {:?}", found(rule, yes));
        assert_eq!(found(rule, no), [""; 0], "{rule}: {no}");
    }
}
