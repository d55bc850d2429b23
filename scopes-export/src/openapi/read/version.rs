//! The version of a document.

use super::documents::Documents;
use super::finding::DocumentError;

/// The versions of OpenAPI that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    Two,
    ThreeZero,
    ThreeOne,
    ThreeTwo,
}

impl Version {
    pub(super) fn read(documents: &Documents<'_>) -> Result<Self, DocumentError> {
        let root = documents.root();
        let Some(object) = root.node.object() else {
            let message = format!("an OpenAPI document is an object, this is {}", root.node.kind());
            return Err(documents.error(root.place(), message));
        };
        if let Some(member) = object.repeated() {
            let at = root.within(&member.value);
            return Err(documents.error(at.place(), format!("the document has the member `{}` twice", member.key)));
        }
        let Some(at) = root.get("openapi").or_else(|| root.get("swagger")) else {
            let message = "this is not an OpenAPI document: it has neither `openapi` nor `swagger`";
            return Err(documents.error(root.place(), message));
        };
        let text = at.node.scalar().unwrap_or_default();
        let is =
            |version: &str| text.strip_prefix(version).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        match root.get("openapi").is_some() {
            true if is("3.0") => Ok(Self::ThreeZero),
            true if is("3.1") => Ok(Self::ThreeOne),
            true if is("3.2") => Ok(Self::ThreeTwo),
            false if is("2.0") || text == "2" => Ok(Self::Two),
            _ => {
                let message = format!("version `{text}` of OpenAPI is not known: 2.0, 3.0, 3.1 and 3.2 are");
                Err(documents.error(at.place(), message))
            }
        }
    }

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Two => "2.0",
            Self::ThreeZero => "3.0",
            Self::ThreeOne => "3.1",
            Self::ThreeTwo => "3.2",
        }
    }
}
