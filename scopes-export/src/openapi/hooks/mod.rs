//! A catalogue merged into the documents that other crates generate, in the types of these crates.
//!
//! What changes, and what is an error, is decided where it is decided for texts. Here the changes
//! are made in the types.

#[cfg(feature = "aide")]
mod aide;
#[cfg(feature = "utoipa")]
mod utoipa;

use serde::Serialize;
use serde_json::{Map, Value};

use super::merge::{Changes, Existing, changes};
use super::write::answers;
use super::write::paths::method_of;
use super::{Document, MergeError, Unsaid};

/// A document in the types of the crate that generates it.
trait Generated: Serialize {
    type Operation;

    fn operation(&mut self, path: &str, method: &str) -> Option<&mut Self::Operation>;

    /// Sets a member of an operation: `security`, `description` or `x-scopes`.
    fn set(operation: &mut Self::Operation, member: &str, value: Value);

    /// Adds an answer of the guard, unless the operation describes it itself.
    fn answer(operation: &mut Self::Operation, status: &str, answer: Value);

    /// The security scheme of this name, if there is one.
    fn scheme(&self, name: &str) -> Option<Value>;

    fn set_scheme(&mut self, name: &str, scheme: Value);

    /// Sets the member `x-scopes` of the document.
    fn set_extension(&mut self, value: Value);
}

impl Document<'_> {
    /// Merges the catalogue into a document. Changes nothing if there is an error.
    fn merge_into_generated<D: Generated>(
        &self,
        generated: &mut D,
        existing: Existing,
    ) -> Result<Vec<Unsaid>, MergeError> {
        let Changes { edits, operations, unsaid } = changes(self, &value(generated), existing)?;
        for (path, value) in edits {
            let keys: Vec<&str> = path.iter().map(String::as_str).collect();
            match keys.as_slice() {
                ["components", "securitySchemes", name, within @ ..] => {
                    let mut scheme = generated.scheme(name).unwrap_or_default();
                    put(&mut scheme, within, value);
                    generated.set_scheme(name, scheme);
                }
                ["paths", path, within @ .., key, member] => {
                    let method = if within.is_empty() { method_of(key).unwrap_or(key) } else { key };
                    if let Some(operation) = generated.operation(path, method) {
                        D::set(operation, member, value);
                    }
                }
                _ => generated.set_extension(value),
            }
        }
        for (route, path, method) in operations {
            let Some(operation) = generated.operation(&path, &method) else { continue };
            for (status, answer) in answers::whole(route, self.errors) {
                D::answer(operation, status, self::value(&answer));
            }
        }
        Ok(unsaid)
    }
}

/// Sets the value to which the keys lead.
fn put(object: &mut Value, keys: &[&str], value: Value) {
    match keys {
        [] => *object = value,
        [key, within @ ..] => {
            if !object.is_object() {
                *object = Value::Object(Map::new());
            }
            if let Some(members) = object.as_object_mut() {
                put(members.entry(*key).or_insert(Value::Null), within, value);
            }
        }
    }
}

fn value(part: &impl Serialize) -> Value {
    serde_json::to_value(part).unwrap_or_default()
}
