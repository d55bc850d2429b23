//! OpenAPI documents as catalogues: the rules for what a document says and does not say.

use std::collections::BTreeMap;

use scopes_core::{Access, Route, UntypedCatalogue};
use scopes_export::openapi::read::{DocumentError, Files, Import, Kind, NoFiles, Options, Undeclared, import};

fn read(text: &str) -> Import {
    read_with(text, &Options::new())
}

fn read_with(text: &str, options: &Options) -> Import {
    import(text, "api.yaml", &mut NoFiles, options).expect("a document")
}

fn error(text: &str) -> DocumentError {
    import(text, "api.yaml", &mut NoFiles, &Options::new()).expect_err("not a document")
}

/// A document of version 3.1 with the operation `GET /a`, whose members are given as JSON.
fn operation(members: &str) -> String {
    format!(
        r#"{{"openapi": "3.1.0", "components": {{"securitySchemes": {{"o": {{}}, "p": {{}}}}}}, "paths": {{"/a": {{"get": {{{members}}}}}}}}}"#
    )
}

/// The demand of a route as a text.
fn demand(route: Route<'_>) -> String {
    match route.access() {
        Access::Scoped => route.requirement().display(route.catalogue()).to_string(),
        Access::Public(_) => "public".to_owned(),
        Access::Authenticated(_) => "authenticated".to_owned(),
        Access::External(_) => "external".to_owned(),
    }
}

fn demands(catalogue: &UntypedCatalogue) -> Vec<String> {
    let mut demands: Vec<String> =
        catalogue.routes().map(|route| format!("{} {}: {}", route.method(), route.template(), demand(route))).collect();
    demands.sort();
    demands
}

/// The kind and rule of each finding.
fn found(import: &Import) -> Vec<String> {
    import.findings().iter().map(|finding| format!("{}: {}", finding.kind(), finding.rule())).collect()
}

/// surfaces.md, "OpenAPI in".
#[test]
fn what_security_says() {
    for (members, expected, findings) in [
        (r#""security": [{"o": ["x"]}]"#, "x", ""),
        (r#""security": [{"o": ["y", "x"]}, {"o": ["z"]}]"#, "x y; z", ""),
        (r#""security": [{"o": ["x"], "p": ["y"]}]"#, "x y", ""),
        (r#""security": [{"o": ["x", "x"]}]"#, "x", ""),
        (r#""security": []"#, "public", ""),
        (r#""security": [{}]"#, "public", ""),
        (r#""security": [{}, {"o": ["x"]}]"#, "public", "note: optional"),
        (r#""security": [{"o": []}]"#, "authenticated", ""),
        (r#""security": [{"o": []}, {"p": []}]"#, "authenticated", ""),
        (r#""security": [{"o": ["x"]}, {"p": []}]"#, "x", "left out: other-credentials"),
        (r#""security": [{"o": ["x"]}, {"o": ["x", "y"]}]"#, "x", "note: absorbed"),
        (r#""security": [{"o": ["x", "x.read"]}]"#, "x x.read", "note: all-of"),
        (r#""security": [{"q": ["x"]}]"#, "x", "note: unknown-scheme"),
        (r#""security": [{"o": ["a b"]}, {"o": ["x"]}]"#, "x", "left out: scope-name"),
        (r#""security": [{"o": ["a b"]}]"#, "", "left out: scope-name"),
        (r#""security": [{"o": [""]}]"#, "", "left out: scope-name"),
        ("", "", "left out: undeclared"),
        (r#""security": null"#, "", "left out: security"),
        (r#""security": {}"#, "", "left out: security"),
        (r#""security": "o""#, "", "left out: security"),
        (r#""security": [[]]"#, "", "left out: security"),
        (r#""security": [{"o": null}]"#, "", "left out: security"),
        (r#""security": [{"o": "x"}]"#, "", "left out: security"),
        (r#""security": [{"o": [1]}]"#, "", "left out: security"),
        (r#""security": [{"o": ["x"], "o": []}]"#, "", "left out: repeated-key"),
        (r#""Security": [{"o": ["x"]}]"#, "", "left out: security"),
        (r#""securty": [{"o": ["x"]}], "security": []"#, "", "left out: security"),
        (r#""security": [], "security": [{"o": ["x"]}]"#, "", "left out: repeated-key"),
        (r##""security": [{"$ref": "#/none"}]"##, "", "left out: ref"),
        (r##""security": [{"$ref": "#/components/x-any", "o": ["x"]}]"##, "", "left out: ref"),
    ] {
        let import = read(&operation(members));
        let route = import.catalogue().routes().next().map(demand).unwrap_or_default();
        assert_eq!((route.as_str(), found(&import).join(", ").as_str()), (expected, findings), "{members}");
        assert_eq!(import.is_complete(), !findings.contains("left out") && !findings.contains("inexact"), "{members}");
    }
}

#[test]
fn the_documents_security_is_inherited() {
    let import = read(
        r#"{"openapi": "3.0.0", "security": [{"o": ["x"]}], "paths": {
            "/a": {"get": {}}, "/b": {"get": {"security": []}}, "/c": {"get": {"security": [{"o": ["y"]}]}}
        }}"#,
    );
    assert_eq!(demands(import.catalogue()), ["GET /a: x", "GET /b: public", "GET /c: y"]);
    let import = read(r#"{"openapi": "3.0.0", "security": [], "paths": {"/a": {"get": {}}}}"#);
    assert_eq!(demands(import.catalogue()), ["GET /a: public"]);
    let import = read(
        r#"{"openapi": "3.0.0", "security": null, "paths": {"/a": {"get": {}}, "/b": {"get": {"security": []}}}}"#,
    );
    assert_eq!(demands(import.catalogue()), ["GET /b: public"]);
}

#[test]
fn undeclared_operations_are_what_the_user_decides() {
    for (undeclared, expected) in [
        (Undeclared::Public, "GET /a: public"),
        (Undeclared::Authenticated, "GET /a: authenticated"),
        (Undeclared::External, "GET /a: external"),
    ] {
        let import = read_with(&operation(""), &Options::new().undeclared(undeclared));
        assert_eq!(demands(import.catalogue()), [expected]);
        // What the document says is not changed.
        let import = read_with(&operation(r#""security": [{"o": ["x"]}]"#), &Options::new().undeclared(undeclared));
        assert_eq!(demands(import.catalogue()), ["GET /a: x"]);
    }
}

/// A misspelt `security` of the document is not "no security".
#[test]
fn misspelt_security_of_the_document() {
    let import = read(
        r#"{"openapi": "3.0.0", "securitty": [{"o": ["x"]}], "security": [], "paths": {
            "/a": {"get": {}}, "/b": {"get": {"security": [{"o": ["y"]}]}}
        }}"#,
    );
    assert_eq!(demands(import.catalogue()), ["GET /b: y"]);
    assert!(found(&import).contains(&"left out: security".to_owned()));
    assert!(!import.is_complete());
}

/// What is left out may fall to a route that demands less.
#[test]
fn requests_of_operations_that_are_left_out() {
    let import = read(
        r#"{"openapi": "3.0.0", "servers": [{"url": "/v1"}], "paths": {
            "/users/{id}": {"get": {"security": []}},
            "/users/me": {"get": {"security": [{"o": ["not a name"]}]}},
            "/users/{id}.{format}": {"get": {"security": [{"o": ["x"]}]}, "put": {"security": [{"o": ["x"]}]}},
            "/users/{other}": {"get": {"security": [{"o": ["x"]}]}},
            "/teams/{id}": {"get": {"security": [{"o": ["not a name"]}, {"o": ["x"]}]}},
            "/users/{id}#all": {"get": {"security": [{"o": ["x"]}]}},
            "/users/{id}?all=1": {"get": {"security": [{"o": ["x"]}]}}
        }}"#,
    );
    let taken: Vec<&str> = import
        .findings()
        .iter()
        .filter(|finding| finding.rule() == "taken")
        .filter_map(scopes_export::openapi::read::Finding::operation)
        .collect();
    // Two operations of one shape are a mistake of the document; one of them is left out.
    assert_eq!(
        taken,
        [
            "GET /users/{id}",
            "GET /users/me",
            "GET /users/{id}.{format}",
            "GET /users/{id}#all",
            "GET /users/{id}?all=1"
        ]
    );
}

/// Two operations with one method and path are not alternatives: the first one's demand counts.
#[test]
fn operations_that_are_one_route() {
    let server = |path: &str| format!(r#""servers": [{{"url": "{path}"}}]"#);
    let x_scopes = r#""x-scopes": {"version": 1, "name": "api", "scopes": [{"scope": "admin"}, {"scope": "read"}],
        "routes": [{"method": "GET", "path": "/a/b", "name": "get", "any_of": [["read"]]}]}"#;
    let (outer, inner) = (server("/"), server("/a"));
    let (admin, read_only) = (r#""security": [{"o": ["admin"]}]"#, r#""security": [{"o": ["read"]}]"#);
    for members in [
        format!(r#""paths": {{"/a/b": {{"get": {{{admin}, {outer}}}}}, "/b": {{"get": {{{read_only}, {inner}}}}}}}"#),
        format!(r#""paths": {{"/a/b": {{"get": {{{admin}}}}}}}, {x_scopes}"#),
    ] {
        let import = read(&format!(r#"{{"openapi": "3.1.0", {members}}}"#));
        assert_eq!(demands(import.catalogue()), ["GET /a/b: admin"], "{members}");
        assert!(found(&import).contains(&"left out: catalogue".to_owned()), "{members}: {:?}", found(&import));
        assert!(!import.is_complete());
    }
}

/// A catalogue does not tell kinds of credentials apart.
#[test]
fn kinds_of_credentials() {
    let document = |one: &str, other: &str| {
        read(&format!(
            r#"{{"openapi": "3.0.0", "paths": {{"/a": {{"get": {{"security": {one}}}}}, "/b": {{"get": {{"security": {other}}}}}}}}}"#
        ))
    };
    for (one, other, inexact) in [
        (r#"[{"o": []}]"#, r#"[{"o": ["x"]}]"#, 0),
        (r#"[{"o": []}]"#, r#"[{"p": ["x"]}]"#, 1),
        (r#"[{"o": []}, {"p": []}]"#, r#"[{"p": ["x"]}]"#, 0),
        (r#"[{"o": [], "p": []}]"#, r#"[{"o": [], "p": []}]"#, 0),
        (r#"[{"o": ["x"], "p": []}]"#, r#"[{"o": ["y"], "p": []}]"#, 0),
        (r#"[{"o": ["x"], "p": []}]"#, r#"[{"o": ["y"]}]"#, 1),
        (r#"[{"o": ["x"]}]"#, r#"[{"p": ["y"]}]"#, 0),
        (r#"[{"o": ["x"]}]"#, r#"[{"p": ["x"]}]"#, 2),
    ] {
        let import = document(one, other);
        let count = import.findings().iter().filter(|finding| finding.kind() == Kind::Inexact).count();
        assert_eq!(count, inexact, "{one} {other}: {:?}", import.findings());
    }
}

#[test]
fn scopes_from_members_that_the_user_names() {
    let options = Options::new().all_of("x-all").any_of("x-any");
    for (members, expected, findings) in [
        (r#""x-all": "x y""#, "x y", ""),
        (r#""x-all": ["x", "y"]"#, "x y", ""),
        (r#""x-any": ["x", "y"]"#, "x; y", ""),
        (r#""x-any": "x""#, "x", ""),
        (r#""x-any": [["x", "y"], "z"]"#, "x y; z", ""),
        (r#""x-any": ["x", "y"], "x-all": ["z"]"#, "x z; y z", ""),
        (r#""security": [{"o": ["w"]}], "x-any": ["x", "y"]"#, "w x; w y", ""),
        (r#""security": [{"o": []}, {"p": ["w"]}], "x-any": ["x"]"#, "x", "note: absorbed"),
        (r#""security": [], "x-all": ["x"]"#, "x", "inexact: contradiction"),
        (r#""security": [{}, {"o": []}], "x-all": ["x"]"#, "x", "inexact: contradiction"),
        (r#""security": [{"o": []}], "x-all": []"#, "authenticated", ""),
        (r#""x-all": {"x": 1}"#, "", "left out: extension"),
        (r#""x-all": [["x"]]"#, "", "left out: extension"),
        (r#""x-any": [[]]"#, "", "left out: extension"),
        (r#""x-any": [null]"#, "", "left out: extension"),
        (r#""x-any": ["Zone Read"]"#, "", "left out: scope-name"),
    ] {
        let import = read_with(&operation(members), &options);
        let route = import.catalogue().routes().next().map(demand).unwrap_or_default();
        let found =
            found(&import).into_iter().filter(|found| !found.contains("kind-of")).collect::<Vec<_>>().join(", ");
        let absent = ["x-all", "x-any"].iter().filter(|name| !members.contains(**name));
        let findings = absent.map(|_| "inexact: extension").chain((!findings.is_empty()).then_some(findings));
        assert_eq!((route.as_str(), found), (expected, findings.collect::<Vec<_>>().join(", ")), "{members}");
    }
}

/// With a wrong name the operation would be open, and nothing would say so.
#[test]
fn members_that_no_operation_has() {
    let text = operation(r#""security": [], "x-perms": ["x"]"#);
    let import = read_with(&text, &Options::new().any_of("x-perm"));
    assert_eq!(found(&import), ["inexact: extension"]);
    assert_eq!(import.findings()[0].message(), "no operation has the member `x-perm`, so it demands nothing");
    let empty = r#"{"openapi": "3.1.0", "paths": {}}"#;
    assert!(read_with(empty, &Options::new().any_of("x-perm")).is_complete());
}

#[test]
fn names_that_mean_no_scope() {
    let options = Options::new().no_scope("none").all_of("x-all").any_of("x-any");
    for (members, plain, expected) in [
        (r#""security": [{"o": ["none"]}]"#, "none", "authenticated"),
        (r#""security": [{"o": ["none", "x"]}]"#, "none x", "x"),
        (r#""security": [{"o": ["x"]}], "x-any": ["none", "y"]"#, "x", "x"),
        (r#""security": [{"o": ["x"]}], "x-all": ["none", "y"]"#, "x", "x y"),
    ] {
        let text = operation(members);
        let demands =
            |options: &Options| read_with(&text, options).catalogue().routes().next().map(demand).unwrap_or_default();
        assert_eq!((demands(&Options::new()).as_str(), demands(&options).as_str()), (plain, expected), "{members}");
    }
    assert_eq!(found(&read(&operation(r#""security": [{"o": ["None"]}]"#))), ["note: placeholder"]);
}

/// Files in memory.
struct Memory(BTreeMap<&'static str, &'static str>);

impl Files for Memory {
    fn read(&mut self, path: &str, _: usize) -> Result<Vec<u8>, String> {
        self.0.get(path).map(|text| text.as_bytes().to_vec()).ok_or_else(|| format!("{path} is missing"))
    }
}

#[test]
fn references_to_files() {
    let files = [
        (
            "paths/a.json",
            r##"{"get": {"$ref": "../operations/get.json"}, "post": {"$ref": "#/x-post"}, "x-post": {"security": []}}"##,
        ),
        ("operations/get.json", r##"{"security": [{"$ref": "../api.yaml#/x-security/read"}]}"##),
        ("loop.json", r#"{"$ref": "loop.json"}"#),
    ];
    let text = r##"{"openapi": "3.1.0", "x-security": {"read": {"o": ["x"]}}, "paths": {
        "/a": {"$ref": "./paths/a.json"},
        "/b": {"$ref": "#/paths/~1a/get", "put": {"security": []}},
        "/c": {"$ref": "none.json"},
        "/d": {"$ref": "loop.json"},
        "/e": {"get": {"$ref": "operations/get.json", "security": []}},
        "/f": {"$ref": "paths/a.json", "get": {"security": []}},
        "/g": {"$ref": "https://example.com/a.json"},
        "/h": {"$ref": "#/paths/~1h"}
    }}"##;
    let import = import(text, "specs/api.yaml", &mut Memory(files.into()), &Options::new()).unwrap();
    assert_eq!(demands(import.catalogue()), ["GET /a: x", "POST /a: public", "POST /f: public", "PUT /b: public"]);
    let findings: Vec<String> = import.findings().iter().map(ToString::to_string).collect();
    for expected in [
        "none.json is missing",
        "`security` stands beside `$ref`",
        "GET /f: the operation is here and in the path item that `$ref` names",
        "references to URLs are not followed",
        "the references lead in a circle",
    ] {
        assert!(findings.iter().any(|finding| finding.contains(expected)), "{expected}: {findings:#?}");
    }
    assert_eq!(
        import.route_position(import.catalogue().routes().next().unwrap().id()).unwrap().file(),
        "specs/paths/a.json"
    );
}

/// Gives a file of this length for every name.
struct Endless(usize);

impl Files for Endless {
    fn read(&mut self, _: &str, _: usize) -> Result<Vec<u8>, String> {
        Ok(format!("{{\"get\": {{\"security\": []}}}}{}", " ".repeat(self.0)).into_bytes())
    }
}

/// surfaces.md: files, and the bytes of all of them, are bounded.
#[test]
fn bounds_of_files() {
    let document = |count: usize| {
        let items: Vec<String> =
            (0..count).map(|number| format!(r#""/{number}": {{"$ref": "{number}.json"}}"#)).collect();
        format!(r#"{{"openapi": "3.1.0", "paths": {{{}}}}}"#, items.join(","))
    };
    for (count, length, routes, expected) in [
        (10_050, 0, 9_999, "the document names more than 10000 files"),
        (12, 10 * 1024 * 1024, 8, "have more than 94371840 bytes"),
    ] {
        let import = import(&document(count), "api.json", &mut Endless(length), &Options::new()).expect("a document");
        assert_eq!(import.catalogue().routes().len(), routes);
        assert_eq!(import.findings().len(), count - routes);
        assert!(import.findings().iter().all(|finding| finding.message().contains(expected)), "{expected}");
    }
}

#[test]
fn texts_that_are_not_documents() {
    for (text, expected) in [
        ("", "api.yaml:1:1: "),
        ("[]", "api.yaml:1:1: an OpenAPI document is an object, this is an array"),
        ("{}", "api.yaml:1:1: this is not an OpenAPI document: it has neither `openapi` nor `swagger`"),
        (
            r#"{"openapi": "3.3.0"}"#,
            "api.yaml:1:13: version `3.3.0` of OpenAPI is not known: 2.0, 3.0, 3.1 and 3.2 are",
        ),
        (r#"{"swagger": "1.2"}"#, "api.yaml:1:13: version `1.2`"),
        (r#"{"openapi": "3.0.0", "openapi": "3.0.0"}"#, "api.yaml:1:33: the document has the member `openapi` twice"),
        ("openapi: 3.1.0\na: &a {x: 1}\nb:\n  <<: *a\n  <<: *a\n", "api.yaml:5:3: `<<` occurs twice"),
        (r#"{"openapi": "3.0.0", "paths": []}"#, "api.yaml:1:31: `paths` must be an object, this is an array"),
    ] {
        assert!(error(text).to_string().starts_with(expected), "{text}: {}", error(text));
    }
}

#[test]
fn the_base() {
    let document = |version: &str, more: &str| {
        read(&format!(
            r#"{{{version}, "security": [], "paths": {{
                "/a": {{"get": {{}}}}, "/b": {{"servers": [{{"url": "/v1"}}], "get": {{}}}}, "/c/": {{"get": {{}}}}
            }}{more}}}"#
        ))
    };
    for (version, more, base, first) in [
        (r#""swagger": "2.0", "basePath": "/v1/""#, "", "/v1", "/v1/a"),
        (r#""openapi": "3.0.0", "servers": [{"url": "https://a.example.com/v1"}]"#, "", "/v1", "/v1/a"),
        (
            r#""openapi": "3.0.0", "servers": [{"url": "https://{h}/{v}/x", "variables": {"v": {"default": 1}}}]"#,
            "",
            "",
            "/1/x/a",
        ),
        (r#""openapi": "3.0.0""#, "", "", "/a"),
        // A variable without a default is a part of each path.
        (r#""openapi": "3.0.0", "servers": [{"url": "/{tenant}"}]"#, "", "", "/{tenant}/a"),
        // What the export has written, and another server.
        (
            r#""openapi": "3.0.0", "servers": [{"url": "/v1"}]"#,
            r#", "x-scopes": {"version": 1, "name": "api"}"#,
            "/v1",
            "/v1/a",
        ),
    ] {
        let import = document(version, more);
        let templates: Vec<String> = import.catalogue().routes().map(Route::template).collect();
        assert_eq!(
            (import.catalogue().base(), templates.contains(&first.to_owned())),
            (base, true),
            "{version}: {templates:?}"
        );
        assert!(templates.contains(&"/v1/b".to_owned()), "{version}: {templates:?}");
    }
    for base in ["/v2", "v2/", "/v2/"] {
        let import = read_with(
            r#"{"openapi": "3.0.0", "security": [], "paths": {"/": {"servers": [{"url": "/v1"}], "get": {}}}}"#,
            &Options::new().base(base),
        );
        assert_eq!(import.catalogue().base(), "/v2");
        assert_eq!(import.catalogue().routes().next().map(Route::template).as_deref(), Some("/v2"));
    }
}

/// `x-scopes` counts only where `security` does not contradict it.
#[test]
fn what_x_scopes_says() {
    for (security, exported, expected) in [
        (r#"[{"o": []}]"#, r#"{"any_of": [["x"]]}"#, "x"),
        (r#"[{"o": ["x"]}]"#, r#"{"any_of": [["x"]]}"#, "x"),
        (r#"[{"o": ["y"]}]"#, r#"{"any_of": [["x"]]}"#, ""),
        (r#"[]"#, r#"{"any_of": [["x"]]}"#, ""),
        (r#"[{}, {"o": []}]"#, r#"{"any_of": [["x"]]}"#, ""),
        (r#"[{"o": ["x"]}, {"o": []}]"#, r#"{"any_of": [["x"]]}"#, ""),
        (r#"[]"#, r#"{"public": "why"}"#, "public"),
        (r#"[{"o": []}]"#, r#"{"public": "why"}"#, ""),
        (r#"[]"#, r#"{"external": "why"}"#, "external"),
        (r#"[{"o": []}]"#, r#"{"external": "why"}"#, ""),
        (r#"[{"o": []}]"#, r#"{"authenticated": "why"}"#, "authenticated"),
        (r#"[{"o": ["x"]}]"#, r#"{"authenticated": "why"}"#, ""),
        (r#"[]"#, r#"{"authenticated": "why"}"#, ""),
        (r#"[{"o": []}]"#, r#"{"any_of": []}"#, ""),
        (r#"[{"o": []}]"#, r#"{"any_of": [[]]}"#, ""),
        (r#"[]"#, r#"{"public": "why", "external": "why"}"#, ""),
        (r#"[]"#, r#"{"public": ""}"#, ""),
        (r#"[]"#, r#"{"public": "why", "path": "/b"}"#, ""),
        (r#"[]"#, r#"{"public": "why", "unknown": 1}"#, ""),
        // Another tool's member.
        (r#"[{"o": ["x"]}]"#, r#"["y"]"#, "x"),
    ] {
        let import = read(&operation(&format!(r#""security": {security}, "x-scopes": {exported}"#)));
        let route = import.catalogue().routes().next().map(demand).unwrap_or_default();
        assert_eq!(route, expected, "{security} {exported}: {:?}", import.findings());
        assert_eq!(import.is_complete(), !expected.is_empty(), "{security} {exported}");
    }
}

/// A merge into a document whose paths begin with the base.
#[test]
fn paths_that_begin_with_the_base() {
    let import = read(
        r#"{"openapi": "3.1.0", "x-scopes": {"version": 1, "name": "api", "base": "/v1", "scopes": [{"scope": "x"}]}, "paths": {
            "/v1/files/{path}": {"get": {"security": [{"o": ["x"]}], "x-scopes": {"path": "/files/{*path}", "any_of": [["x"]]}}},
            "/v1/other": {"get": {"security": []}}
        }}"#,
    );
    assert_eq!(import.catalogue().base(), "/v1");
    assert_eq!(demands(import.catalogue()), ["GET /v1/files/{*path}: x", "GET /v1/other: public"]);
    assert!(import.is_complete(), "{:?}", import.findings());
}
