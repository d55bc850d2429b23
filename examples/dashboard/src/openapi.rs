//! The OpenAPI document of the service: what the catalogues say about each route, joined with what
//! the handlers take and answer.

use core::hash::{BuildHasher as _, BuildHasherDefault};
use std::collections::hash_map::DefaultHasher;

use axum::extract::Request;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, get};
use scopes::export::openapi::{Document, Scheme};
use serde_json::{Map, Value, json};

use crate::catalogue::api;
use crate::kinds::{self, Operation};
use crate::session_catalogue::dashboard;

/// The name of the scheme of sessions in the documents.
const SESSION: &str = "bearerAuth";

/// The document of a server that clients reach at this origin.
#[must_use]
pub fn document(public_url: &str) -> Value {
    let base = api::CATALOGUE.untyped().base();
    let tokens = Document::new(api::CATALOGUE.untyped())
        .scheme(Scheme::bearer().named("apiToken"))
        .title("Dashboard API")
        .api_version("1.0.0")
        .licensed("MIT OR Apache-2.0")
        .server(format!("{public_url}{base}"))
        .show_scopes();
    let session = Scheme::bearer().named(SESSION).bearer_format("JWT");
    let sessions = Document::new(dashboard::CATALOGUE.untyped()).scheme(session).show_scopes();
    let (mut document, mut sessions) = (read(tokens.write().json()), read(sessions.write().json()));
    join(&mut document, &mut sessions, "/paths");
    join(&mut document, &mut sessions, "/components/securitySchemes");
    if let Some(schemas) = object(&mut document, "/components/schemas") {
        schemas.extend(kinds::schemas());
        // The bodies of the handlers name the scopes themselves.
        schemas.remove("Scope");
        if let Some(scope) = schemas.get("NewToken").map(|body| body["properties"]["scopes"]["items"].clone()) {
            schemas.insert("Scope".to_owned(), scope);
        }
    }
    // The fields of tokens have the formats of the documents. No request has them.
    for token in ["/components/schemas/Token", "/components/schemas/CreatedToken/properties/token"] {
        for (field, format) in [("createdAt", "date-time"), ("createdBy/properties/email", "email")] {
            if let Some(schema) = object(&mut document, &format!("{token}/properties/{field}")) {
                schema.insert("format".to_owned(), format.into());
            }
        }
    }
    if let Some(answers) = object(&mut document, "/components/responses") {
        answers.extend(service_answers());
    }
    let operations = kinds::operations();
    for item in object(&mut document, "/paths").into_iter().flat_map(Map::values_mut) {
        for operation in item.as_object_mut().into_iter().flat_map(Map::values_mut) {
            let described = operations.iter().find(|described| operation["operationId"] == described.route);
            if let Some(described) = described {
                describe(operation, described);
            }
        }
    }
    // The name and the texts of this operation are those of the documents.
    if let Some(listed) = object(&mut document, "/paths/~1user~1tokens/get") {
        listed.insert("operationId".to_owned(), "getUserApiTokens".into());
        listed.insert("summary".to_owned(), "Get API tokens for the current user".into());
        if let Some(extension) = listed.get_mut("x-scopes").and_then(Value::as_object_mut) {
            extension.insert("name".to_owned(), "list_user_tokens".into());
        }
    }
    document
}

/// The answers that the server gives around the handlers.
fn service_answers() -> Map<String, Value> {
    let answers = json!({
        "Conflict": refusal("The object exists already, or its state does not allow this."),
        "RequestTimeout": refusal("The body did not arrive in time."),
        "BodyTooLarge": refusal("The body is too large."),
        "TooManyRequests": {
            "description": "Too many requests of this token or address.",
            "headers": {"Retry-After": {
                "description": "After how many seconds the client may ask again.", "required": true,
                "schema": {"type": "integer", "minimum": 1},
            }},
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
        },
        "HeadTooLarge": {"description": "The head of the request is too large."},
    });
    match answers {
        Value::Object(answers) => answers,
        _ => Map::new(),
    }
}

fn refusal(description: &str) -> Value {
    let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}});
    json!({"description": description, "content": content})
}

/// Writes the body, the query and the answers of a handler into its operation.
fn describe(operation: &mut Value, described: &Operation) {
    let mut parameters = match operation.get_mut("parameters").map(Value::take) {
        Some(Value::Array(parameters)) => parameters,
        _ => Vec::new(),
    };
    for parameter in &mut parameters {
        let name = parameter["name"].as_str().unwrap_or_default();
        parameter["schema"] = kinds::operations::path_parameter(name);
    }
    let of_query =
        |(name, schema): &(_, Value)| json!({"name": name, "in": "query", "required": false, "schema": schema});
    parameters.extend(described.query.iter().map(of_query));
    operation["parameters"] = parameters.into();
    if let Some(body) = &described.request {
        let schema = json!({"$ref": format!("#/components/schemas/{body}")});
        operation["requestBody"] = json!({"required": true, "content": {"application/json": {"schema": schema}}});
    }
    let Some(answers) = operation["responses"].as_object_mut() else { return };
    // The catalogue does not know the status of the handler's answer, but whether it announces a
    // date.
    let of_handler = answers.remove("2XX").unwrap_or_default();
    for answer in &described.answers {
        let status = answer.status.to_string();
        let named = match answer.status {
            409 => "Conflict",
            413 => "BodyTooLarge",
            ..300 => {
                let entry = answers.entry(status).or_insert_with(|| of_handler.clone());
                if !answer.content_type.is_empty() {
                    let schema = match &answer.schema {
                        Some(schema) => json!({"$ref": format!("#/components/schemas/{schema}")}),
                        None => json!({}),
                    };
                    entry["content"][answer.content_type] = json!({"schema": schema});
                }
                continue;
            }
            // The guard answers with the same status and the same body.
            _ => continue,
        };
        answers.insert(status, component(named));
    }
    answers.insert("429".to_owned(), component("TooManyRequests"));
    answers.insert("431".to_owned(), component("HeadTooLarge"));
    if described.request.is_some() {
        answers.insert("408".to_owned(), component("RequestTimeout"));
    }
}

fn component(answer: &str) -> Value {
    json!({"$ref": format!("#/components/responses/{answer}")})
}

fn read(json: &str) -> Value {
    serde_json::from_str(json).unwrap_or_default()
}

fn object<'d>(document: &'d mut Value, pointer: &str) -> Option<&'d mut Map<String, Value>> {
    document.pointer_mut(pointer)?.as_object_mut()
}

/// Moves the members of an object into the object at the same place of the other document.
fn join(document: &mut Value, other: &mut Value, pointer: &str) {
    let moved = object(other, pointer).map(std::mem::take).unwrap_or_default();
    if let Some(members) = object(document, pointer) {
        members.extend(moved);
    }
}

/// Serves the document. It is made once, and clients ask again with its tag.
pub(crate) fn route<S: Clone + Send + Sync + 'static>(public_url: &str) -> MethodRouter<S> {
    let text = document(public_url).to_string();
    let hash = BuildHasherDefault::<DefaultHasher>::new().hash_one(&text);
    let tag = format!("\"{hash:016x}\"");
    get(move |request: Request| {
        let response = serve(&request, &text, &tag);
        core::future::ready(response)
    })
}

fn serve(request: &Request, text: &str, tag: &str) -> Response {
    let Ok(tag_value) = HeaderValue::from_str(tag) else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    let caching = [(CACHE_CONTROL, HeaderValue::from_static("public, max-age=300")), (ETAG, tag_value)];
    let has_it =
        request.headers().get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok()).any(|tags| {
            tags.split(',').any(|known| known.trim().trim_start_matches("W/") == tag || known.trim() == "*")
        });
    if has_it {
        return (StatusCode::NOT_MODIFIED, caching).into_response();
    }
    let kind = [(CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    (caching, kind, text.to_owned()).into_response()
}
