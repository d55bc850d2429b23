//! A finding before it is known what it is about.

use super::documents::{At, Place};

/// Why a part of the document is not in the catalogue.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    pub(super) rule: &'static str,
    pub(super) place: Place,
    pub(super) message: String,
    pub(super) advice: &'static str,
}

impl Fault {
    pub(super) fn new(rule: &'static str, place: Place, message: impl Into<String>, advice: &'static str) -> Self {
        Self { rule, place, message: message.into(), advice }
    }

    /// A value of another form than the specification says.
    pub(super) fn form(at: &At, what: &str, expected: &str) -> Self {
        let message = format!("{what} must be {expected}, this is {}", at.node.kind());
        Self::new("form", at.place(), message, "write it as the specification says")
    }

    /// A `$ref` that leads nowhere.
    pub(super) fn reference(at: &At, message: String) -> Self {
        Self::new("ref", at.place(), message, "import a document in which the reference leads to a value")
    }

    /// A key that occurs twice in an object.
    pub(super) fn repeated(at: &At) -> Option<Self> {
        let member = at.node.object()?.repeated()?;
        let message = format!("`{}` occurs twice in this object, and readers differ in which one counts", member.key);
        let place = Place { file: at.file, spot: member.spot };
        Some(Self::new("repeated-key", place, message, "remove one of the two"))
    }
}
