//! What the hooks for utoipa and aide keep of a document: everything but the planned changes.
#![cfg(all(feature = "aide", feature = "utoipa"))]
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

use aide::openapi::{OAuth2Flow, OAuth2Flows, ReferenceOr};
use scopes_core::UntypedCatalogue;
use scopes_export::json::from_json;
use scopes_export::openapi::{Document, MergeError, Scheme};
use serde_json::{Value, json};
use utoipa::Modify;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, AuthorizationCode, ClientCredentials, DeviceAuthorization, Flow, Implicit, OAuth2, Password,
    Scopes, SecurityScheme,
};

fn catalogue() -> UntypedCatalogue {
    from_json(
        r#"{"name": "api", "base": "/v1", "scopes": [
            {"scope": "users.read", "description": "reads", "routes": [["GET", "/users"], ["GET", "/users/{id}"]]},
            {"scope": "users.write", "description": "writes", "routes": [["POST", "/users"]]}],
        "authenticated": [{"reason": "who am I", "routes": [["GET", "/me"]]}]}"#,
    )
    .unwrap()
}

/// A document with members of every kind, as both crates read it. It has no security scheme.
fn generated() -> Value {
    let user = json!({ "type": "object", "properties": { "name": { "type": "string", "example": "Ada" } } });
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Users", "version": "1.0.0", "x-info": 1 },
        "servers": [{ "url": "https://{host}/", "variables": { "host": { "default": "a", "enum": ["a", "b"] } } }],
        "tags": [{ "name": "users", "description": "of users" }],
        "externalDocs": { "url": "https://docs.example.com" },
        "x-other": { "tool": ["a", null, 1.5] },
        "paths": {
            "/v1/users": {
                "summary": "all users",
                "parameters": [{ "name": "page", "in": "query", "required": false, "schema": { "type": "integer" } }],
                "get": {
                    "operationId": "list", "tags": ["users"], "summary": "Lists", "description": "Lists users.",
                    "x-operation": { "a": [1] },
                    "responses": {
                        "200": {
                            "description": "ok",
                            "headers": { "X-Rate": { "description": "rate", "schema": { "type": "integer" } } },
                            "content": { "application/json": {
                                "schema": user, "examples": { "ada": { "summary": "one", "value": { "name": "Ada" } } } } },
                            "links": { "next": { "operationId": "list", "parameters": { "page": 2 } } },
                            "x-answer": true
                        },
                        "403": { "description": "ours", "content": { "text/plain": { "schema": { "type": "string" } } } },
                        "404": { "description": "ours", "links": { "next": { "operationId": "list", "parameters": { "page": 2 } } } },
                        "414": { "description": "ours", "x-answer": true },
                        "default": { "description": "else" }
                    }
                },
                "post": {
                    "deprecated": true,
                    "requestBody": { "content": { "application/json": { "schema": user, "example": { "name": "Ada" } } } },
                    "callbacks": { "made": { "{$request.body#/url}": { "post": {
                        "operationId": "made", "responses": { "200": { "description": "ok" } } } } } },
                    "servers": [{ "url": "https://write.example.com" }],
                    "responses": { "201": { "description": "made" } }
                }
            },
            "/v1/users/{id}": { "get": {
                "parameters": [{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }],
                "responses": { "200": { "description": "ok" } } } },
            "/v1/me": { "get": { "responses": { "200": { "description": "ok" } } } },
            "/v1/other": { "put": { "security": [{ "key": [] }], "responses": { "200": { "description": "ok" } } } }
        },
        "components": { "schemas": { "User": user } }
    })
}

fn of_utoipa() -> utoipa::openapi::OpenApi {
    serde_json::from_value(generated()).unwrap()
}

/// aide reads texts that it can borrow only.
fn of_aide() -> aide::openapi::OpenApi {
    serde_json::from_str(&generated().to_string()).unwrap()
}

const STATUSES: [&str; 7] = ["400", "401", "403", "404", "414", "500", "503"];

/// Compares with what a merge of the text makes of the document: only the answers of the guard are
/// more.
fn check(document: &Document<'_>, before: &Value, after: &Value) {
    let merged = document.merge_into(&before.to_string(), false).unwrap();
    assert!(merged.changes() >= 4, "{}", merged.changes());
    let expected: Value = serde_json::from_str(merged.text()).unwrap();
    let mut bare = after.clone();
    for (path, item) in before["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Some(old) = operation.get("responses").and_then(Value::as_object) else { continue };
            let responses = bare["paths"][path][method]["responses"].as_object_mut().unwrap();
            responses.retain(|status, _| old.contains_key(status) || !STATUSES.contains(&status.as_str()));
        }
    }
    assert_eq!(bare, expected);
}

/// An OAuth scheme with all flows of utoipa. The scopes of the catalogue have texts.
fn flows(read: bool) -> OAuth2 {
    let scopes = || {
        let ours = [("own", "ours")].into_iter();
        ours.chain([("users.read", "reads"), ("users.write", "writes")].into_iter().filter(|_| read))
            .collect::<Scopes>()
    };
    let mut refreshed = ClientCredentials::new("/c/token", scopes());
    refreshed.refresh_url = Some("/c/refresh".to_owned());
    refreshed.extensions = Some(Extensions::from_iter([("x-flow", json!({ "a": 1 }))]));
    let mut scheme = OAuth2::with_description(
        [
            Flow::Implicit(Implicit::new("/i/authorize", scopes())),
            Flow::Password(Password::with_refresh_url("/p/token", scopes(), "/p/refresh")),
            Flow::ClientCredentials(refreshed),
            Flow::AuthorizationCode(AuthorizationCode::new("/a/authorize", "/a/token", scopes())),
            Flow::DeviceAuthorization(DeviceAuthorization::new("/d/device", "/d/token", scopes())),
        ],
        "by a token",
    )
    .with_metadata_url("/.well-known");
    scheme.extensions = Some(Extensions::from_iter([("x-scheme", json!([1]))]));
    scheme
}

#[test]
fn the_flows_of_utoipa_get_scopes_and_stay_what_they_are() {
    let catalogue = catalogue();
    let document = Document::new(&catalogue).show_scopes().scheme(Scheme::client_credentials("").named("oauth2"));
    let mut openapi = of_utoipa();
    openapi.components.as_mut().unwrap().add_security_scheme("oauth2", SecurityScheme::OAuth2(flows(false)));
    let before = serde_json::to_value(&openapi).unwrap();
    let mut modified = openapi.clone();
    document.merge_into_utoipa(&mut openapi, false).unwrap();
    let after = serde_json::to_value(&openapi).unwrap();
    let schemes = &openapi.components.as_ref().unwrap().security_schemes;
    assert!(schemes["oauth2"] == SecurityScheme::OAuth2(flows(true)).into(), "{after}");
    let flows = &after["components"]["securitySchemes"]["oauth2"]["flows"];
    assert_eq!(flows["authorizationCode"]["tokenUrl"], "/a/token");
    assert_eq!(flows["deviceAuthorization"]["deviceAuthorizationUrl"], "/d/device");
    check(&document, &before, &after);
    document.modify(&mut modified);
    assert!(modified == openapi, "`Modify` does the same");
}

#[test]
fn the_flows_of_aide_get_scopes_and_stay_what_they_are() {
    let catalogue = catalogue();
    let document = Document::new(&catalogue).show_scopes().scheme(Scheme::client_credentials("").named("oauth2"));
    let flows = |read: bool| {
        let scopes = || {
            let ours = [("own", "ours")].into_iter();
            let added = [("users.read", "reads"), ("users.write", "writes")].into_iter().filter(|_| read);
            ours.chain(added).map(|(name, text)| (name.to_owned(), text.to_owned())).collect()
        };
        let (authorization_url, token_url) = ("/authorize".to_owned(), "/token".to_owned());
        let refresh_url = Some("/refresh".to_owned());
        let flows = OAuth2Flows {
            implicit: Some(OAuth2Flow::Implicit {
                authorization_url: authorization_url.clone(),
                refresh_url: None,
                scopes: scopes(),
            }),
            password: Some(OAuth2Flow::Password {
                refresh_url: refresh_url.clone(),
                token_url: token_url.clone(),
                scopes: scopes(),
            }),
            client_credentials: Some(OAuth2Flow::ClientCredentials {
                refresh_url: refresh_url.clone(),
                token_url: token_url.clone(),
                scopes: scopes(),
            }),
            authorization_code: Some(OAuth2Flow::AuthorizationCode {
                authorization_url,
                token_url,
                refresh_url,
                scopes: scopes(),
            }),
        };
        let extensions = [("x-scheme".to_owned(), json!([1]))].into_iter().collect();
        aide::openapi::SecurityScheme::OAuth2 { flows, description: Some("by a token".to_owned()), extensions }
    };
    let mut openapi = of_aide();
    let schemes = &mut openapi.components.as_mut().unwrap().security_schemes;
    schemes.insert("oauth2".to_owned(), ReferenceOr::Item(flows(false)));
    let before = serde_json::to_value(&openapi).unwrap();
    document.merge_into_aide(&mut openapi, false).unwrap();
    let after = serde_json::to_value(&openapi).unwrap();
    check(&document, &before, &after);
    let ReferenceOr::Item(scheme) = &openapi.components.unwrap().security_schemes["oauth2"] else { panic!() };
    assert_eq!(*scheme, flows(true));
}

/// A scheme that the document lacks is what the catalogue says, in the variant of its flow.
#[test]
fn new_schemes() {
    let catalogue = catalogue();
    for scheme in [
        Scheme::bearer().bearer_format("JWT"),
        Scheme::client_credentials("/token"),
        Scheme::authorization_code("/authorize", "/token"),
    ] {
        let name = scheme.name().to_owned();
        let document = Document::new(&catalogue).scheme(scheme);
        let mut utoipa = of_utoipa();
        let before = serde_json::to_value(&utoipa).unwrap();
        document.merge_into_utoipa(&mut utoipa, false).unwrap();
        check(&document, &before, &serde_json::to_value(&utoipa).unwrap());
        if let SecurityScheme::OAuth2(scheme) = scheme_of(&utoipa, &name) {
            let is_its_own = |(name, flow): (&String, &Flow)| match flow {
                Flow::ClientCredentials(_) => name == "clientCredentials",
                Flow::AuthorizationCode(_) => name == "authorizationCode",
                _ => false,
            };
            assert!(scheme.flows.len() == 1 && scheme.flows.iter().all(is_its_own));
        }
        let mut aide = of_aide();
        let before = serde_json::to_value(&aide).unwrap();
        document.merge_into_aide(&mut aide, false).unwrap();
        let mut after = serde_json::to_value(&aide).unwrap();
        for flow in ["clientCredentials", "authorizationCode"] {
            let pointer = format!("/components/securitySchemes/{name}/flows/{flow}");
            if let Some(flow) = after.pointer_mut(&pointer) {
                // aide writes what is not there.
                assert_eq!(flow.as_object_mut().unwrap().remove("refreshUrl"), Some(Value::Null));
            }
        }
        check(&document, &before, &after);
        let ReferenceOr::Item(scheme) = &aide.components.unwrap().security_schemes[&name] else { panic!() };
        if let aide::openapi::SecurityScheme::OAuth2 { flows, .. } = scheme {
            assert!(flows.implicit.is_none() && flows.password.is_none());
            let of_client = matches!(flows.client_credentials, Some(OAuth2Flow::ClientCredentials { .. }));
            let of_code = matches!(flows.authorization_code, Some(OAuth2Flow::AuthorizationCode { .. }));
            assert!(of_client != of_code);
        }
    }
}

fn scheme_of<'o>(openapi: &'o utoipa::openapi::OpenApi, name: &str) -> &'o SecurityScheme {
    let utoipa::openapi::RefOr::T(scheme) = &openapi.components.as_ref().unwrap().security_schemes[name] else {
        panic!("{name}")
    };
    scheme
}

/// The answers of the guard are in both types what they are in a text.
#[test]
fn answers_lose_nothing() {
    let catalogue = catalogue();
    let document = Document::new(&catalogue);
    let mut utoipa = of_utoipa();
    document.merge_into_utoipa(&mut utoipa, false).unwrap();
    let mut aide = of_aide();
    document.merge_into_aide(&mut aide, false).unwrap();
    let text = json!({ "type": "string" });
    let error = json!({ "type": "object", "description": "Why a request was refused.", "required": ["error"],
        "properties": { "error": { "type": "string", "description": "What is wrong, for humans." } } });
    let expected = json!({
        "description": "The request has no valid token.",
        "headers": {
            "Cache-Control": { "description": "`no-store`: the answer is for this request only.", "schema": text },
            "WWW-Authenticate": {
                "description": "The schemes by which a client may authenticate; with a token, what is wrong with it.",
                "required": true, "schema": text }
        },
        "content": { "application/json": { "schema": error } }
    });
    let answer = |merged: &Value| merged["paths"]["/v1/me"]["get"]["responses"]["401"].clone();
    let mut of_aide = answer(&serde_json::to_value(&aide).unwrap());
    for header in of_aide["headers"].as_object_mut().unwrap().values_mut() {
        // aide writes this default.
        assert_eq!(header.as_object_mut().unwrap().remove("style").unwrap(), "simple");
    }
    assert_eq!(of_aide, expected);
    let mut of_utoipa = answer(&serde_json::to_value(&utoipa).unwrap());
    // The headers of utoipa have no such member.
    of_utoipa["headers"]["WWW-Authenticate"]["required"] = json!(true);
    assert_eq!(of_utoipa, expected);
}

/// A flow that only the written document has, and not the type.
#[test]
fn a_change_without_a_place_is_an_error_and_changes_nothing() {
    let catalogue = catalogue();
    let document = Document::new(&catalogue).scheme(Scheme::client_credentials("").named("oauth2"));
    let mut key = ApiKeyValue::new("X-Key");
    let flows = json!({ "implicit": { "authorizationUrl": "/a", "scopes": {} } });
    key.extensions = Some(Extensions::from_iter([("flows", flows)]));
    let mut openapi = of_utoipa();
    openapi.components.as_mut().unwrap().add_security_scheme("oauth2", SecurityScheme::ApiKey(ApiKey::Header(key)));
    let before = openapi.clone();
    let MergeError::NotGuaranteed { reason, patch } = document.merge_into_utoipa(&mut openapi, false).unwrap_err()
    else {
        panic!()
    };
    assert!(reason.contains("components.securitySchemes.oauth2.flows.implicit.scopes"), "{reason}");
    assert!(patch.contains("users.read"), "{patch}");
    assert!(openapi == before);
    // `Modify` cannot fail: it makes the other changes.
    document.modify(&mut openapi);
    let after = serde_json::to_value(&openapi).unwrap();
    assert_eq!(after["paths"]["/v1/users"]["get"]["security"], json!([{ "oauth2": ["users.read"] }]));
    assert!(openapi.components == before.components);
}
