//! Why a document cannot be merged with a catalogue.

use std::fmt;

use crate::shown;

/// The most conflicts that an error shows.
const MOST_SHOWN: usize = 50;

/// An operation whose `security` differs from what the catalogue demands.
///
/// ```
#[doc = include_str!("../../docs/openapi.txt")]
/// let text = r#"{"openapi": "3.1.1", "paths": {"/users/{id}":
///     {"get": {"security": [], "responses": {}}}}}"#;
/// let merged = Document::new(&catalogue).merge_into(text, false);
/// let Err(MergeError::Conflicts(conflicts)) = merged else { panic!() };
/// assert_eq!(
///     conflicts[0].to_string(),
///     "`GET /users/{id}`: the document demands no credentials, \
///      the catalogue `bearer` with `users.read`"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub(super) line: usize,
    pub(super) at: usize,
    pub(super) operation: String,
    pub(super) document: String,
    pub(super) catalogue: String,
    pub(super) is_inherited: bool,
}

impl Conflict {
    /// The line of the document, counted from 1; 0 for a document that is not a text.
    ///
    /// ```
    #[doc = include_str!("../../docs/openapi.txt")]
    /// let text = r#"{"openapi": "3.1.1", "paths": {"/users/{id}":
    ///     {"get": {"security": [], "responses": {}}}}}"#;
    /// let merged = Document::new(&catalogue).merge_into(text, false);
    /// let Err(MergeError::Conflicts(conflicts)) = merged else { panic!() };
    /// assert_eq!(conflicts[0].line(), 2);
    /// ```
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }
}

/// Names the operation and both demands, on one line.
impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = if self.is_inherited { " for all operations" } else { "" };
        let text = format!(
            "`{}`: the document demands {}{whole}, the catalogue {}",
            self.operation, self.document, self.catalogue
        );
        f.write_str(&shown::line(&text))
    }
}

/// Why a document cannot be merged with a catalogue. Its text shows at most 50 conflicts.
///
/// ```
#[doc = include_str!("../../docs/openapi.txt")]
/// let error = Document::new(&catalogue).merge_into(r#"{"swagger": "2.0"}"#, false).unwrap_err();
/// assert_eq!(error, MergeError::Version);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MergeError {
    /// The text is not JSON, and not YAML.
    Syntax {
        /// The line, counted from 1.
        line: usize,
        /// The column in characters, counted from 1.
        column: usize,
        /// What is wrong.
        message: String,
    },
    /// The text is not an OpenAPI document of version 3.0, 3.1 or 3.2.
    Version,
    /// The document demands something else than the catalogue: all operations where it does.
    Conflicts(Vec<Conflict>),
    /// The document cannot be changed in a way that leaves everything else as it is, or a member of
    /// another tool would be lost.
    NotGuaranteed {
        /// Why not.
        reason: String,
        /// The changes as an OpenAPI overlay, to be made by hand or by another tool.
        patch: String,
    },
}

impl fmt::Display for MergeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax { line, column, message } => write!(f, "line {line}, column {column}: {message}"),
            Self::Version => f.write_str("this is not an OpenAPI document of version 3.0, 3.1 or 3.2"),
            Self::Conflicts(conflicts) => {
                for (index, conflict) in conflicts.iter().take(MOST_SHOWN).enumerate() {
                    let separator = if index > 0 { "\n" } else { "" };
                    match conflict.line {
                        0 => write!(f, "{separator}{conflict}")?,
                        line => write!(f, "{separator}line {line}: {conflict}")?,
                    }
                }
                match conflicts.len().saturating_sub(MOST_SHOWN) {
                    0 => Ok(()),
                    more => write!(f, "\nand {more} more"),
                }
            }
            Self::NotGuaranteed { reason, .. } => write!(f, "the document is not changed: {reason}"),
        }
    }
}

impl std::error::Error for MergeError {}
