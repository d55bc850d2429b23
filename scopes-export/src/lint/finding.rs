//! The findings of the linter and their kinds.

use std::fmt;

use scopes_core::{RouteId, ScopeId};

/// The kind of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Rule {
    /// A note of the catalogue itself.
    Note,
    /// Two routes match one path, and neither matches all paths of the other.
    Overlap,
    /// A route without a scope wins over a scoped one.
    OpenWins,
    /// A route that changes something needs a scope for reading only.
    WriteUnderRead,
    /// A `GET` needs a scope for writing.
    ReadUnderWrite,
    /// A scope without a title and a description.
    NoText,
    /// Two names that are easily confused.
    NearDuplicate,
    /// Everything that a scope opens is opened by a wider scope as well.
    HiddenScope,
    /// A scope that opens a route which seems to issue tokens.
    IssuesTokens,
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 9] = [
        Self::Note,
        Self::Overlap,
        Self::OpenWins,
        Self::WriteUnderRead,
        Self::ReadUnderWrite,
        Self::NoText,
        Self::NearDuplicate,
        Self::HiddenScope,
        Self::IssuesTokens,
    ];

    /// The stable name of the rule, as in `scopes.toml`.
    ///
    /// ```
    /// assert_eq!(scopes_export::lint::Rule::OpenWins.id(), "open-wins");
    /// ```
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Overlap => "overlap",
            Self::OpenWins => "open-wins",
            Self::WriteUnderRead => "write-under-read",
            Self::ReadUnderWrite => "read-under-write",
            Self::NoText => "no-text",
            Self::NearDuplicate => "near-duplicate",
            Self::HiddenScope => "hidden-scope",
            Self::IssuesTokens => "issues-tokens",
        }
    }

    /// Whether the rule is about who may do what, and not only about how people understand the
    /// catalogue.
    ///
    /// ```
    /// use scopes_export::lint::Rule;
    /// assert!(Rule::OpenWins.is_about_rights() && !Rule::NoText.is_about_rights());
    /// ```
    #[must_use]
    pub const fn is_about_rights(self) -> bool {
        matches!(self, Self::OpenWins | Self::WriteUnderRead)
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.id())
    }
}

/// What a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Subject {
    /// The catalogue as a whole.
    Catalogue,
    /// A scope.
    Scope(ScopeId),
    /// A route.
    Route(RouteId),
}

/// A finding of the linter.
///
/// ```
/// use scopes_export::{json::from_json, lint::lint};
///
/// let catalogue = from_json(r#"{"name": "api", "scopes": [
///     {"scope": "users.read", "title": "Read users", "routes": [["DELETE", "/users/{id}"]]}]}"#)?;
/// let found = lint(&catalogue);
/// assert_eq!(found[0].to_string(), "`DELETE /users/{id}` changes something and needs only `users.read`");
/// # Ok::<(), scopes_export::json::JsonError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Lint {
    /// The kind of the finding.
    pub rule: Rule,
    /// What it is about.
    pub subject: Subject,
    /// The subject as text: `GET /users/{id}`, `users.read` or nothing. With the rule it names the
    /// finding in `scopes.toml`.
    pub about: String,
    /// What is odd, in one sentence.
    pub message: String,
}

impl fmt::Display for Lint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
