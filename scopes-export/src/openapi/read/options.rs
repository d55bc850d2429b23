//! What the user decides about an import.

use std::collections::HashSet;

/// What becomes of the operations for which the document says nothing: they have no `security`, and
/// neither has the document.
///
/// ```
/// use scopes_core::Access;
/// use scopes_export::openapi::read::{NoFiles, Options, Undeclared, import};
///
/// let text = r#"{"openapi": "3.1.0", "paths": {"/me": {"get": {}}}}"#;
/// assert_eq!(import(text, "api.json", &mut NoFiles, &Options::new())?.catalogue().routes().len(), 0);
///
/// let options = Options::new().undeclared(Undeclared::External);
/// let import = import(text, "api.json", &mut NoFiles, &options)?;
/// let route = import.catalogue().routes().next().unwrap();
/// assert!(matches!(route.access(), Access::External(_)));
/// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Undeclared {
    /// Every client may call them.
    Public,
    /// Every client with good credentials may call them.
    Authenticated,
    /// A check outside of the catalogue decides.
    External,
}

/// What the user decides about an import. [`Options::new`] decides nothing.
///
/// ```
/// use scopes_export::openapi::read::{NoFiles, Options, import};
///
/// let text = r#"{"openapi": "3.1.0", "paths": {
///     "/users": {"get": {"x-required-scopes": ["users.read"]}}
/// }}"#;
/// let options = Options::new().name("shop").all_of("x-required-scopes").base("/v2");
/// let import = import(text, "api.json", &mut NoFiles, &options)?;
/// assert_eq!(import.catalogue().name(), "shop");
/// assert_eq!(import.catalogue().routes().next().unwrap().template(), "/v2/users");
/// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub(super) name: Option<String>,
    pub(super) base: Option<String>,
    pub(super) undeclared: Option<Undeclared>,
    pub(super) members: Vec<(String, Members)>,
    pub(super) placeholders: HashSet<String>,
}

/// How the names in an `x-*` member are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Members {
    All,
    Any,
}

impl Options {
    /// Decides nothing.
    ///
    /// ```
    /// use scopes_export::openapi::read::{NoFiles, Options, import};
    /// let import = import(r#"{"openapi": "3.1.0"}"#, "api.json", &mut NoFiles, &Options::new())?;
    /// assert_eq!(import.catalogue().name(), "api");
    /// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The name of the catalogue's module. Without it, the name is the one in the document's
    /// `x-scopes`, or `api`.
    ///
    /// ```
    /// # use scopes_export::openapi::read::{NoFiles, Options, import};
    /// let options = Options::new().name("shop");
    /// let import = import(r#"{"openapi": "3.1.0"}"#, "api.json", &mut NoFiles, &options)?;
    /// assert_eq!(import.catalogue().name(), "shop");
    /// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
    /// ```
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// The path below which the API is served, instead of the one in the document's `servers` or
    /// `basePath`.
    ///
    /// ```
    /// # use scopes_export::openapi::read::{NoFiles, Options, import};
    /// let options = Options::new().base("/v2");
    /// let text = r#"{"swagger": "2.0", "basePath": "/v1", "paths": {"/a": {"get": {"security": []}}}}"#;
    /// let import = import(text, "api.json", &mut NoFiles, &options)?;
    /// assert_eq!(import.catalogue().base(), "/v2");
    /// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
    /// ```
    #[must_use]
    pub fn base(mut self, base: impl Into<String>) -> Self {
        self.base = Some(base.into());
        self
    }

    /// What becomes of the operations for which the document says nothing. Without it, they are
    /// reported and left out.
    ///
    /// ```
    /// # use scopes_export::openapi::read::{NoFiles, Options, Undeclared, import};
    /// let options = Options::new().undeclared(Undeclared::Authenticated);
    /// let text = r#"{"openapi": "3.1.0", "paths": {"/me": {"get": {}}}}"#;
    /// assert!(import(text, "api.json", &mut NoFiles, &options)?.is_complete());
    /// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
    /// ```
    #[must_use]
    pub const fn undeclared(mut self, undeclared: Undeclared) -> Self {
        self.undeclared = Some(undeclared);
        self
    }

    /// An `x-*` member of operations with the names of scopes that a caller needs together, beside
    /// what `security` demands. Its value is a text with names between blanks, or an array of
    /// names.
    ///
    /// ```
    /// # use scopes_export::openapi::read::{NoFiles, Options, import};
    /// let options = Options::new().all_of("x-scopes-needed");
    /// let text = r#"{"openapi": "3.1.0", "paths": {"/me": {"get": {"x-scopes-needed": "a b"}}}}"#;
    /// let import = import(text, "api.json", &mut NoFiles, &options)?;
    /// let needs = import.catalogue().routes().next().unwrap().requirement();
    /// assert_eq!(needs.display(import.catalogue()).to_string(), "a b");
    /// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
    /// ```
    #[must_use]
    pub fn all_of(mut self, member: impl Into<String>) -> Self {
        self.members.push((member.into(), Members::All));
        self
    }

    /// An `x-*` member of operations with the names of scopes of which a caller needs one, beside
    /// what `security` demands. Its value is a name, an array of names, or an array of arrays of
    /// names that are needed together.
    ///
    /// ```
    /// # use scopes_export::openapi::read::{NoFiles, Options, import};
    /// let options = Options::new().any_of("x-api-token-group");
    /// let text = r#"{"openapi": "3.1.0", "paths": {"/me": {"get": {"x-api-token-group": ["a", "b"]}}}}"#;
    /// let import = import(text, "api.json", &mut NoFiles, &options)?;
    /// let needs = import.catalogue().routes().next().unwrap().requirement();
    /// assert_eq!(needs.display(import.catalogue()).to_string(), "a; b");
    /// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
    /// ```
    #[must_use]
    pub fn any_of(mut self, member: impl Into<String>) -> Self {
        self.members.push((member.into(), Members::Any));
        self
    }

    /// A name that the document writes where no scope is needed, such as `none`. An alternative
    /// with no other name is one without scopes.
    ///
    /// ```
    /// # use scopes_core::Access;
    /// # use scopes_export::openapi::read::{NoFiles, Options, import};
    /// let options = Options::new().no_scope("none");
    /// let text = r#"{"openapi": "3.1.0", "paths": {"/me": {"get": {"security": [{"OAuth2": ["none"]}]}}}}"#;
    /// let import = import(text, "api.json", &mut NoFiles, &options)?;
    /// assert!(matches!(import.catalogue().routes().next().unwrap().access(), Access::Authenticated(_)));
    /// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
    /// ```
    #[must_use]
    pub fn no_scope(mut self, name: impl Into<String>) -> Self {
        self.placeholders.insert(name.into());
        self
    }
}
