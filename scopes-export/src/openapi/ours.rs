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
    use super::{DEMANDS, DOCUMENT, OPERATION, is_of_document, is_of_operation};

    #[test]
    fn what_the_export_writes() {
        assert!(is_of_document(&DOCUMENT) && is_of_document(&["name", "version"]));
        for demand in DEMANDS {
            assert!(is_of_operation(&[demand]) && is_of_operation(&[&[demand][..], &OPERATION].concat()));
        }
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
