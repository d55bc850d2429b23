//! The facts that an adapter knows about a request, in one form for all frameworks.

use std::{fmt, ptr};

#[cfg(feature = "_axum")]
use axum::extract::MatchedPath;
use http::uri::PathAndQuery;
use http::{Method, Uri};
#[cfg(feature = "_gate")]
use scopes_core::template::{Piece, pieces};
use scopes_core::{UntypedCatalogue, target};

#[cfg(feature = "_values")]
use super::values::values;

/// The facts that an adapter knows about a request.
///
/// In an adapter of your own, pass the target as the client sent it, not the rest of it below a
/// mount, and the router's *whole* template, mount prefixes included, in brace form.
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users/{user}"; } }
/// use http::Method;
/// use scopes::check::{self, Facts};
/// use scopes::Authentication;
///
/// let mut extensions = http::Extensions::new();
/// let grant = api::Grant::new(api::Scope::UsersRead);
/// Authentication::Granted(grant).store(&mut extensions, &Default::default());
/// // What a router says: the target as it was sent, and the template that has matched.
/// let facts = Facts::new(&Method::GET, "/users/7?full=1").with_template("/users/{id}");
/// let permit = check::permit::<api::permits::UsersRead>(&extensions, facts)?;
/// assert_eq!(permit.parameter("user").unwrap(), "7");
/// # Ok::<(), scopes::Denied>(())
/// ```
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    pub(crate) method: &'a Method,
    pub(crate) raw_target: &'a str,
    pub(crate) matched_template: Option<&'a str>,
    /// The template as axum has put it into the request.
    #[cfg(feature = "_axum")]
    pub(crate) matched_path: Option<&'a MatchedPath>,
    pub(crate) misread: bool,
    /// The target in a form that can be kept without a copy, if the request has one.
    pub(crate) path_and_query: Option<&'a PathAndQuery>,
    /// The rest of the path below a mount.
    pub(crate) local_path: Option<&'a str>,
    /// Whether the adapter does not know by which method the router has chosen the handler.
    #[cfg_attr(not(feature = "_gate"), allow(dead_code, reason = "only the gate asks for it"))]
    pub(crate) dispatch_unknown: bool,
}

impl<'a> Facts<'a> {
    /// The facts of a request with this method and this target (path and query) as the client sent
    /// them.
    #[must_use]
    #[inline]
    pub const fn new(method: &'a Method, raw_target: &'a str) -> Self {
        Self {
            method,
            raw_target,
            path_and_query: None,
            matched_template: None,
            #[cfg(feature = "_axum")]
            matched_path: None,
            misread: false,
            local_path: None,
            dispatch_unknown: false,
        }
    }

    /// The facts of a request with this method and this URI as the client sent them.
    #[cfg_attr(
        feature = "_axum",
        allow(dead_code, reason = "axum has facts of its own; other adapters beside it have not")
    )]
    #[inline]
    pub(crate) fn of_uri(method: &'a Method, uri: &'a Uri) -> Self {
        Self { path_and_query: shared_target(uri), ..Self::new(method, raw_target(uri)) }
    }

    /// The facts of a request that axum has matched. Nearly all facts are built here, in one step.
    #[cfg(feature = "_axum")]
    #[inline(always)]
    pub(crate) fn of_match(
        method: &'a Method,
        uri: &'a Uri,
        local_path: Option<&'a str>,
        matched_path: Option<&'a MatchedPath>,
    ) -> Self {
        let facts = Self {
            method,
            raw_target: raw_target(uri),
            path_and_query: shared_target(uri),
            matched_template: matched_path.map(MatchedPath::as_str),
            matched_path,
            misread: false,
            local_path,
            dispatch_unknown: false,
        };
        match local_path {
            Some(local) if !facts.ends_with(local) => facts.misread(),
            _ => facts,
        }
    }

    /// Adds the template that the router has matched.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users/{user}"; } }
    /// # use http::Method;
    /// # use scopes::{Authentication, Denied, check::{self, Facts}};
    /// # let mut extensions = http::Extensions::new();
    /// # let grant = api::Grant::new(api::Scope::UsersRead);
    /// # Authentication::Granted(grant).store(&mut extensions, &Default::default());
    /// // The catalogue has no such route, whatever it says of the path.
    /// let facts = Facts::new(&Method::GET, "/users/7").with_template("/{*anything}");
    /// assert!(check::permit::<api::permits::UsersRead>(&extensions, facts).is_err());
    /// ```
    #[must_use]
    #[inline]
    pub const fn with_template(self, template: &'a str) -> Self {
        Self { matched_template: Some(template), ..self }
    }

    /// Says that the router has read the path in another way than the template's segments: a
    /// pattern took several of them, or the template is not the one that has matched. Then the
    /// positions of parameters are unknown, and the request is refused.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users/{user}"; } }
    /// # use http::Method;
    /// # use scopes::{Authentication, Denied, check::{self, Facts}};
    /// # let mut extensions = http::Extensions::new();
    /// # let grant = api::Grant::new(api::Scope::UsersRead);
    /// # Authentication::Granted(grant).store(&mut extensions, &Default::default());
    /// let facts = Facts::new(&Method::GET, "/users/7").with_template("/users/{id}").misread();
    /// assert!(check::permit::<api::permits::UsersRead>(&extensions, facts).is_err());
    /// ```
    #[must_use]
    pub const fn misread(self) -> Self {
        Self { misread: true, ..self }
    }

    /// Adds the path by which the router has matched. Below a mount it is the rest of the target's
    /// path.
    ///
    /// If the target's path does not end with it, a layer has rewritten the path. Then the router
    /// reads another path than the check, and the request is refused like a
    /// [`misread`](Self::misread) one. The number of segments shows whether the mounts of the
    /// template leave this end, unless the template ends in `{*rest}`. In that case only the
    /// adapter can compare the values that its router has found, and must call `misread` if they
    /// differ.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users/{user}"; } }
    /// # use http::Method;
    /// # use scopes::{Authentication, Denied, check::{self, Facts}};
    /// # let mut extensions = http::Extensions::new();
    /// # let grant = api::Grant::new(api::Scope::UsersRead);
    /// # Authentication::Granted(grant).store(&mut extensions, &Default::default());
    /// let facts = Facts::new(&Method::GET, "/users/7").with_template("/users/{id}");
    /// // Mounted at `/users`, the router has matched what is left of the path.
    /// let permit = |facts| check::permit::<api::permits::UsersRead>(&extensions, facts);
    /// assert!(permit(facts.with_local_path("/7")).is_ok());
    /// assert!(permit(facts.with_local_path("/8")).is_err());
    /// ```
    #[must_use]
    #[inline]
    pub fn with_local_path(self, path: &'a str) -> Self {
        Self { local_path: Some(path), misread: self.misread || !self.ends_with(path), ..self }
    }

    /// Whether this can be the rest of the path after a mount. A path that is equal to the mount
    /// becomes `/`.
    #[inline]
    fn ends_with(self, path: &str) -> bool {
        let whole = self.path();
        ptr::eq(path, whole) || matches!(path, "" | "/") || path.starts_with('/') && whole.ends_with(path)
    }

    /// The target's path. A target without a path is returned as it is.
    #[inline]
    pub(crate) fn path(self) -> &'a str {
        if let Some(target) = self.path_and_query {
            return target.path();
        }
        if self.raw_target.starts_with('/') {
            return self.raw_target.split_once('?').map_or(self.raw_target, |(path, _)| path);
        }
        let path = target::path_of(self.raw_target.as_bytes()).ok().and_then(|path| std::str::from_utf8(path).ok());
        path.unwrap_or(self.raw_target)
    }

    /// Whether the router has matched another path than the target's.
    #[inline]
    pub(crate) fn is_stripped(self) -> bool {
        self.local_path.is_some_and(|local| {
            let whole = self.path();
            !ptr::eq(local, whole) && local != whole
        })
    }

    /// Whether the template's last segment is a catch-all.
    #[cfg(feature = "_gate")]
    #[inline]
    pub(crate) fn ends_in_rest(self) -> bool {
        self.matched_template
            .and_then(|template| pieces(template).last())
            .is_some_and(|last| matches!(last, Piece::Rest(_)))
    }

    /// Compares the values that the router has found for the template's parameters, decoded and in
    /// their order, with the values in the target. If they differ, the router has read another
    /// path.
    #[cfg(feature = "_values")]
    pub(crate) fn with_values<'v>(self, found: impl IntoIterator<Item = &'v str>) -> Self {
        let expected = self.matched_template.and_then(|template| values(template, self.path()));
        let alike = expected.is_some_and(|expected| {
            let named = expected.iter().filter(|(name, _)| !name.is_empty());
            named.map(|(_, value)| &**value).eq(found)
        });
        if alike { self } else { self.misread() }
    }
}

/// Replaces the template if the framework has templates but has not matched one: for code that runs
/// before the routing, or without it. No route of a catalogue has this template, so the request is
/// refused. The raw target must not be used instead, because these routers decode it.
#[cfg(feature = "_before_routing")]
pub(crate) const UNROUTED: &str = "(nothing)";

/// Whether this template comes from a router.
pub(crate) fn is_said_by_router(template: &str) -> bool {
    #[cfg(feature = "_before_routing")]
    if template == UNROUTED {
        return false;
    }
    !template.is_empty()
}

/// The method in a form that may be logged. A method that no route has is replaced, because the
/// client chose its text.
pub(crate) fn known_method(catalogue: &'static UntypedCatalogue, method: &Method) -> &'static str {
    catalogue.methods().find(|known| *known == method.as_str()).unwrap_or("another method")
}

/// Path and query of a URI, unless [`raw_target`] returns another text.
#[inline(always)]
fn shared_target(uri: &Uri) -> Option<&PathAndQuery> {
    uri.path_and_query().filter(|target| target.as_str().starts_with('/'))
}

/// Path and query of a URI. An empty path in the absolute form is `/` (RFC 9112, section 3.2.1);
/// the authority form has no path.
pub(crate) fn raw_target(uri: &Uri) -> &str {
    match uri.path_and_query().map(http::uri::PathAndQuery::as_str) {
        // The query never counts, and this target has no path that could be returned.
        Some(target) if target.starts_with('?') => "/",
        Some(target) => target,
        None => "",
    }
}

impl fmt::Debug for Facts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The target is never shown, because it may hold secrets.
        f.debug_struct("Facts").field("matched_template", &self.matched_template).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::raw_target;

    #[test]
    fn targets_of_uris() {
        for (uri, expected) in [
            ("/a?b", "/a?b"),
            ("http://host/a?b", "/a?b"),
            ("http://host", "/"),
            ("http://host?b", "/"),
            ("host:443", ""),
            ("*", "*"),
        ] {
            assert_eq!(raw_target(&uri.parse().unwrap()), expected, "{uri}");
        }
    }
}
