//! OpenAPI documents as catalogues: where operations are served, and which of them there are. All
//! that changes this is imported exactly, or listed with a reason.

use std::collections::BTreeMap;

use scopes_core::{Access, Route};
use scopes_export::openapi::read::{Files, Import, Kind, Options, import};

/// A second file.
struct Other;

impl Files for Other {
    fn read(&mut self, path: &str, _: usize) -> Result<Vec<u8>, String> {
        let files =
            BTreeMap::from([("item.json", r#"{"servers": [{"url": "/other"}], "get": {"security": [{"o": ["x"]}]}}"#)]);
        files.get(path).map(|text| text.as_bytes().to_vec()).ok_or_else(|| "it is missing".to_owned())
    }
}

fn read(text: &str, options: &Options) -> Import {
    import(text, "api.json", &mut Other, options).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The routes with what they demand.
fn routes(import: &Import) -> Vec<String> {
    let demand = |route: Route<'_>| match route.access() {
        Access::Scoped => route.requirement().display(route.catalogue()).to_string(),
        Access::Public(_) => "public".to_owned(),
        Access::Authenticated(_) => "authenticated".to_owned(),
        Access::External(_) => "external".to_owned(),
    };
    let catalogue = import.catalogue();
    let mut routes: Vec<String> =
        catalogue.routes().map(|route| format!("{} {} {}", route.method(), route.template(), demand(route))).collect();
    routes.sort();
    routes
}

/// The kind and rule of each finding. Each of them says why and what to do, and where.
fn found(import: &Import) -> Vec<String> {
    let findings = import.findings().iter().map(|finding| {
        assert!(!finding.message().is_empty() && finding.position().line() == 1, "{finding}");
        assert!(!finding.advice().is_empty() || finding.kind() == Kind::Note, "{finding}");
        format!("{}: {}", finding.kind(), finding.rule())
    });
    findings.collect()
}

/// Checks a row of a table: the document, its routes, its findings.
fn check(document: &str, expected: &str, findings: &str) {
    let import = read(document, &Options::new());
    assert_eq!(routes(&import).join(", "), expected, "{document}\n{:#?}", import.findings());
    assert_eq!(found(&import).join(", "), findings, "{document}\n{:#?}", import.findings());
}

const GET: &str = r#""get": {"security": [{"o": ["x"]}]}"#;

/// The members of a document of one version, with the path item `/a`.
fn document(version: &str, members: &str, item: &str) -> String {
    let schemes = r#"{"o": {"type": "oauth2"}}"#;
    let (version, schemes) = match version {
        "2.0" => (r#""swagger": "2.0""#.to_owned(), format!(r#""securityDefinitions": {schemes}"#)),
        _ => (
            format!(r#""openapi": "{version}.0""#),
            format!(r#""components": {{"securitySchemes": {schemes}, "pathItems": {{"p": {{{GET}}}}}}}"#),
        ),
    };
    format!(r#"{{{version}, {schemes}, {members} "paths": {{"/a": {{{item}}}}}}}"#)
}

#[test]
fn servers_of_a_document() {
    for (servers, path, findings) in [
        (r#"[{"url": "/"}]"#, "/a", ""),
        (r#"[{"url": "https://h"}]"#, "/a", ""),
        (r#"[{"url": "https://h/v1"}]"#, "/v1/a", ""),
        (r#"[{"url": "//h/v1/"}]"#, "/v1/a", ""),
        (r#"[{"url": "https://h/x/../v1/./"}]"#, "/v1/a", ""),
        (r#"[{"url": "https://h/../v1"}]"#, "/v1/a", ""),
        (r#"[{"url": "https://h/v1"}, {"url": "http://g:8080/v1/"}]"#, "/v1/a", ""),
        (r#"[{"url": "https://h/v1"}, {"url": "https://h/v2"}]"#, "/v1/a", "note: servers"),
        (r#"[{"url": "https://h/v1"}, {"url": "https://h"}]"#, "/v1/a", "note: servers"),
        ("[]", "/a", ""),
        // Relative to where the document is.
        (r#"[{"url": "v1"}]"#, "/v1/a", "note: servers"),
        (r#"[{"url": "./v1"}]"#, "/v1/a", "note: servers"),
        (r#"[{"url": "../v1"}]"#, "/v1/a", "note: servers"),
        (r#"[{"url": "."}]"#, "/a", "note: servers"),
        (r#"[{"url": ""}]"#, "/a", "note: servers"),
        // What is not a list of servers.
        (r#"{"url": "/v1"}"#, "/a", "note: servers"),
        (r#""/v1""#, "/a", "note: servers"),
        (r#"["/v1"]"#, "/a", "note: servers"),
        (r#"[{"url": 1}, {"url": "/v1"}]"#, "/v1/a", "note: servers"),
        (r#"[{"description": "none"}]"#, "/a", "note: servers"),
        (r#"[{"url": "/v1", "url": "/v2"}]"#, "/a", "note: repeated-key"),
        (r##"{"$ref": "#/none"}"##, "/a", "note: ref"),
    ] {
        for version in ["3.0", "3.1", "3.2"] {
            let document = document(version, &format!(r#""servers": {servers},"#), GET);
            check(&document, &format!("GET {path} x"), findings);
            // The user decides, and there is nothing to say.
            let import = read(&document, &Options::new().base("/mine"));
            assert_eq!((routes(&import), found(&import)), (vec!["GET /mine/a x".to_owned()], Vec::new()), "{document}");
        }
    }
}

#[test]
fn variables_of_servers() {
    for (url, variables, path, findings) in [
        ("https://{h}/v1", r#"{"h": {"default": "a", "enum": ["a", "b"]}}"#, "/v1/a", ""),
        ("{s}://h:{p}/v1", r#"{"s": {"default": "http"}, "p": {"default": "1"}}"#, "/v1/a", ""),
        ("https://h/{v}", r#"{"v": {"default": "v1", "enum": ["v1"]}}"#, "/v1/a", ""),
        ("https://h/{v}", r#"{"v": {"default": "v1", "enum": ["v1", "v2"]}}"#, "/v1/a", "note: server-variable"),
        ("https://h/{v}", r#"{"v": {"default": "v1", "enum": ["v2"]}}"#, "/v1/a", "note: server-variable"),
        ("https://h/{v}", r#"{"v": {"default": 1, "enum": [1, 2]}}"#, "/1/a", "note: server-variable"),
        // Without an enumeration the variable can have any value.
        ("https://h/{v}", r#"{"v": {"default": "v1"}}"#, "/v1/a", "note: server-variable"),
        // A part of a host that ends the host, or the whole address.
        ("https://{h}", r#"{"h": {"default": "a/v1", "enum": ["a/v1", "a/v2"]}}"#, "/v1/a", "note: server-variable"),
        ("https://{h}", r#"{"h": {"default": "a", "enum": ["a", "a/v2"]}}"#, "/a", "note: server-variable"),
        ("{u}", r#"{"u": {"default": "https://h/v1", "enum": ["https://h/v1"]}}"#, "/v1/a", ""),
        ("{u}/x", r#"{"u": {"default": "https://h/v1"}}"#, "/v1/x/a", "note: server-variable"),
        // Without a default it is a part of each path.
        ("https://h/{v}", r#"{"v": {"enum": ["v1", "v2"]}}"#, "/{v}/a", "note: server-variable"),
        ("https://h/{v}", "{}", "/{v}/a", "note: server-variable"),
        ("https://h/{v}", r#"{"v": {"default": {}}}"#, "/{v}/a", "note: server-variable"),
        ("https://{h}/v1", "{}", "/v1/a", ""),
        // Values are not read again for variables.
        (
            "https://h/{v}/{w}",
            r#"{"v": {"default": "{w}", "enum": ["{w}"]}, "w": {"default": "1", "enum": ["1"]}}"#,
            "/{w}/1/a",
            "",
        ),
        // A variable that the URL does not have changes nothing.
        ("https://h/v1", r#"{"v": {"default": "v1", "enum": ["v1", "v2"]}}"#, "/v1/a", ""),
    ] {
        let servers = format!(r#""servers": [{{"url": "{url}", "variables": {variables}}}],"#);
        check(&document("3.1", &servers, GET), &format!("GET {path} x"), findings);
    }
}

#[test]
fn servers_of_path_items_and_operations() {
    let root = r#""servers": [{"url": "/main"}],"#;
    let get = |servers: &str| format!(r#""get": {{"security": [{{"o": ["x"]}}], {servers}}}"#);
    let own = r#""servers": [{"url": "/own"}]"#;
    for (item, routes, findings) in [
        (GET.to_owned(), "GET /main/a x", ""),
        (format!("{own}, {GET}"), "GET /own/a x", ""),
        (get(own), "GET /own/a x", ""),
        (format!(r#""servers": [{{"url": "/item"}}], {}"#, get(own)), "GET /own/a x", ""),
        (get(r#""servers": [{"url": "/own"}, {"url": "/more"}]"#), "GET /own/a x", "note: servers"),
        (
            get(r#""servers": [{"url": "/{v}", "variables": {"v": {"default": "1", "enum": ["1", "2"]}}}]"#),
            "GET /1/a x",
            "note: server-variable",
        ),
        (get(r#""servers": []"#), "GET /main/a x", "note: servers"),
        (format!(r#""servers": [], {GET}"#), "GET /main/a x", "note: servers"),
        (get(r#""servers": null"#), "GET /main/a x", "note: servers"),
        // Beside a reference, and in the path item that it names.
        (r#""$ref": "item.json""#.to_owned(), "GET /other/a x", ""),
        (format!(r#""$ref": "item.json", {own}"#), "GET /own/a x", "note: servers"),
        (r#""$ref": "item.json", "servers": [{"url": "https://h/other"}]"#.to_owned(), "GET /other/a x", ""),
    ] {
        check(&document("3.1", root, &item), routes, findings);
    }
}

/// What is left out is compared with the routes of its own servers.
#[test]
fn requests_that_another_route_takes_below_other_servers() {
    let import = read(
        r#"{"openapi": "3.1.0", "paths": {
            "/{id}": {"servers": [{"url": "/v2"}], "get": {"security": []}},
            "/me": {"servers": [{"url": "/v2"}], "get": {"security": [{"o": ["not a name"]}]}}
        }}"#,
        &Options::new(),
    );
    let taken = import.findings().iter().find(|finding| finding.rule() == "taken");
    assert_eq!(taken.and_then(|finding| finding.operation()), Some("GET /me"), "{:#?}", import.findings());
}

#[test]
fn the_base_of_version_2_0_and_members_of_other_versions() {
    for (version, members, item, path, findings) in [
        ("2.0", r#""basePath": "/v1","#, "", "/v1/a", ""),
        ("2.0", r#""host": "h.example.com:80", "basePath": "v1/","#, "", "/v1/a", ""),
        ("2.0", "", "", "/a", ""),
        ("2.0", r#""host": "h/v1","#, "", "/a", "note: servers"),
        ("2.0", r#""basePath": 1,"#, "", "/a", "note: servers"),
        ("2.0", r#""basePath": "/{v}","#, "", "/{v}/a", "note: servers"),
        ("2.0", r#""servers": [{"url": "/v1"}],"#, "", "/a", "note: servers"),
        ("2.0", "", r#""servers": [{"url": "/v1"}],"#, "/a", "note: servers"),
        ("2.0", r#""x-ms-parameterized-host": {"hostTemplate": "{h}"},"#, "", "/a", ""),
        ("2.0", r#""x-ms-parameterized-host": {"hostTemplate": "{h}/v1"},"#, "", "/a", "note: servers"),
        ("2.0", r#""schemes": ["https", "wss"],"#, "", "/a", ""),
        ("3.0", r#""basePath": "/v1","#, "", "/a", "note: servers"),
        ("3.1", r#""host": "h","#, "", "/a", ""),
        ("3.1", r#""x-base-path": "/v1","#, "", "/a", "note: servers"),
        ("3.1", r#""x-basePath": "/v1","#, "", "/a", "note: servers"),
        ("3.1", "", r#""x-path-prefix": "/v1","#, "/a", "note: servers"),
        ("3.1", r#""x-servers": [],"#, "", "/a", "note: servers"),
        ("3.1", r#""x-server-side": true, "x-logo": {},"#, "", "/a", ""),
        ("3.2", r#""$self": "https://h/api/openapi.json", "servers": [{"url": "/v1"}],"#, "", "/v1/a", ""),
    ] {
        check(&document(version, members, &format!("{item} {GET}")), &format!("GET {path} x"), findings);
    }
}

#[test]
fn which_members_are_operations() {
    let secured = r#"{"security": [{"o": ["x"]}]}"#;
    for (version, item, routes, findings) in [
        ("3.0", format!(r#""trace": {secured}"#), "TRACE /a x", ""),
        ("3.0", format!(r#""options": {secured}, "head": {secured}"#), "HEAD /a x, OPTIONS /a x", ""),
        ("2.0", format!(r#""options": {secured}, "head": {secured}"#), "HEAD /a x, OPTIONS /a x", ""),
        ("2.0", format!(r#""trace": {secured}"#), "", "left out: method"),
        ("3.1", format!(r#""query": {secured}"#), "", "left out: method"),
        ("3.2", format!(r#""query": {secured}"#), "QUERY /a x", ""),
        ("3.2", format!(r#""additionalOperations": {{"COPY": {secured}}}"#), "COPY /a x", ""),
        ("3.1", format!(r#""additionalOperations": {{"COPY": {secured}}}"#), "", "left out: method"),
        ("3.2", format!(r#""additionalOperations": [{secured}]"#), "", "left out: form"),
        ("3.2", r##""additionalOperations": {"$ref": "#/none"}"##.to_owned(), "", "left out: ref"),
        (
            "3.2",
            format!(r#""additionalOperations": {{"COPY": {secured}, "COPY": {secured}}}"#),
            "",
            "left out: repeated-key",
        ),
        (
            "3.2",
            format!(r#""get": {secured}, "additionalOperations": {{"GET": {secured}}}"#),
            "",
            "left out: repeated-key",
        ),
        ("3.1", format!(r#""GET": {secured}"#), "", "left out: method"),
        ("3.1", r##""$ref": "#/components/pathItems/p""##.to_owned(), "GET /a x", ""),
        ("3.1", format!(r##""$ref": "#/components/pathItems/p", "put": {secured}"##), "GET /a x, PUT /a x", ""),
        ("3.1", format!(r##""$ref": "#/components/pathItems/p", "get": {secured}"##), "", "left out: repeated-key"),
        ("3.1", r#""get": {"security": [{"o": ["x"]}], "deprecated": true}"#.to_owned(), "GET /a x", ""),
        // Requests that the API itself sends, and links between answers, are not routes.
        (
            "3.1",
            r#""get": {"security": [{"o": ["x"]}], "callbacks": {"c": {"/b": {"post": {"security": []}}}}}"#.to_owned(),
            "GET /a x",
            "note: callbacks",
        ),
        (
            "3.1",
            r#""get": {"security": [{"o": ["x"]}], "responses": {"200": {"links": {"l": {"operationId": "b"}}}}}"#
                .to_owned(),
            "GET /a x",
            "",
        ),
    ] {
        check(&document(version, "", &item), routes, findings);
    }
    let deprecated = document("3.1", "", r#""get": {"security": [{"o": ["x"]}], "deprecated": true}"#);
    assert!(read(&deprecated, &Options::new()).catalogue().routes().all(|route| route.deprecation().is_some()));
    let hooks = r#""webhooks": {"h": {"post": {"security": []}}},"#;
    check(&document("3.1", hooks, GET), "GET /a x", "note: webhooks");
}

/// `security` where no version has it: readers ignore it, so the operations would be open, and
/// their authors do not think so.
#[test]
fn security_of_a_path_item() {
    let item = |security: &str| {
        format!(r#"{security}, "get": {{"operationId": "g"}}, "put": {{"security": [{{"o": ["y"]}}]}}"#)
    };
    for (root, own, routes) in [
        (r#""security": [],"#, r#""security": [{"o": ["x"]}]"#, "PUT /a y"),
        (r#""security": [{"o": ["x"]}],"#, r#""Security": []"#, "PUT /a y"),
        ("", r#""security": [{"o": ["x"]}]"#, "PUT /a y"),
    ] {
        let import = read(&document("3.1", root, &item(own)), &Options::new());
        assert_eq!(routes_of(&import), routes, "{own}: {:#?}", import.findings());
        let left_out = import.findings().iter().find(|finding| finding.operation() == Some("GET /a"));
        assert_eq!(left_out.map(|finding| (finding.kind(), finding.rule())), Some((Kind::LeftOut, "security")));
        assert!(!import.is_complete());
    }
    let all = r#""security": [{"o": ["y"]}], "get": {"security": [{"o": ["x"]}]}"#;
    check(&document("3.1", "", all), "GET /a x", "note: security");
}

fn routes_of(import: &Import) -> String {
    routes(import).join(", ")
}

/// What `security` can say, for each kind of scheme.
#[test]
fn kinds_of_schemes() {
    for (kind, security, routes, findings) in [
        ("oauth2", r#"[]"#, "GET /a public", ""),
        ("oauth2", r#"[{}]"#, "GET /a public", ""),
        ("oauth2", r#"[{"o": []}]"#, "GET /a authenticated", ""),
        ("oauth2", r#"[{"o": []}, {}]"#, "GET /a public", "note: optional"),
        ("openIdConnect", r#"[{"o": ["x"]}]"#, "GET /a x", ""),
        ("openIdConnect", r#"[{"o": []}]"#, "GET /a authenticated", ""),
        ("mutualTLS", r#"[{"o": []}]"#, "GET /a authenticated", ""),
        ("mutualTLS", r#"[{"o": ["x"]}]"#, "GET /a x", ""),
        ("apiKey", r#"[{"o": []}]"#, "GET /a authenticated", ""),
        ("http", r#"[{"o": ["x"]}, {"o": []}]"#, "GET /a x", "left out: other-credentials"),
    ] {
        let text = format!(
            r#"{{"openapi": "3.1.0", "components": {{"securitySchemes": {{"o": {{"type": "{kind}"}}}}}},
                "paths": {{"/a": {{"get": {{"security": {security}}}}}}}}}"#
        );
        let text = text.replace('\n', " ");
        check(&text, routes, findings);
    }
}

/// Many paths may name one path item. Then a small document must not have a report without end.
#[test]
fn path_items_that_many_paths_share() {
    let document = |paths: usize, members: &str| {
        let paths: Vec<String> =
            (0..paths).map(|path| format!(r##""/p{path}": {{"$ref": "#/components/pathItems/a"}}"##)).collect();
        let paths = paths.join(",");
        format!(
            r#"{{"openapi": "3.1.0", "paths": {{{paths}}}, "components": {{"pathItems": {{"a": {{{members}}}}},
            "securitySchemes": {{"o": {{"type": "oauth2"}}}}}}}}"#
        )
    };
    let noted = r#""x-base-path": "/v1", "servers": [{"url": "/{a}/{b}"}], "get": {"security": [{"o": ["x"]}]}"#;
    let import = read(&document(100, noted), &Options::new());
    assert_eq!(import.catalogue().routes().len(), 100);
    // The member, the two variables without a default, each once.
    assert_eq!(found(&import).len(), 3, "{:#?}", import.findings());

    let unknown = |count: usize| (0..count).map(|name| format!(r#""m{name}": {{}}"#)).collect::<Vec<_>>().join(",");
    let error = |text: &str| import_error(text).unwrap_or_default();
    assert!(error(&document(300, &unknown(300))).contains("more than 65000 operations and findings"));
    assert_eq!(error(&document(200, &unknown(300))), "", "60,000 findings are within the bound");
}

fn import_error(text: &str) -> Option<String> {
    import(text, "api.json", &mut Other, &Options::new()).err().map(|error| error.to_string())
}
