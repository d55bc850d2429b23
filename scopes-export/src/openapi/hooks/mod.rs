//! A catalogue merged into the documents that other crates generate, in the types of these crates.

#[cfg(feature = "aide")]
mod aide;
#[cfg(feature = "utoipa")]
mod utoipa;

use scopes_core::Route;
use serde::Serialize;
use serde_json::Value;

use super::merge::find::find;
use super::merge::plan;
use super::write::answers;
use super::write::extension::{Extension, Root, Visible};
use super::write::parts::Requirement;
use super::{Conflict, Document, MergeError, Unsaid, without_block};

/// A document in the types of the crate that generates it.
trait Generated {
    type Operation;

    /// The version of OpenAPI.
    fn version(&self) -> Option<String>;

    fn servers(&self) -> impl Iterator<Item = &str>;

    /// The `security` of the whole document, if it has any.
    fn security(&self) -> Option<Value>;

    /// The paths and methods of the operations.
    fn operations(&mut self) -> Vec<(String, String)>;

    fn operation(&mut self, path: &str, method: &str) -> Option<&mut Self::Operation>;

    fn said(operation: &Self::Operation) -> Said<'_>;

    fn apply(operation: &mut Self::Operation, part: Part);

    /// Adds the security scheme, if one is given and the document has none of this name, and the
    /// extension of the document.
    fn complete(&mut self, name: &str, scheme: Option<Value>, extension: Value);
}

/// What an operation says before the merge.
struct Said<'o> {
    id: &'o str,
    description: &'o str,
    /// Its own `security`, if it has any.
    security: Option<Value>,
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
    /// Merges the catalogue into a document. Changes nothing if there are conflicts.
    fn merge_into_generated<D: Generated>(&self, generated: &mut D, replaces: bool) -> Result<Vec<Unsaid>, MergeError> {
        let document = match generated.version() {
            Some(text) => self.clone().version(text.get(..3).and_then(|text| text.parse().ok()).unwrap_or_default()),
            None => self.clone(),
        };
        let inherited = generated.security();
        let operations = generated.operations();
        let keys: Vec<_> = operations.iter().map(|(path, method)| (path.as_str(), method.as_str())).collect();
        let found = find(document.catalogue, &keys, keys.len(), generated.servers());
        let (mut unsaid, mut conflicts, mut parts) = (Vec::new(), Vec::new(), Vec::new());
        let mut root = Root::of(document.catalogue);
        for (route, index) in found.routes {
            let key = index.and_then(|index| keys.get(index)).copied();
            let operation = key.and_then(|(path, method)| Some((path, method, generated.operation(path, method)?)));
            let Some((path, method, operation)) = operation else {
                unsaid.push(Unsaid::missing(route));
                root.keep(route);
                continue;
            };
            match document.part(route, (path, method), &D::said(operation), inherited.as_ref(), replaces) {
                Ok(part) => parts.push((path, method, part)),
                Err(conflict) => conflicts.push(conflict),
            }
        }
        if !conflicts.is_empty() {
            return Err(MergeError::Conflicts(conflicts));
        }
        for (path, method, part) in parts {
            if let Some(operation) = generated.operation(path, method) {
                D::apply(operation, part);
            }
        }
        let needs_grant = document.catalogue.routes().any(|route| route.access().needs_grant());
        let scheme = needs_grant.then(|| value(&document.security_scheme()));
        generated.complete(document.scheme.name(), scheme, value(&root));
        unsaid.extend(found.others);
        Ok(unsaid)
    }

    fn part(
        &self,
        route: Route<'_>,
        (path, method): (&str, &str),
        said: &Said<'_>,
        inherited: Option<&Value>,
        replaces: bool,
    ) -> Result<Part, Conflict> {
        let wanted = self.security(route);
        let is_inherited = said.security.is_none();
        let there = said.security.as_ref().or(inherited).map(alternatives);
        let expected = plan::wanted_alternatives(&wanted);
        let differs = there.as_ref() != Some(&expected);
        if let Some(there) = there.filter(|_| differs && !replaces) {
            let operation = format!("{method} {path}");
            return Err(Conflict::new(operation, plan::shown(&there), plan::shown(&expected), is_inherited));
        }
        let mut bare = without_block(said.description);
        if self.shows_scopes {
            bare.truncate(bare.trim_end().len());
        }
        let described = self.shows_scopes.then(|| self.described(route, &bare));
        let visible = Visible { path, name: said.id, description: &bare };
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
