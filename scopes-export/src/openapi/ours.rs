//! Which members `x-scopes` the export has written.
//!
//! Other tools have a member of this name too, such as a list of scopes. A merge never overwrites
//! what another tool has written, unless the user asks for it. So a member counts as one of the
//! export only if the export could have written it: it has what the export always writes, and
//! nothing that the export never writes.

/// What the export writes into the member of a document. The first two are always there.
const DOCUMENT: [&str; 7] = ["version", "name", "description", "base", "tenant", "scopes", "routes"];

/// What an operation demands. One of them is always there.
const DEMANDS: [&str; 4] = ["any_of", "public", "authenticated", "external"];

/// What else the export writes into the member of an operation.
const OPERATION: [&str; 9] =
    ["path", "name", "description", "tenant", "global", "unbound", "raw", "trailing_slash", "deprecated"];

/// Whether the export can have written the member of a document that has these keys.
pub(super) fn is_of_document(keys: &[&str]) -> bool {
    let (always, _) = DOCUMENT.split_at(2);
    always.iter().all(|key| keys.contains(key)) && keys.iter().all(|key| DOCUMENT.contains(key))
}

/// Whether the export can have written the member of an operation that has these keys.
pub(super) fn is_of_operation(keys: &[&str]) -> bool {
    let is_known = |key: &&str| DEMANDS.contains(key) || OPERATION.contains(key);
    keys.iter().filter(|key| DEMANDS.contains(key)).count() == 1 && keys.iter().all(is_known)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde::Serialize;

    use super::{DEMANDS, DOCUMENT, OPERATION, is_of_document, is_of_operation};
    use crate::openapi::write::extension::{Extension, Root, Visible};

    fn keys(member: &impl Serialize) -> BTreeSet<String> {
        let value = serde_json::to_value(member).expect("JSON");
        value.as_object().expect("an object").keys().cloned().collect()
    }

    fn texts(keys: &BTreeSet<String>) -> Vec<&str> {
        keys.iter().map(String::as_str).collect()
    }

    /// The lists have exactly what is written for a catalogue that uses everything.
    #[test]
    fn what_the_export_writes() {
        let catalogue = crate::json::from_json(include_str!("../../tests/full.json")).expect("a catalogue");
        let mut root = Root::of(&catalogue);
        let mut of_operations = BTreeSet::new();
        for route in catalogue.routes() {
            root.keep(route);
            let written = keys(&Extension::of(route, Visible { path: "", name: "", description: "" }));
            assert!(is_of_operation(&texts(&written)), "{written:?}");
            of_operations.extend(written);
        }
        assert_eq!(of_operations, DEMANDS.into_iter().chain(OPERATION).map(String::from).collect());
        let written = keys(&root);
        assert!(is_of_document(&texts(&written)));
        assert_eq!(written, DOCUMENT.map(String::from).into());
        assert!(is_of_document(&["name", "version"]));
    }

    #[test]
    fn what_others_write() {
        for keys in [&[][..], &["version"], &["name"], &["version", "name", "owner"], &["any_of"]] {
            assert!(!is_of_document(keys), "{keys:?}");
        }
        for keys in [&[][..], &["name"], &["any_of", "public"], &["any_of", "owner"], &["users.read"]] {
            assert!(!is_of_operation(keys), "{keys:?}");
        }
    }
}
