//! A document as a catalogue and a list of findings.

use scopes_core::{RouteId, ScopeId, UntypedCatalogue};

use super::finding::{Finding, Kind, Position};

/// A catalogue that was made from an OpenAPI document, and what is to say about it.
///
/// ```
#[doc = include_str!("../../docs/imported.txt")]
/// assert_eq!(import.catalogue().routes().len(), 1);
/// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Import {
    pub(super) catalogue: UntypedCatalogue,
    pub(super) findings: Vec<Finding>,
    pub(super) routes: Vec<Position>,
    pub(super) scopes: Vec<Position>,
    pub(super) operations: usize,
}

impl Import {
    /// The catalogue.
    ///
    /// ```
    #[doc = include_str!("../../docs/imported.txt")]
    /// assert_eq!(import.catalogue().scopes().len(), 1);
    /// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
    /// ```
    #[must_use]
    pub const fn catalogue(&self) -> &UntypedCatalogue {
        &self.catalogue
    }

    /// The findings, in the order of their positions.
    ///
    /// ```
    #[doc = include_str!("../../docs/imported.txt")]
    /// // `GET /files/{a}-{b}` is left out, and `GET /files/{name}` takes its requests.
    /// let rules: Vec<_> = import.findings().iter().map(|finding| finding.rule()).collect();
    /// assert_eq!(rules, ["path", "taken"]);
    /// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
    /// ```
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether the catalogue says all that the document demands: there are only notes.
    ///
    /// ```
    #[doc = include_str!("../../docs/imported.txt")]
    /// assert!(!import.is_complete());
    /// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
    /// ```
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.findings.iter().all(|finding| finding.kind() == Kind::Note)
    }

    /// How many operations were read, also those that are left out.
    ///
    /// ```
    #[doc = include_str!("../../docs/imported.txt")]
    /// assert_eq!(import.operations(), 2);
    /// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
    /// ```
    #[must_use]
    pub const fn operations(&self) -> usize {
        self.operations
    }

    /// Where the document has a route of the catalogue.
    ///
    /// ```
    #[doc = include_str!("../../docs/imported.txt")]
    /// let route = import.catalogue().routes().next().unwrap();
    /// assert_eq!(import.route_position(route.id()).unwrap().to_string(), "api.json:6:26");
    /// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
    /// ```
    #[must_use]
    pub fn route_position(&self, route: RouteId) -> Option<&Position> {
        self.routes.get(route.index())
    }

    /// Where the document first names a scope of the catalogue.
    ///
    /// ```
    #[doc = include_str!("../../docs/imported.txt")]
    /// let scope = import.catalogue().scopes().next().unwrap();
    /// assert_eq!(import.scope_position(scope.id()).unwrap().line(), 4);
    /// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
    /// ```
    #[must_use]
    pub fn scope_position(&self, scope: ScopeId) -> Option<&Position> {
        self.scopes.get(scope.index())
    }
}
