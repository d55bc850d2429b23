//! Catalogues merged into the documents that utoipa and aide generate.
#![cfg(all(feature = "aide", feature = "utoipa"))]
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

use aide::openapi::ReferenceOr;
use scopes_core::UntypedCatalogue;
use scopes_export::json::{from_json, to_json};
use scopes_export::openapi::read::{NoFiles, Options, import};
use scopes_export::openapi::{Document, MergeError, Scheme, Unsaid};
use serde_json::{Value, json};
use utoipa::Modify;

fn catalogue() -> UntypedCatalogue {
    from_json(
        r#"{"name": "api", "base": "/v1", "scopes": [
            {"scope": "users.read", "routes": [["GET", "/users"], ["GET", "/users/{id}"]]}, {"scope": "users.write"}],
        "requirements": [{"route": {"method": "POST", "path": "/users"}, "any_of": [["users.read", "users.write"]]}],
        "authenticated": [{"reason": "who am I", "routes": [["GET", "/me"]]}],
        "public": [{"reason": "probe", "routes": [["GET", "/health"]]}]}"#,
    )
    .unwrap()
}

/// What the other crates have generated: paths with the base, one operation that the catalogue
/// lacks, none for `/me`.
fn generated() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Users", "version": "1.0.0" },
        "paths": {
            "/v1/users": {
                "get": { "operationId": "list", "description": "Lists users.", "responses": {
                    "200": { "description": "ok" }, "404": { "description": "ours", "content": { "text/plain": {} } } } },
                "post": { "responses": {}, "security": [{ "bearer": ["users.write", "users.read"] }] }
            },
            "/v1/users/{name}": { "get": { "responses": {} } },
            "/v1/health": { "get": { "responses": {} } },
            "/v1/other": { "put": { "responses": {} } }
        }
    })
}

const UNSAID: [&str; 2] = [
    "`GET /v1/me`: the document has no such operation, so only `x-scopes` has the route",
    "`PUT /v1/other`: the catalogue has no such route, so the operation stays as it is",
];

fn lines(unsaid: &[Unsaid]) -> Vec<String> {
    unsaid.iter().map(ToString::to_string).collect()
}

fn check(merged: &Value) {
    let users = &merged["paths"]["/v1/users"];
    assert_eq!(users["get"]["security"], json!([{ "bearer": ["users.read"] }]));
    // The same demand in another order stays as it was written.
    assert_eq!(users["post"]["security"], json!([{ "bearer": ["users.write", "users.read"] }]));
    let description = "Lists users.\n\n<!-- scopes:begin -->\n**Required scope**: `users.read`\n<!-- scopes:end -->";
    assert_eq!(users["get"]["description"], description);
    let answers: Vec<_> = users["get"]["responses"].as_object().unwrap().keys().collect();
    assert_eq!(answers, ["200", "400", "401", "403", "404", "414", "500", "503"]);
    assert_eq!(users["get"]["responses"]["404"]["description"], "ours");
    let health: Vec<_> = merged["paths"]["/v1/health"]["get"]["responses"].as_object().unwrap().keys().collect();
    assert_eq!(health, ["400", "414"]);
    assert!(merged["paths"]["/v1/other"]["put"].get("security").is_none());
    assert_eq!(merged["components"]["securitySchemes"]["bearer"], json!({ "type": "http", "scheme": "bearer" }));
}

/// The catalogue comes back from the document, without the operation that is not its own.
fn comes_back(mut merged: Value) {
    merged["paths"].as_object_mut().unwrap().remove("/v1/other");
    let again = import(&merged.to_string(), "api.json", &mut NoFiles, &Options::new()).unwrap();
    assert!(again.is_complete(), "{:?}", again.findings());
    assert_eq!(to_json(again.catalogue()), to_json(&catalogue()));
}

/// aide reads texts that it can borrow only.
fn of_aide(document: &Value) -> aide::openapi::OpenApi {
    serde_json::from_str(&document.to_string()).unwrap()
}

#[test]
fn utoipa() {
    let catalogue = catalogue();
    let document = Document::new(&catalogue).show_scopes();
    let mut openapi: utoipa::openapi::OpenApi = serde_json::from_value(generated()).unwrap();
    assert_eq!(lines(&document.merge_into_utoipa(&mut openapi, false).unwrap()), UNSAID);
    let merged = serde_json::to_value(&openapi).unwrap();
    check(&merged);
    assert_eq!(merged["paths"]["/v1/health"]["get"]["security"], json!([]));
    comes_back(merged.clone());
    document.merge_into_utoipa(&mut openapi, false).unwrap();
    assert_eq!(serde_json::to_value(&openapi).unwrap(), merged, "a second run changes nothing");
}

#[test]
fn aide() {
    let catalogue = catalogue();
    let document = Document::new(&catalogue).show_scopes();
    let mut openapi = of_aide(&generated());
    assert_eq!(lines(&document.merge_into_aide(&mut openapi, false).unwrap()), UNSAID);
    let merged = serde_json::to_value(&openapi).unwrap();
    check(&merged);
    document.merge_into_aide(&mut openapi, false).unwrap();
    assert_eq!(serde_json::to_value(&openapi).unwrap(), merged, "a second run changes nothing");
    assert!(matches!(openapi.paths.unwrap().paths["/v1/health"], ReferenceOr::Item(_)));
}

#[test]
fn another_security_is_an_error_that_names_both_and_changes_nothing() {
    let catalogue = catalogue();
    let document = Document::new(&catalogue);
    let mut other = generated();
    other["paths"]["/v1/users"]["post"]["security"] = json!([{ "key": [] }]);
    let message =
        "`POST /v1/users`: the document demands `key`, the catalogue `bearer` with `users.read` and `users.write`";
    let named = |error: MergeError| assert_eq!(error.to_string(), message);

    let mut openapi: utoipa::openapi::OpenApi = serde_json::from_value(other.clone()).unwrap();
    let before = serde_json::to_value(&openapi).unwrap();
    named(document.merge_into_utoipa(&mut openapi, false).unwrap_err());
    assert_eq!(serde_json::to_value(&openapi).unwrap(), before);
    document.modify(&mut openapi);
    let after = serde_json::to_value(&openapi).unwrap();
    assert_eq!(after["paths"]["/v1/users"]["post"]["security"], json!([{ "bearer": ["users.read", "users.write"] }]));

    let mut openapi = of_aide(&other);
    let before = serde_json::to_value(&openapi).unwrap();
    named(document.merge_into_aide(&mut openapi, false).unwrap_err());
    assert_eq!(serde_json::to_value(&openapi).unwrap(), before);
    document.merge_into_aide(&mut openapi, true).unwrap();
    let after = serde_json::to_value(&openapi).unwrap();
    assert_eq!(after["paths"]["/v1/users"]["post"]["security"], json!([{ "bearer": ["users.read", "users.write"] }]));
}

/// Members of the name `x-scopes` that the export has not written: of the document, and of `POST
/// /v1/users`.
const OTHER_TOOLS: [(&str, &str); 6] = [
    ("document", r#""other""#),
    ("document", r#"{"version": "2", "a": "b"}"#),
    ("document", r#"{"version": 1, "name": "api", "owner": "us"}"#),
    ("operation", r#"["users.read"]"#),
    ("operation", r#"{"users.read": "reads users"}"#),
    ("operation", r#"{"any_of": [["users.read"]], "owner": "us"}"#),
];

/// The document with such a member, and where the member is.
fn of_another_tool(place: &str, member: &str) -> (Value, &'static str) {
    let mut document = generated();
    let member: Value = serde_json::from_str(member).unwrap();
    if place == "document" {
        document["x-scopes"] = member;
        return (document, "/x-scopes");
    }
    document["paths"]["/v1/users"]["post"]["x-scopes"] = member;
    (document, "/paths/~1v1~1users/post/x-scopes")
}

/// Texts, utoipa's and aide's documents have one rule: what another tool has written is never lost
/// silently.
#[test]
fn members_of_other_tools_are_not_overwritten() {
    let catalogue = catalogue();
    let document = Document::new(&catalogue);
    for (place, member) in OTHER_TOOLS {
        let (other, pointer) = of_another_tool(place, member);
        let reason = |error: MergeError| match error {
            MergeError::NotGuaranteed { reason, patch } => {
                assert!(patch.contains("\"overlay\": \"1.0.0\""), "{patch}");
                reason
            }
            error => panic!("{error}"),
        };
        let expected = reason(document.merge_into(&other.to_string(), false).unwrap_err());
        assert!(expected.contains("another tool's meaning"), "{expected}");

        let mut openapi: utoipa::openapi::OpenApi = serde_json::from_value(other.clone()).unwrap();
        let before = serde_json::to_value(&openapi).unwrap();
        assert_eq!(reason(document.merge_into_utoipa(&mut openapi, false).unwrap_err()), expected, "{member}");
        assert_eq!(serde_json::to_value(&openapi).unwrap(), before, "{member}");
        // `Modify` cannot fail: the member stays, and everything else is merged.
        document.modify(&mut openapi);
        let after = serde_json::to_value(&openapi).unwrap();
        assert_eq!(after.pointer(pointer), before.pointer(pointer), "{member}");
        assert_eq!(after["paths"]["/v1/users"]["get"]["security"], json!([{ "bearer": ["users.read"] }]));
        document.merge_into_utoipa(&mut openapi, true).unwrap();
        let after = serde_json::to_value(&openapi).unwrap();
        assert_ne!(after.pointer(pointer), before.pointer(pointer), "{member}");

        let mut openapi = of_aide(&other);
        let before = serde_json::to_value(&openapi).unwrap();
        assert_eq!(reason(document.merge_into_aide(&mut openapi, false).unwrap_err()), expected, "{member}");
        assert_eq!(serde_json::to_value(&openapi).unwrap(), before, "{member}");
        document.merge_into_aide(&mut openapi, true).unwrap();
        let after = serde_json::to_value(&openapi).unwrap();
        assert_ne!(after.pointer(pointer), before.pointer(pointer), "{member}");
    }
}

/// What a merge says, without the lines of a text.
fn said(merged: Result<Vec<Unsaid>, MergeError>) -> Result<Vec<String>, Vec<String>> {
    merged.map(|unsaid| lines(&unsaid)).map_err(|error| match error {
        MergeError::Conflicts(conflicts) => conflicts.iter().map(ToString::to_string).collect(),
        error => vec![error.to_string()],
    })
}

/// What a merge of a text says of a document, the hooks say as well.
#[test]
fn one_rule_for_texts_and_types() {
    let catalogue = catalogue();
    let change = |pointer: &str, member: &str, value: Value| {
        let mut document = generated();
        document["paths"]["/v1/users"]["post"].as_object_mut().unwrap().remove("security");
        let object = document.pointer_mut(pointer).unwrap().as_object_mut().unwrap();
        object.insert(member.to_owned(), value);
        document
    };
    let scheme = json!({ "securitySchemes": { "oauth2": { "type": "oauth2", "flows": {
        "clientCredentials": { "tokenUrl": "/t", "scopes": { "users.read": "reads" } } } } } });
    let named = Scheme::client_credentials("").named("oauth2");
    let post = "/paths/~1v1~1users/post";
    for (document, scheme) in [
        (change("", "security", json!([{ "key": [] }])), Scheme::default()),
        (change("", "security", json!([{ "bearer": ["users.read"] }])), Scheme::default()),
        (change(post, "security", json!([{ "bearer": ["users.read"] }, { "key": [] }])), Scheme::default()),
        (change("/paths", "/v1/users/{name}", json!({ "$ref": "#/components/pathItems/user" })), Scheme::default()),
        (change("", "components", scheme), named.clone()),
        (change("", "components", json!({})), named),
    ] {
        let merger = Document::new(&catalogue).scheme(scheme);
        let texts = said(merger.merge_into(&document.to_string(), false).map(|merged| merged.unsaid().to_vec()));
        let mut openapi = of_aide(&document);
        assert_eq!(said(merger.merge_into_aide(&mut openapi, false)), texts, "{document}");
        // utoipa has no references to path items.
        if !document.to_string().contains("$ref") {
            let mut openapi: utoipa::openapi::OpenApi = serde_json::from_value(document.clone()).unwrap();
            assert_eq!(said(merger.merge_into_utoipa(&mut openapi, false)), texts, "{document}");
        }
    }
}

#[test]
fn a_scheme_of_the_document_gets_the_scopes_that_it_lacks() {
    let catalogue = catalogue();
    let document = Document::new(&catalogue).scheme(Scheme::client_credentials("").named("oauth2"));
    let mut other = generated();
    other["paths"]["/v1/users"]["post"]["security"] = json!([{ "oauth2": ["users.read", "users.write"] }]);
    other["components"] = json!({ "securitySchemes": { "oauth2": { "type": "oauth2", "flows": {
        "clientCredentials": { "tokenUrl": "/t", "scopes": { "users.read": "ours" } } } } } });
    let mut utoipa: utoipa::openapi::OpenApi = serde_json::from_value(other.clone()).unwrap();
    document.merge_into_utoipa(&mut utoipa, false).unwrap();
    let mut aide = of_aide(&other);
    document.merge_into_aide(&mut aide, false).unwrap();
    for merged in [serde_json::to_value(&utoipa).unwrap(), serde_json::to_value(&aide).unwrap()] {
        let flow = &merged["components"]["securitySchemes"]["oauth2"]["flows"]["clientCredentials"];
        assert_eq!(flow["scopes"], json!({ "users.read": "ours", "users.write": "" }));
        assert_eq!(flow["tokenUrl"], "/t");
    }
}

/// aide writes no empty `security`. Without another form of it, a public operation would have the
/// document's.
#[test]
fn a_public_operation_of_aide_inherits_no_security() {
    let catalogue = catalogue();
    let document = Document::new(&catalogue);
    let mut other = generated();
    other["security"] = json!([{ "bearer": ["users.read"] }]);
    let mut openapi = of_aide(&other);
    document.merge_into_aide(&mut openapi, true).unwrap();
    let merged = serde_json::to_value(&openapi).unwrap();
    assert_eq!(merged["paths"]["/v1/health"]["get"]["security"], json!([{}]));
    comes_back(merged.clone());
    assert!(document.merge_into(&merged.to_string(), false).is_ok(), "`[{{}}]` is what `[]` is");
    document.merge_into_aide(&mut openapi, false).unwrap();
    assert_eq!(serde_json::to_value(&openapi).unwrap(), merged, "a second run changes nothing");
}
