//! Catalogues merged into documents that exist.
#![cfg(feature = "yaml")]
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[path = "../support/mod.rs"]
mod support;

mod conflicts;

use proptest::prelude::*;
use scopes_core::UntypedCatalogue;
use scopes_export::json::{from_json, to_json};
use scopes_export::openapi::read::{NoFiles, Options, import};
use scopes_export::openapi::{Document, MergeError, Scheme};
use serde_json::{Value, json};
use support::spec;

const YAML: &str = r##"# The API of users. Keep this comment.
openapi: "3.1.0"   # the version
info: {title: 'Users', version: 1.0.0}
x-shared: &limits
  minimum: 1   # one

paths:
  /users:
    # All users.
    get:
      description: |
        Lists users.

        # Not a comment
      # About the answers.
      responses:
        '200': {description: ok}
    post:
      summary: >-
        Adds
        a user
      security: []   # public until now
      responses: {"201": {description: "made"}}
  /users/{name}:
    get: {responses: {'200': {description: ok}}}
    delete:
      "responses": {}
components:
  schemas:
    Limit: *limits   # an alias
    Date: 2026-11-30
    Answer: yes
"##;

fn catalogue() -> UntypedCatalogue {
    from_json(
        r#"{"name": "api", "scopes": [
            {"scope": "users.read", "routes": [["GET", "/users"], ["GET", "/users/{id}"], ["HEAD", "/users"]]},
            {"scope": "users:write", "dotted": "users.write"}],
        "requirements": [
            {"route": {"method": "DELETE", "path": "/users/{id}", "name": "remove"},
                "any_of": [["users.read", "users:write"]]}],
        "public": [{"reason": "for all", "routes": [["POST", "/users"]]}]}"#,
    )
    .unwrap()
}

/// The lines of the second text without those that stand in the first.
fn added(old: &str, new: &str) -> String {
    let mut old = old.lines().peekable();
    let added = new.lines().filter(|line| old.next_if(|next| next == line).is_none());
    let added = added.map(|line| format!("{line}\n")).collect();
    assert_eq!(old.next(), None, "a line is gone, or has another place");
    added
}

#[test]
fn everything_else_stays_byte_for_byte() {
    let catalogue = catalogue();
    let document = Document::new(&catalogue);
    let merged = document.merge_into(YAML, false).unwrap();
    // The object in braces is one line, which differs. All other lines are there.
    let flow = "    get: {responses: {'200': {description: ok}}}\n";
    let flow_now = "    get: {responses: {'200': {description: ok}}, \"security\": [{\"bearer\": [\"users.read\"]}], \
                    \"x-scopes\": {\"path\": \"/users/{id}\", \"name\": \"get_users_by_id\", \"any_of\": [[\"users.read\"]]}}\n";
    assert!(merged.text().contains(flow_now), "{}", merged.text());
    assert_eq!(
        added(YAML, &merged.text().replace(flow_now, flow)),
        r#"      security:
        - bearer:
            - users.read
      x-scopes:
        name: get_users
        description: ""
        any_of:
          - - users.read
      x-scopes:
        name: post_users
        public: "for all"
      security:
        - bearer:
            - users.read
            - "users:write"
      x-scopes:
        path: "/users/{id}"
        name: remove
        any_of:
          - - users.read
            - "users:write"
  securitySchemes:
    bearer:
      type: http
      scheme: bearer
x-scopes:
  version: 1
  name: api
  scopes:
    - scope: users.read
    - scope: "users:write"
      dotted: users.write
  routes:
    - method: HEAD
      path: /users
      name: head_users
      any_of:
        - - users.read
"#
    );
    assert!(merged.text().contains("      security:\n        - bearer:\n            - users.read\n      x-scopes:\n"));
    let unsaid: Vec<_> = merged.unsaid().iter().map(ToString::to_string).collect();
    assert_eq!(unsaid, ["`HEAD /users`: the document has no such operation, so only `x-scopes` has the route"]);
    // A second run changes nothing.
    let again = document.merge_into(merged.text(), false).unwrap();
    assert_eq!((again.changes(), again.text()), (0, merged.text()));
}

#[test]
fn shown_scopes_are_replaced_and_never_doubled() {
    let catalogue = catalogue();
    let document = Document::new(&catalogue).show_scopes();
    let merged = document.merge_into(YAML, false).unwrap();
    let description = "      description: |
        Lists users.

        # Not a comment

        <!-- scopes:begin -->
        **Required scope**: `users.read`
        <!-- scopes:end -->
      # About the answers.
";
    assert!(merged.text().contains(description), "{}", merged.text());
    let again = document.merge_into(merged.text(), false).unwrap();
    assert_eq!((again.changes(), again.text()), (0, merged.text()));
    let older = merged.text().replace("**Required scope**: `users.read`", "**Required scope**: `old`");
    assert_eq!(document.merge_into(&older, false).unwrap().text(), merged.text());
}

#[test]
fn line_breaks_and_indentation_are_those_of_the_document() {
    let catalogue = catalogue();
    let document = Document::new(&catalogue);
    let windows = YAML.replace('\n', "\r\n");
    let merged = document.merge_into(&windows, false).unwrap();
    assert_eq!(merged.text().matches('\n').count(), merged.text().matches("\r\n").count());
    assert_eq!(merged.text().replace("\r\n", "\n"), document.merge_into(YAML, false).unwrap().text());

    let tabs = "{\n\t\"openapi\": \"3.0.3\",\n\t\"paths\": {\n\t\t\"/users\": {\n\t\t\t\"get\": {\n\t\t\t\t\"responses\": {}\n\t\t\t}\n\t\t}\n\t}\n}\n";
    let merged = document.merge_into(tabs, false).unwrap();
    let expected = "\t\t\t\t\"responses\": {},\n\t\t\t\t\"security\": [\n\t\t\t\t\t{\n\t\t\t\t\t\t\"bearer\": []\n\t\t\t\t\t}\n\t\t\t\t],\n";
    assert!(merged.text().contains(expected), "{}", merged.text());
}

/// The time of a merge grows with the document, not with its square: 8,000 operations take seconds
/// even without optimisation, in lines, in one line, and with a conflict in each. A square takes
/// more than a minute.
#[test]
fn large_documents() {
    let started = std::time::Instant::now();
    let count = 8_000;
    let routes: Vec<String> = (0..count).map(|number| format!("[\"GET\", \"/a{number}/{{id}}\"]")).collect();
    let catalogue = format!(r#"{{"name": "api", "scopes": [{{"scope": "s", "routes": [{}]}}]}}"#, routes.join(", "));
    let catalogue = from_json(&catalogue).unwrap();
    let document = Document::new(&catalogue).show_scopes();
    let paths: serde_json::Map<String, Value> =
        (0..count).map(|number| (format!("/a{number}/{{name}}"), json!({ "get": { "responses": {} } }))).collect();
    let bare = json!({ "openapi": "3.1.0", "paths": paths });
    let yaml: String = (0..count).map(|number| format!("  /a{number}/{{name}}:\n    get: {{}}\n")).collect();
    let yaml = format!("openapi: 3.1.0\npaths:\n{yaml}");
    for text in [bare.to_string(), serde_json::to_string_pretty(&bare).unwrap(), yaml] {
        let merged = document.merge_into(&text, false).unwrap();
        assert_eq!(merged.changes(), 2 + 3 * count);
        let open = text.replacen("paths", "security\": [], \"paths", usize::from(text.starts_with('{')));
        let open = open.replacen("paths:", "security: []\npaths:", usize::from(!text.starts_with('{')));
        let Err(MergeError::Conflicts(conflicts)) = document.merge_into(&open, false) else { panic!() };
        assert_eq!(conflicts.len(), count);
    }
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}

#[test]
fn scopes_that_the_flows_lack_are_added() {
    let catalogue = catalogue();
    let text = "openapi: 3.0.0
paths:
  /users:
    get: {responses: {}}
components:
  securitySchemes:
    login:
      type: oauth2
      flows:
        implicit:
          authorizationUrl: /a
          scopes:
            # ours
            users.read: Read
";
    let document = Document::new(&catalogue).scheme(Scheme::client_credentials("").named("login"));
    let merged = document.merge_into(text, false).unwrap();
    assert!(
        merged.text().contains("            \"users:write\": \"\"\n            # ours\n            users.read: Read\n"),
        "{}",
        merged.text()
    );
    assert!(merged.text().contains("\"security\": [{\"login\": [\"users.read\"]}]"));
    let unknown = Document::new(&catalogue).scheme(Scheme::client_credentials("").named("other"));
    let Err(MergeError::NotGuaranteed { reason, .. }) = unknown.merge_into(text, false) else { panic!() };
    assert_eq!(reason, "it has no security scheme `other`");
}

#[test]
fn what_cannot_be_changed_alone_is_refused_with_a_patch() {
    let catalogue = catalogue();
    let document = Document::new(&catalogue);
    for operation in [
        // The operation stands in two places.
        "    get: &get\n      responses: {}\n    put: *get\n",
        "    put: &put\n      responses: {}\n    get: *put\n",
        "    get:\n      <<: *get\n      responses: {}\n",
        "    get: 7\n",
        "    get: {$ref: '#/x-get'}\n",
        "    ? get\n    : responses: {}\n",
    ] {
        let text = format!("openapi: 3.1.0\nx-get: &get\n  tags: [a]\npaths:\n  /users:\n{operation}");
        let Err(MergeError::NotGuaranteed { patch, .. }) = document.merge_into(&text, false) else {
            panic!("{text}\n{:?}", document.merge_into(&text, false).map(|merged| merged.text().to_owned()))
        };
        let patch: Value = serde_json::from_str(&patch).unwrap();
        assert_eq!(patch["overlay"], "1.0.0");
        let action = json!({ "target": "$['paths']['/users']['get']",
            "update": { "security": [{ "bearer": ["users.read"] }] } });
        assert!(patch["actions"].as_array().unwrap().contains(&action), "{patch:#}");
    }
}

/// An operation that a merge does not see is not one that the document lacks.
#[test]
fn operations_that_stand_elsewhere() {
    let catalogue = catalogue();
    let document = Document::new(&catalogue);
    for paths in [
        "  /users: {$ref: 'users.yaml'}\n",
        "  /users: *item\n",
        "  /users: {<<: *item}\n",
        "  /users/{name}: {$ref: 'user.yaml', get: {}}\n",
        "  <<: *paths\n",
    ] {
        let text = format!("openapi: 3.1.0\nx-a: &item {{get: {{}}}}\nx-b: &paths {{/users: *item}}\npaths:\n{paths}");
        let Err(MergeError::NotGuaranteed { reason, .. }) = document.merge_into(&text, false) else {
            panic!("{text}\n{:?}", document.merge_into(&text, false).map(|merged| merged.text().to_owned()))
        };
        assert!(reason.contains("stand elsewhere"), "{reason}");
    }
    let text = "openapi: 3.1.0\npaths:\n  /others: {$ref: 'others.yaml'}\n";
    let merged = document.merge_into(text, false).unwrap();
    assert!(merged.unsaid().iter().all(|unsaid| !unsaid.to_string().contains("/others")), "{:?}", merged.unsaid());
}

/// Arrays of bearer tokens must be empty in 3.0, but many documents have scopes there. The error
/// names what the catalogue demands, not what 3.0 can say of it.
#[test]
fn scopes_of_bearer_tokens_in_version_3_0() {
    let catalogue = catalogue();
    let document = Document::new(&catalogue);
    let text = |scope: &str| {
        format!(
            "openapi: 3.0.3\npaths:\n  /users:\n    get:\n      security: [{{bearer: [{scope}]}}]\n      responses: {{}}\n"
        )
    };
    for scope in ["users.read", ""] {
        let merged = document.merge_into(&text(scope), false).unwrap();
        assert!(merged.text().contains(&format!("security: [{{bearer: [{scope}]}}]\n")), "{}", merged.text());
        let again = import(merged.text(), "api.yaml", &mut NoFiles, &Options::new()).unwrap();
        assert!(again.is_complete(), "{:?}", again.findings());
    }
    let Err(MergeError::Conflicts(conflicts)) = document.merge_into(&text("admin"), false) else { panic!() };
    assert_eq!(
        conflicts[0].to_string(),
        "`GET /users`: the document demands `bearer` with `admin`, the catalogue `bearer` with `users.read`"
    );
}

#[test]
fn objects_without_members_comments_after_keys_and_the_mark_of_the_end() {
    let catalogue = catalogue();
    let document = Document::new(&catalogue);
    for (text, expected) in [
        (r#"{"openapi":"3.1.0","paths":{"/users":{"post":{}}}}"#, r#"{"post":{"security": [], "x-scopes": {"#),
        ("openapi: 3.1.0\npaths:\n  /users: {post: {}}\n", "{post: {\"security\": [], \"x-scopes\": {"),
        (
            "openapi: 3.1.0\npaths:\n  /users:\n    get:\n      security: # one\n        # two\n        - bearer: [x] # three\n",
            "      security: # one\n        # two\n        - bearer:\n            - users.read # three\n",
        ),
        (
            "openapi: 3.1.0\npaths:\n  /users:\n    post:\n      security: # one\n        - bearer: [x] # two\n",
            "      security: [] # one # two\n",
        ),
        ("openapi: 3.1.0\npaths:\n  /users:\n    post: {}\n... # end\n", "\n... # end\n"),
        ("openapi: 3.1.0\npaths:\n  /users:\n    post: {}\nx-text: |\n  a\n  ...\n", "\nx-text: |\n  a\n  ...\n"),
    ] {
        let merged = document.merge_into(text, true).unwrap_or_else(|error| panic!("{text}\n{error}"));
        assert!(merged.text().contains(expected), "{}", merged.text());
        assert_eq!(document.merge_into(merged.text(), false).unwrap().changes(), 0);
    }
}

#[test]
fn texts_that_are_not_documents() {
    let catalogue = catalogue();
    for (text, message) in [
        ("", "line 1, column 1: the document is empty"),
        ("openapi: 3.1.0\n---\nopenapi: 3.1.0\n", "more than one YAML document"),
        ("openapi: 3.1.0\npaths: {}\npaths: {}\n", "line 3, column 1: the key `paths` occurs twice"),
        ("{\"openapi\": \"3.1.0\", \"openapi\": \"3.1.0\"}", "the key `openapi` occurs twice"),
        ("openapi: [\n", "line 2"),
        ("{\"openapi\": ]}", "line 1, column 13"),
        ("swagger: '2.0'\n", "not an OpenAPI document of version 3.0, 3.1 or 3.2"),
        ("openapi: 4.0.0\n", "not an OpenAPI document of version 3.0, 3.1 or 3.2"),
        ("[]", "not an OpenAPI document of version 3.0, 3.1 or 3.2"),
        ("1: 2\n? [a]\n: b\n", "a key is not a plain text"),
    ] {
        let error = Document::new(&catalogue).merge_into(text, false).unwrap_err().to_string();
        assert!(error.contains(message), "{text:?}: {error}");
    }
    for deep in ["[".repeat(100_000), "a: ".to_owned() + &"[".repeat(100_000), "- ".repeat(100_000)] {
        assert!(Document::new(&catalogue).merge_into(&deep, false).is_err());
    }
}

/// What can be imported can be merged, and what is too deep is refused by both, with one message.
#[test]
fn one_bound_of_depth() {
    let catalogue = catalogue();
    for (start, end) in
        [("{\"openapi\": \"3.1.0\", \"paths\": {}, \"x-a\": ", "}"), ("openapi: 3.1.0\npaths: {}\nx-a: ", "\n")]
    {
        for (open, close) in [("[", "]"), ("{\"a\": ", "}")] {
            for (depth, is_read) in [(126, true), (127, false), (200_000, false)] {
                let text = format!("{start}{}1{}{end}", open.repeat(depth), close.repeat(depth));
                let imported = import(&text, "api.yaml", &mut NoFiles, &Options::new());
                let merged = Document::new(&catalogue).merge_into(&text, false);
                assert_eq!((imported.is_ok(), merged.is_ok()), (is_read, is_read), "{start} {open} {depth}");
                // The reader of YAML gives up by itself on much deeper texts.
                if let (Err(imported), Err(merged), 127) = (imported, merged, depth) {
                    let message = "more than 127 objects and arrays are within one another";
                    assert!(
                        imported.message() == message && merged.to_string().ends_with(message),
                        "{imported}\n{merged}"
                    );
                }
            }
        }
    }
}

/// Rule "Output" of the surfaces: whatever the texts of a catalogue hold, they come back from YAML,
/// and no other line changes.
#[test]
fn hostile_texts_come_back_from_yaml() {
    let yaml = "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      tags: [x]\n      responses: {}\n";
    for text in [
        "a: b # c",
        "- a",
        "? a",
        "*a",
        "&a",
        "!a",
        "%a",
        "@a",
        "`a`",
        "{a}",
        "[a]",
        "\"a\"",
        "'a'",
        "a\\n",
        "|",
        ">-",
        "~",
        "null",
        "no",
        "1.5",
        "0x1f",
        "2026-11-30",
        "<<",
        "=",
        "---",
        "...",
        "a\n---\nb",
        "a\n  b\n c",
        " a\nb",
        "a\n\n",
        "\ta",
        "a\u{85}b",
        "a\u{2028}b",
        "\u{202e}a",
        "a\u{1b}[31mb",
        "\u{feff}a",
        "\u{e0001}",
        "\u{1f600}",
        "*/ -->",
        "a\r\nb",
        "#[a]",
    ] {
        let catalogue = json!({ "name": "api", "description": text, "scopes": [{ "scope": "s", "title": "t", "description": text }],
            "public": [{ "reason": text, "routes": [{ "method": "GET", "path": "/a", "description": text }] }] });
        let Ok(catalogue) = from_json(&catalogue.to_string()) else { continue };
        for document in [Document::new(&catalogue), Document::new(&catalogue).show_scopes()] {
            let merged = document.merge_into(yaml, false).unwrap_or_else(|error| panic!("{text:?}: {error}"));
            added(yaml, merged.text());
            let read = import(merged.text(), "api.yaml", &mut NoFiles, &Options::new()).unwrap();
            assert_eq!(to_json(read.catalogue()), to_json(&catalogue), "{text:?}\n{}", merged.text());
            assert_eq!(document.merge_into(merged.text(), false).unwrap().changes(), 0, "{text:?}");
        }
    }
}

/// A document of ours without everything that a merge writes.
fn bare(document: &Document<'_>) -> Value {
    let mut value: Value = serde_json::from_str(document.write().json()).unwrap();
    value.as_object_mut().unwrap().remove("x-scopes");
    value["components"].as_object_mut().unwrap().remove("securitySchemes");
    for item in value["paths"].as_object_mut().unwrap().values_mut() {
        for operation in item.as_object_mut().unwrap().values_mut() {
            let operation = operation.as_object_mut().unwrap();
            operation.remove("security");
            operation.remove("x-scopes");
        }
    }
    value
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    /// A merge brings back what was taken out, in JSON with and without lines.
    #[test]
    fn a_merge_is_what_a_new_document_is(spec in spec()) {
        let catalogue = spec.compile();
        let document = Document::new(&catalogue);
        let whole: Value = serde_json::from_str(document.write().json()).unwrap();
        let bare = bare(&document);
        for text in [bare.to_string(), serde_json::to_string_pretty(&bare).unwrap()] {
            let merged = document.merge_into(&text, false).unwrap();
            let read: Value = serde_json::from_str(merged.text()).unwrap();
            prop_assert_eq!(&read["paths"], &whole["paths"]);
            prop_assert_eq!(&read["components"], &whole["components"]);
            let again = document.merge_into(merged.text(), false).unwrap();
            prop_assert_eq!((again.changes(), again.text()), (0, merged.text()));
        }
    }
}
