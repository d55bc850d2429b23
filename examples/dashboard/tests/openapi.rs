//! The document that the server serves about itself.
#![allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]

#[allow(dead_code, unused_imports, reason = "other tests use the rest")]
mod common;

use std::collections::BTreeSet;

use common::{Request, Server};
use dashboard::catalogue::api;
use dashboard::session_catalogue::dashboard as sessions;
use scopes::export::openapi::read::{NoFiles, Options, import};
use serde_json::{Value, json};

/// What the published document of `GET /user/tokens` says, in our words: the answers with their
/// references resolved, and the names that its scopes may have.
fn statement() -> Value {
    serde_json::from_str(include_str!("user_tokens.json")).unwrap()
}

#[tokio::test]
async fn any_client_may_read_the_document_and_cache_it() {
    let server = Server::start().await;
    let mut client = server.client();
    let answer = client.send(Request::new("GET", "/openapi.json")).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
    let document = answer.json();
    let url = format!("http://{}/api/v0", server.address);
    assert_eq!(document["servers"], json!([{ "url": url }]));
    assert_eq!(document, dashboard::openapi::document(&server.app.settings.public_url));

    let tag = answer.header("etag").unwrap().to_owned();
    let known = format!("\"other\", W/{tag}");
    let again = client.send(Request::new("GET", "/openapi.json").header("if-none-match", &known)).await;
    assert_eq!((again.status, again.body.as_str(), again.header("etag")), (304, "", Some(&*tag)));
    // A credential, good or bad, changes nothing.
    let answer = client.send(Request::new("GET", "/openapi.json").bearer("guessed")).await;
    assert_eq!(answer.status, 200);
    server.stop().await;
}

/// A schema or an answer with its reference resolved.
fn resolved<'d>(document: &'d Value, found: &'d Value) -> &'d Value {
    let mut found = found;
    while let Some(reference) = found["$ref"].as_str() {
        found = document.pointer(reference.strip_prefix('#').unwrap()).unwrap();
    }
    found
}

/// Everything that the statement says about a schema, the served schema says too.
fn assert_says(document: &Value, served: &Value, stated: &Value, place: &str) {
    let served = resolved(document, served);
    for member in ["type", "format"] {
        assert!(stated[member].is_null() || served[member] == stated[member], "{place}: {member} of {served}");
    }
    for name in stated["required"].as_array().into_iter().flatten() {
        assert!(served["required"].as_array().unwrap().contains(name), "{place}: {name} is required");
    }
    for (name, property) in stated["properties"].as_object().into_iter().flatten() {
        assert_says(document, &served["properties"][name], property, &format!("{place}.{name}"));
    }
    if stated["items"].is_object() {
        assert_says(document, &served["items"], &stated["items"], &format!("{place}[]"));
    }
}

#[test]
fn the_operation_of_the_documents_is_served_in_meaning() {
    let (document, stated) = (dashboard::openapi::document("http://localhost:3333"), statement());
    let operation = &document["paths"][stated["path"].as_str().unwrap()][stated["method"].as_str().unwrap()];
    for member in ["operationId", "summary", "security"] {
        assert_eq!(operation[member], stated[member], "{member}");
    }
    assert_eq!(document["components"]["securitySchemes"]["bearerAuth"], stated["scheme"]);
    for member in ["title", "version"] {
        assert_eq!(document["info"][member], stated["info"][member]);
    }
    assert!(document["servers"][0]["url"].as_str().unwrap().ends_with(stated["base"].as_str().unwrap()));
    for (status, schema) in stated["answers"].as_object().unwrap() {
        let answer = resolved(&document, &operation["responses"][status]);
        assert_says(&document, &answer["content"]["application/json"]["schema"], schema, status);
    }
    // The lists of pages are ours; no parameter is required.
    let required = |parameter: &&Value| parameter["required"] == true;
    assert_eq!(operation["parameters"].as_array().unwrap().iter().filter(required).count(), 0);
    let names = |list: &Value| -> BTreeSet<String> {
        list.as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&document["components"]["schemas"]["Scope"]["enum"]), names(&stated["scopes"]));
}

#[test]
fn each_route_is_described() {
    let document = dashboard::openapi::document("http://localhost:3333");
    let mut found = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            found.insert(format!("{} /api/v0{path}", method.to_uppercase()));
            let answers = operation["responses"].as_object().unwrap();
            let success: Vec<_> = answers.keys().filter(|status| status.starts_with('2')).collect();
            assert!(!success.is_empty() && *success[0] != "2XX", "{method} {path}: {success:?}");
            assert!(answers.contains_key("429") && answers.contains_key("401"), "{method} {path}");
            let has_body = operation["requestBody"].is_object();
            assert_eq!(has_body, answers.contains_key("408"), "{method} {path}");
        }
    }
    let routes = api::CATALOGUE.untyped().routes().chain(sessions::CATALOGUE.untyped().routes());
    assert_eq!(found, routes.map(|route| route.to_string()).collect());
}

/// Any tool can read what the guard demands.
#[test]
fn the_document_is_read_without_a_finding() {
    let document = dashboard::openapi::document("http://localhost:3333").to_string();
    let read = import(&document, "openapi.json", &mut NoFiles, &Options::new()).unwrap();
    assert!(read.is_complete(), "{:?}", read.findings());
    for route in api::CATALOGUE.untyped().routes() {
        let found = read.catalogue().route_by_template(route.method(), &route.template()).unwrap();
        let demand = |route: scopes::Route<'_>| route.requirement().display(route.catalogue()).to_string();
        assert_eq!((found.name(), demand(found)), (route.name(), demand(route)), "{route}");
    }
}
