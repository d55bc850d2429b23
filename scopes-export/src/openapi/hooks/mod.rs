//! A catalogue merged into the documents that other crates generate, in the types of these crates.
//!
//! What changes, and what is an error, is decided where it is decided for texts. Here the changes
//! are made in the types.

#[cfg(feature = "aide")]
mod aide;
#[cfg(feature = "utoipa")]
mod utoipa;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::merge::{Existing, changes};
use super::write::answers;
use super::write::parts::SecurityScheme;
use super::write::paths::method_of;
use super::{Document, MergeError, Unsaid};

/// A document in the types of the crate that generates it.
///
/// A change is made in the type itself. The types are not read again from what they write: untagged
/// and flattened parts of them would become other parts, and lose members.
trait Generated: Clone + Serialize {
    type Operation;

    fn operation(&mut self, path: &str, method: &str) -> Option<&mut Self::Operation>;

    /// Sets a member of an operation: `security`, `description` or `x-scopes`. `None` if the type
    /// cannot hold the value.
    fn set(operation: &mut Self::Operation, member: &str, value: Value) -> Option<()>;

    /// Adds an answer of the guard, unless the operation describes it itself. `None` if the type
    /// cannot hold the answer.
    fn answer(operation: &mut Self::Operation, status: &str, answer: Value) -> Option<()>;

    /// Adds a security scheme that the document lacks.
    fn add_scheme(&mut self, name: &str, scheme: SecurityScheme);

    /// Adds scopes with their texts to an OAuth flow. `None` if the scheme has no such flow.
    fn add_scopes(&mut self, scheme: &str, flow: &str, scopes: BTreeMap<String, String>) -> Option<()>;

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
        let changes = changes(self, &value(generated), existing)?;
        let mut changed = generated.clone();
        let mut without_place = None;
        let mut note = |made: Option<()>, place: &[&str]| {
            if made.is_none() {
                without_place.get_or_insert_with(|| place.join("."));
            }
        };
        let mut added: BTreeMap<(&str, &str), BTreeMap<String, String>> = BTreeMap::new();
        for (path, value) in changes.edits() {
            let keys: Vec<&str> = path.iter().map(String::as_str).collect();
            match keys.as_slice() {
                ["components", "securitySchemes", name] => changed.add_scheme(name, self.security_scheme()),
                ["components", "securitySchemes", name, "flows", flow, "scopes", scope] => {
                    let text = value.as_str().unwrap_or_default();
                    added.entry((name, flow)).or_default().insert((*scope).to_owned(), text.to_owned());
                }
                ["paths", path, within @ .., key, member] => {
                    let method = if within.is_empty() { method_of(key).unwrap_or(key) } else { key };
                    let operation = changed.operation(path, method);
                    note(operation.and_then(|operation| D::set(operation, member, value)), &keys);
                }
                _ => changed.set_extension(value),
            }
        }
        for ((scheme, flow), scopes) in added {
            note(
                changed.add_scopes(scheme, flow, scopes),
                &["components", "securitySchemes", scheme, "flows", flow, "scopes"],
            );
        }
        for (route, path, method) in changes.operations() {
            let mut operation = changed.operation(path, method);
            for (status, answer) in answers::whole(*route, self.errors) {
                let answer = self::value(&answer);
                let made = operation.as_mut().and_then(|operation| D::answer(operation, status, answer));
                note(made, &["paths", path, method, "responses", status]);
            }
        }
        if let Some(place) = without_place.filter(|_| existing.takes_errors()) {
            let reason = format!("the type of the document has no place for `{place}`");
            return Err(changes.not_guaranteed(self, reason));
        }
        *generated = changed;
        Ok(changes.unsaid)
    }
}

fn value(part: &impl Serialize) -> Value {
    serde_json::to_value(part).unwrap_or_default()
}
