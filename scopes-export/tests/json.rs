//! Catalogues written as JSON and read again.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

mod support;

use std::sync::LazyLock;

use proptest::prelude::*;
use scopes_core::UntypedCatalogue;
use scopes_core::compile::compile;
use scopes_core::declaration::{At, BlockKind, Declaration, DeprecationDeclaration, Place, TenancyDeclaration};
use scopes_core::json::declaration_from_json;
use scopes_export::json::{SCHEMA, from_json, to_json};
use support::{shared_catalogues, spec};

/// Everything that a catalogue says, sorted.
fn contents(catalogue: &UntypedCatalogue) -> Vec<String> {
    let mut lines =
        vec![format!("{:?}", (catalogue.name(), catalogue.description(), catalogue.base(), catalogue.tenant()))];
    lines.extend(catalogue.scopes().map(|scope| {
        let mut includes: Vec<_> = scope.includes().collect();
        let mut members: Vec<_> = scope.members().map(|id| catalogue.scope(id).unwrap().name()).collect();
        includes.sort_unstable();
        members.sort_unstable();
        let mut was: Vec<_> = scope.old_names().collect();
        was.sort_unstable();
        let texts = (scope.name(), scope.dotted(), was, scope.title(), scope.description(), scope.deprecation());
        format!("scope {:?}", (texts, includes, members, scope.asks_for_tenant()))
    }));
    lines.extend(catalogue.routes().map(|route| {
        let raw: Vec<_> = route.parameters().map(|parameter| (parameter.name(), parameter.is_raw())).collect();
        let texts = (route.template(), route.name(), route.description(), route.deprecation());
        let needs = route.requirement().display(catalogue).to_string();
        let needs: std::collections::BTreeSet<_> = needs.split(", or ").map(str::to_owned).collect();
        format!("{} {:?}", route.method(), (texts, route.access(), route.tenancy(), needs, raw))
    }));
    lines.sort();
    lines
}

fn schema() -> &'static jsonschema::Validator {
    static VALIDATOR: LazyLock<jsonschema::Validator> =
        LazyLock::new(|| jsonschema::draft202012::new(&serde_json::from_str(SCHEMA).unwrap()).unwrap());
    &VALIDATOR
}

fn assert_valid(text: &str) {
    let document = serde_json::from_str(text).unwrap();
    let errors: Vec<_> =
        schema().iter_errors(&document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

fn round_trip(catalogue: &UntypedCatalogue) {
    let text = to_json(catalogue);
    let read = from_json(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(contents(&read), contents(catalogue));
    assert_eq!(to_json(&read), text, "the text is canonical");
    // In canonical order the catalogues are equal, ids and tables included.
    assert_eq!(from_json(&to_json(&read)).unwrap(), read);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_catalogues(spec in spec()) {
        let catalogue = spec.compile();
        round_trip(&catalogue);
        let document = serde_json::from_str(&to_json(&catalogue)).unwrap();
        prop_assert!(schema().is_valid(&document));
    }
}

#[test]
fn real_catalogues() {
    for (path, text) in shared_catalogues().unwrap_or_default() {
        println!("{path}");
        assert_valid(&text);
        // Some of them list a route that this grammar refuses; all others are sound.
        let (declaration, _) = declaration_from_json(&text).unwrap();
        let compiled = compile(&declaration);
        assert!(compiled.catalogue().routes().len() > 10);
        round_trip(compiled.catalogue());
        assert_valid(&to_json(compiled.catalogue()));
    }
}

/// One of everything that a catalogue can say.
fn full() -> UntypedCatalogue {
    let mut declaration = Declaration::new("api");
    declaration.description = "An API with \"quotes\",\na line break and \u{202e}.".into();
    declaration.base = Some("/v1".into());
    declaration.tenant = Some("account".into());
    let write = declaration.scope("users.write").route("POST", "/accounts/{account}/users");
    write.deprecated = Some("".into());
    let read = declaration.scope("users.read").route("GET", "/accounts/{account}/users");
    read.description = "Read users.".into();
    read.route("PROPFIND", "/accounts/{account}/files/{*path}").route("GET", "/accounts/{account}/dav/");
    read.routes[1].raw.push("path".into());
    read.routes[2].trailing_slash = Some(Place::default());
    read.routes[0].name = Some("users".into());
    read.routes[0].description = "Lists users.".into();
    read.routes[0].deprecated = Some("use `/people`".into());
    let status = declaration.scope("legacy:status");
    status.dotted = Some("old.status".into());
    status.title = Some("Status".into());
    status.was = vec!["status".into(), "ping".into()];
    let mut deprecation = DeprecationDeclaration::from("use another one");
    (deprecation.since, deprecation.sunset) = (Some("2026-11-01".into()), Some("2027-05-01".into()));
    deprecation.successor = Some("users.read".into());
    status.deprecated = Some(deprecation);
    let all =
        declaration.scope("all").including("*.write").including("users.read").route("GET", "/accounts/{account}/users");
    all.route("GET", "/types");
    let global = TenancyDeclaration::Global("the same for all".into());
    all.routes[1].tenancy = Some(At::new(global, Place::default()));
    let both = BlockKind::All(vec!["users.write".into(), "all".into()]);
    let unbound = TenancyDeclaration::Unbound("the handler compares".into());
    declaration.block(both).route("DELETE", "/users/{id}").routes[0].tenancy = Some(At::new(unbound, Place::default()));
    declaration.block(BlockKind::Public("probe".into())).route("GET", "/").route("HEAD", "/health");
    declaration.block(BlockKind::Authenticated("who am I".into())).route("GET", "/me");
    declaration.block(BlockKind::External("signed".into())).route("POST", "/hooks/v{n}:run");
    UntypedCatalogue::from_declaration(&declaration).unwrap()
}

#[test]
fn everything_that_can_be_said() {
    round_trip(&full());
    let text = to_json(&full());
    assert_valid(&text);
    let expected = include_str!("full.json");
    assert!(text == expected, "tests/full.json differs, the text is now:\n{text}");
}

#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    for text in [
        r#"{}"#,
        r#"{"name": 1}"#,
        r#"{"name": "api", "version": 2}"#,
        r#"{"name": "api", "version": "1"}"#,
        r#"{"name": "api", "scope": []}"#,
        r#"{"name": "api", "scopes": [{"routes": []}]}"#,
        r#"{"name": "api", "scopes": [{"scope": "a", "note": 1}]}"#,
        r#"{"name": "api", "scopes": [{"scope": "a", "routes": [["GET"]]}]}"#,
        r#"{"name": "api", "scopes": [{"scope": "a", "routes": [["GET", "/a", "b"]]}]}"#,
        r#"{"name": "api", "scopes": [{"scope": "a", "routes": [{"method": "get", "path": "/a"}]}]}"#,
        r#"{"name": "api", "scopes": [{"scope": "a", "routes": [{"method": "GET", "path": "a"}]}]}"#,
        r#"{"name": "api", "tenant": "t", "scopes": [{"scope": "a", "global": "x", "unbound": "y", "routes": []}]}"#,
        r#"{"name": "api", "requirements": [{"route": ["GET", "/a"], "any_of": []}]}"#,
        r#"{"name": "api", "public": [{"routes": []}]}"#,
    ] {
        let document: serde_json::Value = serde_json::from_str(text).unwrap();
        assert!(!schema().is_valid(&document), "{text}");
        assert!(from_json(text).is_err(), "{text}");
    }
}
