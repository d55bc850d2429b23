//! A parameter of a route, and the position of its value.

use crate::layout::ParameterFields;

/// One parameter of a route's template.
///
/// ```
/// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// # let mut declaration = Declaration::new("api");
/// declaration.scope("jobs.run").route("POST", "/jobs/job-{job}:run");
/// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
/// let parameter = catalogue.routes().next().unwrap().parameters().next().unwrap();
/// assert_eq!((parameter.name(), parameter.segment()), ("job", 1));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter<'c> {
    pub(crate) name: &'c str,
    pub(crate) segment: usize,
    pub(crate) prefix: usize,
    pub(crate) suffix: usize,
    pub(crate) rest: bool,
    pub(crate) raw: bool,
}

impl<'c> Parameter<'c> {
    #[inline(always)]
    pub(super) fn new(name: &'c str, fields: &ParameterFields) -> Self {
        Self {
            name,
            segment: usize::from(fields.segment),
            prefix: usize::from(fields.prefix),
            suffix: usize::from(fields.suffix),
            rest: fields.is_rest,
            raw: fields.is_raw,
        }
    }

    /// The name of the parameter, without braces.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users/{user}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.routes().next().unwrap().parameters().next().unwrap().name(), "user");
    /// ```
    #[must_use]
    pub const fn name(self) -> &'c str {
        self.name
    }

    /// The index of the parameter's segment, counted from 0, without the base.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users/{user}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.routes().next().unwrap().parameters().next().unwrap().segment(), 1);
    /// ```
    #[must_use]
    pub const fn segment(self) -> usize {
        self.segment
    }

    /// The number of bytes of literal text before the parameter in its segment.
    #[must_use]
    pub const fn prefix_length(self) -> usize {
        self.prefix
    }

    /// The number of bytes of literal text after the parameter in its segment.
    #[must_use]
    pub const fn suffix_length(self) -> usize {
        self.suffix
    }

    /// Whether the parameter is a catch-all: `{*rest}`.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("files.read").route("GET", "/files/{*path}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert!(catalogue.routes().next().unwrap().parameters().next().unwrap().is_rest());
    /// ```
    #[must_use]
    pub const fn is_rest(self) -> bool {
        self.rest
    }

    /// Whether the parameter is `#[raw]`: it accepts values that the strict rules refuse.
    ///
    /// The value of such a parameter may decode to `../`, a line break or NUL, or not decode at
    /// all. Never join it to a path, put it in a header or split it again.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// let scope = declaration.scope("files.read").route("GET", "/files/{name}");
    /// scope.routes[0].raw.push("name".into());
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert!(catalogue.routes().next().unwrap().parameters().next().unwrap().is_raw());
    /// let found = catalogue.at("GET", b"/files/a%2Fb").unwrap();
    /// assert_eq!(found.parameter("name").as_deref(), Some("a/b"));
    /// ```
    #[must_use]
    pub const fn is_raw(self) -> bool {
        self.raw
    }
}
