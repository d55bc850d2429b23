//! A catalogue merged into the documents that other crates generate, in the types of these crates.

#[cfg(feature = "aide")]
mod aide;
#[cfg(feature = "utoipa")]
mod utoipa;

use scopes_core::Route;
use serde::Serialize;
use serde_json::Value;

use super::merge::plan;
use super::write::answers;
use super::write::extension::{Extension, Visible};
use super::write::parts::Requirement;
use super::{Conflict, Document, MergeError, Unsaid, without_block};

/// What an operation says before the merge.
struct Existing<'o> {
    path: &'o str,
    method: &'o str,
    id: &'o str,
    description: &'o str,
    /// Its own `security` or that of the document, if one of them has any.
    security: Option<Value>,
    is_inherited: bool,
}

/// What an operation gets.
struct Part {
    /// `None` if it says the same already.
    security: Option<Vec<Requirement>>,
    description: Option<String>,
    extension: Value,
    /// The answers of the guard, by status.
    answers: Vec<(&'static str, Value)>,
}

impl Document<'_> {
    fn part(&self, route: Route<'_>, existing: &Existing<'_>, replaces: bool) -> Result<Part, Conflict> {
        let wanted = self.security(route);
        let there = existing.security.as_ref().map(alternatives);
        let expected = plan::wanted_alternatives(&wanted);
        let differs = there.as_ref() != Some(&expected);
        if let Some(there) = there.filter(|_| differs && !replaces) {
            let operation = format!("{} {}", existing.method, existing.path);
            return Err(Conflict::new(operation, plan::shown(&there), plan::shown(&expected), existing.is_inherited));
        }
        let mut bare = without_block(existing.description);
        if self.shows_scopes {
            bare.truncate(bare.trim_end().len());
        }
        let described = self.shows_scopes.then(|| self.described(route, &bare));
        let visible = Visible { path: existing.path, name: existing.id, description: &bare };
        Ok(Part {
            security: differs.then_some(wanted),
            description: described,
            extension: value(&Extension::of(route, visible)),
            answers: answers::whole(route, self.errors).map(|(status, answer)| (status, value(&answer))).collect(),
        })
    }
}

fn alternatives(security: &Value) -> plan::Alternatives {
    let names =
        |names: &Value| names.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    let entry = |entry: &Value| {
        entry.as_object().into_iter().flatten().map(|(scheme, scopes)| (scheme.clone(), names(scopes))).collect()
    };
    security.as_array().into_iter().flatten().map(entry).collect()
}

fn value(part: &impl Serialize) -> Value {
    serde_json::to_value(part).unwrap_or_default()
}

fn result(conflicts: Vec<Conflict>, unsaid: Vec<Unsaid>) -> Result<Vec<Unsaid>, MergeError> {
    if conflicts.is_empty() { Ok(unsaid) } else { Err(MergeError::Conflicts(conflicts)) }
}
