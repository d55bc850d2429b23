//! The depth of documents.
//!
//! An import and a merge read a document by different readers: an import needs lines, and values in
//! the place of aliases; a merge needs bytes, and aliases as they are written. All have one bound,
//! so that what can be imported can be merged.

/// The most objects and arrays within one another. It bounds the recursion of the readers, and of
/// all that walks over their values. What is deeper, `serde_json` cannot read as a value, so most
/// other programs in Rust cannot either.
pub(super) const MAX_DEPTH: usize = 127;

pub(super) fn message() -> String {
    format!("more than {MAX_DEPTH} objects and arrays are within one another")
}
