//! What the import reports.

use std::fmt;

/// A line and a column of a file, both counted from 1. Columns count characters.
///
/// ```
#[doc = include_str!("../../docs/imported.txt")]
/// assert_eq!(import.findings()[0].position().to_string(), "api.json:7:33");
/// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) column: usize,
}

impl Position {
    /// The name of the file: the label that [`import`](super::import) got, or, for a file that a
    /// `$ref` names, its path beside that label.
    ///
    /// ```
    #[doc = include_str!("../../docs/imported.txt")]
    /// assert_eq!(import.findings()[0].position().file(), "api.json");
    /// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
    /// ```
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The line, counted from 1.
    ///
    /// ```
    #[doc = include_str!("../../docs/imported.txt")]
    /// assert_eq!(import.findings()[0].position().line(), 7);
    /// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
    /// ```
    #[must_use]
    pub const fn line(&self) -> usize {
        self.line
    }

    /// The column in characters, counted from 1.
    ///
    /// ```
    #[doc = include_str!("../../docs/imported.txt")]
    /// assert_eq!(import.findings()[0].position().column(), 33);
    /// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
    /// ```
    #[must_use]
    pub const fn column(&self) -> usize {
        self.column
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// What a finding means for the catalogue.
///
/// ```
#[doc = include_str!("../../docs/imported.txt")]
/// assert_eq!(import.findings()[0].kind().as_str(), "left out");
/// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The catalogue lacks something of the document: an operation, or one of its alternatives. So
    /// it refuses requests that the document allows. If another route takes requests of an
    /// operation that is left out, there is a finding of the kind `Inexact` as well.
    LeftOut,
    /// The catalogue cannot say a part of what the document demands, such as a second kind of
    /// credentials. So it allows requests that the document does not allow.
    Inexact,
    /// The catalogue says the same as the document. Something is worth a look.
    Note,
}

impl Kind {
    /// The words for the kind, as in reports.
    ///
    /// ```
    /// assert_eq!(scopes_export::openapi::read::Kind::Inexact.as_str(), "inexact");
    /// ```
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LeftOut => "left out",
            Self::Inexact => "inexact",
            Self::Note => "note",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Something of the document that the catalogue does not say, or that is worth a look.
///
/// ```
#[doc = include_str!("../../docs/imported.txt")]
/// let finding = &import.findings()[0];
/// assert_eq!(finding.to_string(), format!(
///     "api.json:7:33: left out: GET /files/{{a}}-{{b}}: {}; {}",
///     finding.message(),
///     finding.advice(),
/// ));
/// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub(super) kind: Kind,
    pub(super) rule: &'static str,
    pub(super) position: Position,
    pub(super) operation: Option<String>,
    pub(super) message: String,
    pub(super) advice: String,
}

impl Finding {
    /// What the finding means for the catalogue.
    ///
    /// ```
    #[doc = include_str!("../../docs/imported.txt")]
    /// assert_eq!(import.findings()[0].kind(), scopes_export::openapi::read::Kind::LeftOut);
    /// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
    /// ```
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The id of the rule that it belongs to.
    ///
    /// ```
    #[doc = include_str!("../../docs/imported.txt")]
    /// assert_eq!(import.findings()[0].rule(), "path");
    /// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
    /// ```
    #[must_use]
    pub const fn rule(&self) -> &'static str {
        self.rule
    }

    /// Where the document says it.
    ///
    /// ```
    #[doc = include_str!("../../docs/imported.txt")]
    /// assert_eq!(import.findings()[0].position().line(), 7);
    /// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
    /// ```
    #[must_use]
    pub const fn position(&self) -> &Position {
        &self.position
    }

    /// The method and the path of the operation, as in the document.
    ///
    /// ```
    #[doc = include_str!("../../docs/imported.txt")]
    /// assert_eq!(import.findings()[0].operation(), Some("GET /files/{a}-{b}"));
    /// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
    /// ```
    #[must_use]
    pub fn operation(&self) -> Option<&str> {
        self.operation.as_deref()
    }

    /// What is the case.
    ///
    /// ```
    #[doc = include_str!("../../docs/imported.txt")]
    /// assert!(import.findings()[0].message().starts_with("`{b}` is the second parameter"));
    /// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
    /// ```
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do; empty if nothing has to be done.
    ///
    /// ```
    #[doc = include_str!("../../docs/imported.txt")]
    /// assert!(import.findings()[0].advice().ends_with("or change its path"));
    /// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
    /// ```
    #[must_use]
    pub fn advice(&self) -> &str {
        &self.advice
    }
}

/// The position, the kind, the operation, what is the case and what to do.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: ", self.position, self.kind)?;
        if let Some(operation) = &self.operation {
            write!(f, "{operation}: ")?;
        }
        f.write_str(&self.message)?;
        if !self.advice.is_empty() {
            write!(f, "; {}", self.advice)?;
        }
        Ok(())
    }
}

/// Why a document could not be imported. Nothing is known about it then.
///
/// ```
/// use scopes_export::openapi::read::{NoFiles, Options, import};
///
/// let error = import(r#"{"openapi": "4.0.0"}"#, "api.json", &mut NoFiles, &Options::new()).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "api.json:1:13: version `4.0.0` of OpenAPI is not known: 2.0, 3.0, 3.1 and 3.2 are"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentError {
    pub(super) position: Position,
    pub(super) message: String,
}

impl DocumentError {
    /// Where the mistake is.
    ///
    /// ```
    /// # use scopes_export::openapi::read::{NoFiles, Options, import};
    /// let error = import("{\n  [", "api.json", &mut NoFiles, &Options::new()).unwrap_err();
    /// assert_eq!(error.position().line(), 2);
    /// ```
    #[must_use]
    pub const fn position(&self) -> &Position {
        &self.position
    }

    /// What is wrong.
    ///
    /// ```
    /// # use scopes_export::openapi::read::{NoFiles, Options, import};
    /// let error = import("[]", "api.json", &mut NoFiles, &Options::new()).unwrap_err();
    /// assert_eq!(error.message(), "an OpenAPI document is an object, this is an array");
    /// ```
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.position, self.message)
    }
}

impl std::error::Error for DocumentError {}
