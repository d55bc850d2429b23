//! What a declaration is written in, and the words that messages have for it there.

use core::fmt;

/// What a declaration is written in. Messages about it name what can be written there.
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
    /// The block of `scopes!`.
    #[default]
    Macro,
    /// A JSON document.
    Json,
}

/// What an attribute, or a member, is called.
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

/// An attribute, or a member, with a reason.
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

/// How a route says that its trailing slash is meant.
pub(crate) struct TrailingSlash(pub(crate) Notation);

impl fmt::Display for TrailingSlash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Notation::Macro => "`#[trailing_slash]`",
            Notation::Json => "`\"trailing_slash\": true`",
        })
    }
}

/// What makes a catalogue strict.
pub(crate) struct Strict(pub(crate) Notation);

impl fmt::Display for Strict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Notation::Macro => "`#![strict]`",
            Notation::Json => "`strict`",
        })
    }
}
