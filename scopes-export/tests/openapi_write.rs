//! Catalogues written as OpenAPI documents.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

mod support;

use proptest::prelude::*;
use scopes_core::UntypedCatalogue;
use scopes_core::declaration::Declaration;
use scopes_export::json::{from_json, to_json};
use scopes_export::openapi::{Document, Errors, Scheme, Version, without_block};
use serde_json::{Map, Value, json};
use support::{shared_catalogues, spec};

const VERSIONS: [Version; 3] = [Version::V3_0, Version::V3_1, Version::V3_2];

fn full() -> UntypedCatalogue {
    from_json(include_str!("full.json")).unwrap()
}

fn value(document: &Document<'_>) -> Value {
    serde_json::from_str(document.write().json()).unwrap()
}

/// Every operation of a document: the key of its path, its method, and itself.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (member, operation) in item.as_object().unwrap() {
            if member == "additionalOperations" {
                let others = operation.as_object().unwrap();
                found.extend(others.iter().map(|(method, other)| (path.clone(), method.clone(), other.clone())));
            } else {
                found.push((path.clone(), member.to_uppercase(), operation.clone()));
            }
        }
    }
    found
}

/// A second reader of `x-scopes`, which needs nothing but the documented shape.
fn read_again(document: &Value) -> UntypedCatalogue {
    let mut root = document["x-scopes"].as_object().unwrap().clone();
    let mut routes: Vec<Map<String, Value>> = Vec::new();
    for route in root.remove("routes").into_iter().flat_map(|routes| routes.as_array().unwrap().clone()) {
        routes.push(route.as_object().unwrap().clone());
    }
    for (path, method, operation) in operations(document) {
        let mut route = operation["x-scopes"].as_object().unwrap().clone();
        let bare = without_block(operation["description"].as_str().unwrap_or_default());
        route.insert("method".into(), method.into());
        route.entry("path").or_insert(path.into());
        route.entry("name").or_insert(operation["operationId"].clone());
        route.entry("description").or_insert(bare.into());
        routes.push(route);
    }
    let mut blocks: [Vec<Value>; 4] = Default::default();
    for mut route in routes {
        route.remove("tenant");
        let [requirements, public, authenticated, external] = &mut blocks;
        if let Some(any_of) = route.remove("any_of") {
            requirements.push(json!({ "route": route, "any_of": any_of }));
        }
        for (kind, block) in [("public", public), ("authenticated", authenticated), ("external", external)] {
            if let Some(reason) = route.remove(kind) {
                block.push(json!({ "reason": reason, "routes": [route.clone()] }));
            }
        }
    }
    for (name, block) in ["requirements", "public", "authenticated", "external"].into_iter().zip(blocks) {
        root.insert(name.into(), block.into());
    }
    from_json(&Value::from(root).to_string()).unwrap_or_else(|error| panic!("{error}\n{document:#}"))
}

fn nothing_is_lost(catalogue: &UntypedCatalogue) {
    for version in VERSIONS {
        for document in [
            Document::new(catalogue).version(version),
            Document::new(catalogue).version(version).show_scopes().scheme(Scheme::client_credentials("/token")),
        ] {
            let written = value(&document);
            assert_eq!(to_json(&read_again(&written)), to_json(catalogue), "{version}");
        }
    }
}

#[test]
fn nothing_is_lost_of_what_the_format_has() {
    nothing_is_lost(&full());
    for (name, text) in shared_catalogues().into_iter().flatten() {
        // A file there has paths that the grammar refuses.
        match from_json(&text) {
            Ok(catalogue) => nothing_is_lost(&catalogue),
            Err(_) => assert!(name.ends_with("github_octokit.json"), "{name}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn nothing_is_lost_of_any_catalogue(spec in spec()) {
        nothing_is_lost(&spec.compile());
    }

    /// The order of declaration does not matter.
    #[test]
    fn the_same_catalogue_has_the_same_bytes(spec in spec()) {
        let catalogue = spec.compile();
        let canonical = from_json(&to_json(&catalogue)).unwrap();
        let json = |catalogue| Document::new(catalogue).write().into_json();
        prop_assert_eq!(json(&catalogue), json(&canonical));
    }
}

#[test]
fn security_is_or_of_and() {
    let catalogue = from_json(
        r#"{"name": "api", "scopes": [{"scope": "a"}, {"scope": "b"}, {"scope": "c"}],
            "requirements": [
                {"route": {"method": "GET", "path": "/one"}, "any_of": [["a"]]},
                {"route": {"method": "GET", "path": "/mixed"}, "any_of": [["c"], ["b", "a"]]}],
            "public": [{"reason": "p", "routes": [["GET", "/public"]]}],
            "authenticated": [{"reason": "me", "routes": [["GET", "/me"]]}],
            "external": [{"reason": "signed", "routes": [["POST", "/hook"]]}]}"#,
    )
    .unwrap();
    let security = |document: &Document<'_>| {
        let mut found = Map::new();
        for (path, _, operation) in operations(&value(document)) {
            found.insert(path, operation["security"].clone());
        }
        Value::from(found)
    };
    let document = Document::new(&catalogue);
    let listed = |name: &str| {
        json!({
            "/one": [{ name: ["a"] }],
            "/mixed": [{ name: ["a", "b"] }, { name: ["c"] }],
            "/public": [],
            "/me": [{ name: [] }],
            "/hook": [],
        })
    };
    assert_eq!(security(&document), listed("bearer"));
    let oauth2 = document.clone().scheme(Scheme::client_credentials("/token").named("login"));
    for version in VERSIONS {
        assert_eq!(security(&oauth2.clone().version(version)), listed("login"), "{version}");
    }
    let written = value(&oauth2);
    let flow = &written["components"]["securitySchemes"]["login"]["flows"]["clientCredentials"];
    assert_eq!(flow, &json!({ "tokenUrl": "/token", "scopes": { "a": "", "b": "", "c": "" } }));
    // 3.0 forbids scopes for bearer tokens.
    let bare = security(&document.version(Version::V3_0));
    assert_eq!((&bare["/mixed"], &bare["/public"]), (&json!([{ "bearer": [] }]), &json!([])));
}

#[test]
fn answers_of_the_guard() {
    let written = value(&Document::new(&full()));
    let answers = |path: &str, method: &str| {
        let answers = written["paths"][path][method]["responses"].as_object().unwrap();
        answers.keys().cloned().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(answers("/accounts/{account}/users", "get"), "2XX 400 401 403 404 414 500 503");
    let public = operations(&written).into_iter().find(|(_, _, operation)| operation["x-scopes"]["public"].is_string());
    let (path, method, _) = public.unwrap();
    assert_eq!(answers(&path, &method.to_lowercase()), "2XX 400 414");
    let responses = &written["components"]["responses"];
    assert_eq!(responses["Unauthorized"]["headers"]["WWW-Authenticate"]["required"], true);
    assert_eq!(responses["Forbidden"]["headers"]["Accepted-Scopes"]["required"], Value::Null);
    for (_, answer) in responses.as_object().unwrap() {
        assert!(answer["headers"]["Cache-Control"]["description"].is_string());
        assert_eq!(answer["content"]["application/json"]["schema"]["$ref"], "#/components/schemas/Error");
    }
    let problems = value(&Document::new(&full()).errors(Errors::Problem));
    assert!(problems["components"]["responses"]["NotFound"]["content"]["application/problem+json"].is_object());
    let members = problems["components"]["schemas"]["Error"]["properties"].as_object().unwrap();
    let names: Vec<_> = members.keys().collect();
    assert_eq!(names, ["detail", "documentation", "missing", "required", "status", "title", "type"]);
    let others = value(&Document::new(&full()).errors(Errors::Other));
    assert!(others["components"]["responses"]["NotFound"].get("content").is_none());
}

#[test]
fn deprecated_routes_announce_their_dates() {
    let catalogue = from_json(
        r#"{"name": "api", "scopes": [{"scope": "old", "deprecated": {"since": "2026-11-01", "sunset": "2027-05-01"},
            "routes": [["GET", "/a"]]}, {"scope": "new", "routes": [
            {"method": "GET", "path": "/b", "deprecated": "why"}, ["GET", "/c"]]}]}"#,
    )
    .unwrap();
    let written = value(&Document::new(&catalogue));
    let operation = |path: &str| written["paths"][path]["get"].clone();
    let headers = &operation("/a")["responses"]["2XX"]["headers"];
    assert_eq!(headers["Deprecation"]["example"], "@1793491200");
    assert_eq!(headers["Sunset"]["example"], "Sat, 01 May 2027 00:00:00 GMT");
    assert_eq!((&operation("/a")["deprecated"], &operation("/b")["deprecated"]), (&json!(true), &json!(true)));
    assert!(
        operation("/b")["responses"]["2XX"].get("headers").is_none() && operation("/c").get("deprecated").is_none()
    );
}

#[test]
fn what_a_version_cannot_say_is_reported_and_kept() {
    let catalogue = from_json(
        r#"{"name": "api", "base": "/v1", "scopes": [{"scope": "a", "routes": [
            ["QUERY", "/users"], ["PURGE", "/users"], ["GET", "/"], ["GET", "/files/{id}"], ["GET", "/files/{*path}"],
            ["HEAD", "/files/{*path}"], ["GET", "/{*rest}"], ["POST", "/jobs/{job}:run"], ["PUT", "/files/{name}"]]}]}"#,
    )
    .unwrap();
    let report = |version| {
        let written = Document::new(&catalogue).version(version).write();
        let mut lines: Vec<_> = written.unsaid().iter().map(ToString::to_string).collect();
        lines.sort();
        lines
    };
    let below_3_2 = [
        "`GET /v1/files/{*path}`: another route has the same path in OpenAPI, so only `x-scopes` has the route",
        "`GET /v1/{*rest}`: OpenAPI has no catch-all: `paths` has one segment, `x-scopes` the whole template",
        "`GET /v1`: a path of OpenAPI begins with a slash, so only `x-scopes` has the route that is the base itself",
        "`HEAD /v1/files/{*path}`: OpenAPI has no catch-all: `paths` has one segment, `x-scopes` the whole template",
        "`PURGE /v1/users`: OpenAPI 3.1.1 has no such method, so only `x-scopes` has the route",
        "`QUERY /v1/users`: OpenAPI 3.1.1 has no such method, so only `x-scopes` has the route",
    ];
    assert_eq!(report(Version::V3_1), below_3_2);
    assert_eq!(report(Version::V3_2), below_3_2[..4]);
    nothing_is_lost(&catalogue);
    let written = value(&Document::new(&catalogue).version(Version::V3_2));
    assert!(written["paths"]["/users"]["additionalOperations"]["PURGE"].is_object());
    // One key for one shape, and the parameters have its names.
    let put = &written["paths"]["/files/{id}"]["put"];
    assert_eq!((&put["parameters"][0]["name"], &put["x-scopes"]["path"]), (&json!("id"), &json!("/files/{name}")));
}

#[test]
fn scopes_are_shown_once() {
    let catalogue = full();
    let written = value(&Document::new(&catalogue).show_scopes());
    let operation = &written["paths"]["/accounts/{account}/users"]["get"];
    assert_eq!(
        operation["description"],
        "<!-- scopes:begin -->\n**Required scopes**: `all` or `users.read`; the token must be good for `account`\n\
         <!-- scopes:end -->"
    );
    for description in
        ["", "Lists users.", "Lists\n\nusers.\n", "a <!-- scopes:end --> b", "<!-- scopes:begin --> open"]
    {
        assert_eq!(without_block(description), description);
    }
}

/// Rule "Output" of the surfaces: no text of the catalogue controls a terminal.
#[test]
fn invisible_characters_are_escaped() {
    let text = Document::new(&full()).write().into_json();
    assert!(text.contains("\\u202e") && !text.contains('\u{202e}'));
    let mut declaration = Declaration::new("api");
    declaration.description = "\u{7f}\u{9b}\u{e0001}".into();
    let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    let written = Document::new(&catalogue).write();
    assert!(written.json().contains(r"\u007f\u009b\udb40\udc01"));
    let read: Value = serde_json::from_str(written.json()).unwrap();
    assert_eq!(read["info"]["description"], "\u{7f}\u{9b}\u{e0001}");
}
