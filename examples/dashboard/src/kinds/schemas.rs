//! The JSON Schemas of all bodies, by name.

use serde_json::{Map, Value, json};

use super::field::Field as _;
use super::operations::table;
use super::text::{Email, Id, Time};
use crate::catalogue::api;
use crate::wire::NOTE_LENGTH;

/// The schemas of all bodies that the API takes and answers, by name: what an OpenAPI document has
/// in `components/schemas`.
///
/// ```
/// let schemas = dashboard::kinds::schemas();
/// assert_eq!(schemas["Gate"]["required"], serde_json::json!(["name", "criterion", "values"]));
/// ```
#[must_use]
pub fn schemas() -> Map<String, Value> {
    let mut schemas: Map<_, _> = table().into_iter().flat_map(|entry| entry.schemas).collect();
    schemas.extend(tokens());
    schemas
}

/// The schemas of tokens and errors, with the names and texts of the documents.
fn tokens() -> [(String, Value); 5] {
    let names: Vec<_> = api::CATALOGUE.scopes().map(api::Scope::as_str).collect();
    let text = || json!({"type": "string"});
    let created_by = json!({
        "type": "object",
        "properties": {
            "id": Id::schema(), "alias": text(), "firstName": text(), "lastName": text(), "email": Email::schema(),
        },
        "required": ["id", "alias", "firstName", "lastName", "email"],
        "additionalProperties": false,
    });
    let fields = json!({
        // Tokens that another program has made may have other ids.
        "id": text(),
        "checksum": {
            "type": "string", "example": "4n3LFC",
            "description": "A 6-character alpha-numeric string checksum of the random API Token. The last 6 characters \
                of the raw token",
        },
        "createdBy": created_by,
        "createdAt": Time::schema(),
        "note": {"type": "string", "description": "Human-readable label to identify this token and its intended use"},
        "projectEnvironmentId": Id::schema(),
        "projectEnvironment": {
            "type": "object", "properties": {"id": Id::schema()}, "required": ["id"], "additionalProperties": false,
        },
        // A token may hold names that this version does not know.
        "scopes": {"type": "array", "items": text()},
    });
    let required =
        ["id", "checksum", "createdBy", "createdAt", "note", "projectEnvironmentId", "projectEnvironment", "scopes"];
    let token = json!({"type": "object", "properties": fields, "required": required, "additionalProperties": false});
    let mut new = token.clone();
    new["properties"]["rawToken"] = json!({
        "type": "string",
        "description": "The actual token created. If you do not save it, it can never be retrieved again",
        "example": "dyn_aGLjTe3TUN40vSE75sTtgUx9AjIe0q4n3LFC",
    });
    new["properties"]["active"] =
        json!({"type": "boolean", "description": "Only active tokens can be used.", "example": true});
    new["required"] = json!([&required[..], &["rawToken", "active"]].concat());
    let closed = |properties: Value, required: &[&str]| json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false});
    let list = json!({"tokens": {"type": "array", "items": {"$ref": "#/components/schemas/Token"}}, "next": text()});
    let note = json!({
        "type": "string", "maxLength": NOTE_LENGTH, "pattern": super::hidden::LINE.new,
        "description": "Name or note to help identify this token and its use.",
    });
    let scopes = json!({
        "type": "array", "items": {"type": "string", "enum": names},
        "description": "Scopes assigned to an API token which they will have access to.",
    });
    [
        ("Token".to_owned(), token),
        ("TokensResponse".to_owned(), closed(list, &["tokens"])),
        ("NewToken".to_owned(), closed(json!({"note": note, "scopes": scopes}), &["note"])),
        ("CreatedToken".to_owned(), closed(json!({"token": new}), &["token"])),
        ("Error".to_owned(), closed(json!({"error": text()}), &["error"])),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every name and every `$ref` leads to one schema.
    #[test]
    fn a_name_has_one_schema() {
        let all = schemas();
        for (name, schema) in table().into_iter().flat_map(|entry| entry.schemas) {
            assert_eq!(all[&name], schema, "{name} is declared twice");
        }
        let text = Value::Object(all.clone()).to_string();
        for reference in text.split("\"#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(all.contains_key(name), "{name}");
        }
    }
}
