//! What an adapter knows of a request, in one form for all frameworks.

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

/// What an adapter knows of a request.
///
/// For an adapter of your own: give the target as it came over the wire, not what is left of it
/// below a mount, and the router's *whole* template, mounts included, in brace form.
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
    /// What axum has put into the request for it.
    #[cfg(feature = "_axum")]
    pub(crate) matched_path: Option<&'a MatchedPath>,
    pub(crate) misread: bool,
    /// The target once more, where it can be kept without a copy.
    pub(crate) path_and_query: Option<&'a PathAndQuery>,
    /// What is left of the path below a mount.
    pub(crate) local_path: Option<&'a str>,
    /// The adapter does not know by which method the router has chosen the handler.
    #[cfg_attr(not(feature = "_gate"), allow(dead_code, reason = "only the gate asks for it"))]
    pub(crate) dispatch_unknown: bool,
}

impl<'a> Facts<'a> {
    /// A request by its method and its target, path and query, as the client sent it.
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

    /// A request by its method and its URI as the client sent it.
    #[cfg_attr(
        feature = "_axum",
        allow(dead_code, reason = "axum has facts of its own; other adapters beside it have not")
    )]
    #[inline]
    pub(crate) fn of_uri(method: &'a Method, uri: &'a Uri) -> Self {
        Self { path_and_query: shared_target(uri), ..Self::new(method, raw_target(uri)) }
    }

    /// A request that axum has matched. Nearly all are built here, in one piece.
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

    /// Says that the router has read the path in another way than the template's segments do: a
    /// pattern took several of them, or the template is not the one that has matched. Then no
    /// position can be trusted, and the request is refused.
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

    /// Adds the path by which the router has matched: below a mount, what is left of the target's.
    ///
    /// If it is not an end of the target's path, a layer has rewritten the path on the way. Then
    /// the router reads another path than the one that is checked here, and the request is refused
    /// as [`misread`](Self::misread). Whether the end is the one that the mounts of the template
    /// leave can be seen by the number of segments, unless the template ends in `{*rest}`: there
    /// only the adapter knows, by the values that its router has found, and says `misread` if they
    /// are others.
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

    /// Whether a mount can have left this of the path. The mount itself is `/` to what is mounted
    /// there.
    #[inline]
    fn ends_with(self, path: &str) -> bool {
        let whole = self.path();
        ptr::eq(path, whole) || matches!(path, "" | "/") || path.starts_with('/') && whole.ends_with(path)
    }

    /// The target's path; what has none is left as it is.
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

    /// Whether the template's last segment takes as many segments as there are.
    #[cfg(feature = "_gate")]
    #[inline]
    pub(crate) fn ends_in_rest(self) -> bool {
        self.matched_template
            .and_then(|template| pieces(template).last())
            .is_some_and(|last| matches!(last, Piece::Rest(_)))
    }

    /// Holds the values that the router has found for the template's parameters, in their order and
    /// decoded, against what stands there in the target: if they are others, the router has read
    /// another path.
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

/// Stands in place of a template where the framework has templates and has matched none: for code
/// that runs before the routing, or beside it. No route of a catalogue has this template, so the
/// request is refused. The raw target is not a substitute, because these routers decode it.
#[cfg(feature = "_before_routing")]
pub(crate) const UNROUTED: &str = "(nothing)";

/// Whether a router has said this template.
pub(crate) fn is_said_by_router(template: &str) -> bool {
    #[cfg(feature = "_before_routing")]
    if template == UNROUTED {
        return false;
    }
    !template.is_empty()
}

/// The method as a log may show it: what no route has is the caller's own text.
pub(crate) fn known_method(catalogue: &'static UntypedCatalogue, method: &Method) -> &'static str {
    catalogue.methods().find(|known| *known == method.as_str()).unwrap_or("another method")
}

/// Path and query of a URI, unless [`raw_target`] words them anew.
#[inline(always)]
fn shared_target(uri: &Uri) -> Option<&PathAndQuery> {
    uri.path_and_query().filter(|target| target.as_str().starts_with('/'))
}

/// Path and query of a URI. An empty path in the absolute form is `/` (RFC 9112, section 3.2.1);
/// the authority form has none at all.
pub(crate) fn raw_target(uri: &Uri) -> &str {
    match uri.path_and_query().map(http::uri::PathAndQuery::as_str) {
        // The query never counts, and this target has no slash in front of it to return.
        Some(target) if target.starts_with('?') => "/",
        Some(target) => target,
        None => "",
    }
}

impl fmt::Debug for Facts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A target may hold secrets and is never shown.
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
