//! The notation of a declaration, and what messages call its attributes.

use core::fmt;

/// The notation of a declaration. Messages use its words.
///
/// ```
/// use scopes_core::{UntypedCatalogue, declaration::{Declaration, Notation}};
///
/// let mut declaration = Declaration::new("api");
/// declaration.notation = Notation::Json;
/// declaration.tenant = Some("account".into());
/// declaration.scope("users.read").route("GET", "/users");
/// let errors = UntypedCatalogue::from_declaration(&declaration).unwrap_err();
/// assert!(!errors.to_string().contains("#["), "JSON has no attributes");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Notation {
    /// The block of the macro `scopes!`.
    #[default]
    Macro,
    /// A catalogue as a JSON document.
    Json,
}

/// The name of an attribute of the macro, or of a member in JSON.
pub(crate) struct Attribute {
    pub(crate) name: &'static str,
    pub(crate) notation: Notation,
}

impl fmt::Display for Attribute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.notation {
            Notation::Macro => write!(f, "`#[{}]`", self.name),
            Notation::Json => write!(f, "`{}`", self.name),
        }
    }
}

/// An attribute of the macro, or a member in JSON, with a reason.
pub(crate) struct Reason {
    pub(crate) name: &'static str,
    pub(crate) notation: Notation,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.notation {
            Notation::Macro => write!(f, "`#[{}(\"why\")]`", self.name),
            Notation::Json => write!(f, "`\"{}\": \"why\"`", self.name),
        }
    }
}

/// How a route declares that its trailing slash is intended.
pub(crate) struct TrailingSlash(pub(crate) Notation);

impl fmt::Display for TrailingSlash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Notation::Macro => "`#[trailing_slash]`",
            Notation::Json => "`\"trailing_slash\": true`",
        })
    }
}

/// How a catalogue is declared strict.
pub(crate) struct Strict(pub(crate) Notation);

impl fmt::Display for Strict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Notation::Macro => "`#![strict]`",
            Notation::Json => "`strict`",
        })
    }
}
