//! The match of one request with a route.

use alloc::borrow::Cow;
use core::fmt;

use super::{Parameter, Route};
use crate::layout::RouteRecord;
use crate::matcher::{SegmentEnds, SegmentSlot, segment_of};
use crate::path_rules;

/// A request's route, and the positions of its parameters in the raw path.
///
/// ```
/// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
/// # let mut declaration = Declaration::new("api");
/// declaration.tenant = Some("account".into());
/// declaration.scope("users.read").route("GET", "/accounts/{account}/users/{user}");
/// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
/// let found = catalogue.at("GET", b"/accounts/a1/users/ada").unwrap();
/// assert_eq!(found.route().path(), "/accounts/{account}/users/{user}");
/// assert_eq!(found.tenant().as_deref(), Some("a1"));
/// assert_eq!(found.parameter("user").as_deref(), Some("ada"));
/// ```
#[derive(Clone, Copy)]
pub struct RouteMatch<'c, 't> {
    route: Route<'c>,
    path: &'t [u8],
    ends: SegmentEnds,
    /// Whether the catalogue's own walk has found the route, and the decoded path cannot be read as
    /// another route.
    decoded_alike: bool,
}

impl<'c, 't> RouteMatch<'c, 't> {
    #[inline(always)]
    pub(crate) const fn new(route: Route<'c>, path: &'t [u8], ends: SegmentEnds, decoded_alike: bool) -> Self {
        Self { route, path, ends, decoded_alike }
    }

    /// Whether the decoded path is known not to match another route. `false` means unknown.
    #[inline(always)]
    pub(crate) fn is_only_reading(&self) -> bool {
        self.decoded_alike && !self.route.catalogue.parts.tables.readings.literal_is_text
    }

    /// The route that the request matches.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users/{user}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let found = catalogue.at("GET", b"/users/7").unwrap();
    /// assert_eq!(found.route().path(), "/users/{user}");
    /// ```
    #[must_use]
    pub const fn route(&self) -> Route<'c> {
        self.route
    }

    /// The path below the base as it was sent, without the query.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.base = Some("/api".into());
    /// declaration.scope("users.read").route("GET", "/users/{user}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let found = catalogue.at("GET", b"/api/users/ada%20l?full=1").unwrap();
    /// assert_eq!(found.raw_path(), b"/users/ada%20l");
    /// ```
    #[must_use]
    pub const fn raw_path(&self) -> &'t [u8] {
        self.path
    }

    /// A parameter's raw value, as it is in the path, not decoded.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users/{user}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let found = catalogue.at("GET", b"/users/ada%20l").unwrap();
    /// assert_eq!(found.raw_parameter("user"), Some(&b"ada%20l"[..]));
    /// ```
    #[must_use]
    pub fn raw_parameter(&self, name: &str) -> Option<&'t [u8]> {
        self.route.parameters().find(|parameter| parameter.name == name).and_then(|parameter| self.raw(parameter))
    }

    /// A parameter's value, decoded once. The handler must see the same value.
    ///
    /// `None` for a name that the route does not have, and for the bytes of a `#[raw]` parameter
    /// that are not UTF-8.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users/{user}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let found = catalogue.at("GET", b"/users/ada%20l").unwrap();
    /// assert_eq!(found.parameter("user").as_deref(), Some("ada l"));
    /// assert_eq!(found.parameter("id"), None);
    /// ```
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<Cow<'t, str>> {
        self.raw_parameter(name).and_then(path_rules::decode)
    }

    /// Iterates over all parameters that decode, from left to right.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("files.read").route("GET", "/users/{user}/files/{*path}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let found = catalogue.at("GET", b"/users/ada/files/a/b.txt").unwrap();
    /// let parameters: Vec<_> = found.parameters().collect();
    /// assert_eq!(parameters, [("user", "ada".into()), ("path", "a/b.txt".into())]);
    /// ```
    pub fn parameters(&self) -> impl Iterator<Item = (&'c str, Cow<'t, str>)> + '_ {
        self.route
            .parameters()
            .filter_map(|parameter| Some((parameter.name, path_rules::decode(self.raw(parameter)?)?)))
    }

    /// The tenant that the path names, decoded. `None` on routes without the tenant's parameter.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.tenant = Some("account".into());
    /// declaration.scope("users.read").route("GET", "/accounts/{account}/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let found = catalogue.at("GET", b"/accounts/acme%20corp/users").unwrap();
    /// assert_eq!(found.tenant().as_deref(), Some("acme corp"));
    /// ```
    #[must_use]
    pub fn tenant(&self) -> Option<Cow<'t, str>> {
        self.route.tenant_parameter().and_then(|parameter| self.raw(parameter)).and_then(path_rules::decode)
    }

    /// The raw tenant from the path, not decoded. If the match does not have it, the result is
    /// `None` or empty, which never equals a caller's tenant.
    #[inline(always)]
    pub(crate) fn raw_tenant(&self, record: RouteRecord<'_>) -> Option<&'t [u8]> {
        let kept = SegmentSlot(record.tenant_slot());
        match self.ends.kept(kept) {
            Some((start, end)) => self.path.get(start..end),
            None => match self.common_parameter(kept) {
                Some((start, end)) => self.path.get(start..end),
                None => self.raw_tenant_by_parameter(),
            },
        }
    }

    /// Start and end of the parameter of the common prefix, if the slot stands for it.
    fn common_parameter(&self, kept: SegmentSlot) -> Option<(usize, usize)> {
        let common_prefix = &self.route.catalogue.parts.tables.common_prefix;
        if kept == SegmentSlot::COMMON_PARAMETER { common_prefix.parameter(self.path) } else { None }
    }

    /// Finds a tenant that is not a whole segment, or whose segment the walk has not kept.
    #[inline(never)]
    fn raw_tenant_by_parameter(&self) -> Option<&'t [u8]> {
        self.route.tenant_parameter().and_then(|parameter| self.raw(parameter))
    }

    #[inline]
    fn raw(&self, parameter: Parameter<'c>) -> Option<&'t [u8]> {
        let (start, end) = self.range(parameter)?;
        self.path.get(start..end)
    }

    /// Start and end of the tenant's value in [`raw_path`](Self::raw_path), for code that keeps the
    /// path but not the match.
    #[doc(hidden)]
    #[must_use]
    #[inline]
    pub fn tenant_range(&self) -> Option<(usize, usize)> {
        self.range(self.route.tenant_parameter()?)
    }

    /// Start and end of a parameter's value. `None` if it is empty.
    #[inline]
    fn range(&self, parameter: Parameter<'c>) -> Option<(usize, usize)> {
        let route = self.route;
        // A path that matches `{*rest}` may have more segments than its route.
        let kept = if route.has_rest() {
            SegmentSlot::NOT_KEPT
        } else {
            SegmentSlot::new(parameter.segment, route.segments())
        };
        let (start, end) = match self.ends.kept(kept) {
            Some(kept) => kept,
            None => self.common_parameter(kept).or_else(|| segment_of(parameter.segment, self.path))?,
        };
        let end = if parameter.rest { self.path.len() } else { end };
        let (start, end) = (start + parameter.prefix, end.checked_sub(parameter.suffix)?);
        (start < end && end <= self.path.len()).then_some((start, end))
    }
}

impl fmt::Debug for RouteMatch<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Values may be secret and are never shown.
        f.debug_struct("RouteMatch").field("route", &self.route).finish_non_exhaustive()
    }
}
