//! Which routes `paths` can say, under which key, and which not.

use std::collections::BTreeMap;
use std::fmt;

use scopes_core::Route;
use scopes_core::template::{Piece, pieces};

use super::options::Version;
use crate::shown;

/// A route that the document's `paths` cannot say, or not exactly. Its `x-scopes` says it.
///
/// ```
#[doc = include_str!("../../docs/openapi.txt")]
/// # declaration.scope("files.read").route("GET", "/files/{*path}");
/// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
/// let written = Document::new(&catalogue).write();
/// assert_eq!(
///     written.unsaid()[0].to_string(),
///     "`GET /files/{*path}`: OpenAPI has no catch-all: `paths` has one segment, \
///      `x-scopes` the whole template"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsaid {
    route: String,
    reason: Reason,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reason {
    Method(Version),
    Base,
    CatchAll,
    Taken,
    Missing,
    Undeclared,
}

impl Unsaid {
    fn new(route: Route<'_>, reason: Reason) -> Self {
        Self { route: format!("{} {}", route.method(), route.template()), reason }
    }

    pub(crate) fn missing(route: Route<'_>) -> Self {
        Self::new(route, Reason::Missing)
    }

    pub(crate) fn undeclared(method: &str, path: &str) -> Self {
        Self { route: format!("{method} {path}"), reason: Reason::Undeclared }
    }

    /// Method and template of the route.
    ///
    /// ```
    #[doc = include_str!("../../docs/openapi.txt")]
    /// # declaration.scope("files.read").route("GET", "/files/{*path}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(Document::new(&catalogue).write().unsaid()[0].route(), "GET /files/{*path}");
    /// ```
    #[must_use]
    pub fn route(&self) -> &str {
        &self.route
    }
}

/// Says what is missing in the document, on one line.
impl fmt::Display for Unsaid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: ", shown::line(&self.route))?;
        match self.reason {
            Reason::Method(version) => {
                write!(f, "OpenAPI {version} has no such method, so only `x-scopes` has the route")
            }
            Reason::Base => f.write_str(
                "a path of OpenAPI begins with a slash, so only `x-scopes` has the route that is the base itself",
            ),
            Reason::CatchAll => {
                f.write_str("OpenAPI has no catch-all: `paths` has one segment, `x-scopes` the whole template")
            }
            Reason::Missing => f.write_str("the document has no such operation, so only `x-scopes` has the route"),
            Reason::Undeclared => f.write_str("the catalogue has no such route, so the operation stays as it is"),
            Reason::Taken => {
                f.write_str("another route has the same path in OpenAPI, so only `x-scopes` has the route")
            }
        }
    }
}

/// Where a route stands in the document.
pub(super) struct Said<'c> {
    pub(super) key: String,
    pub(super) route: Route<'c>,
}

/// Sorts the routes into those that `paths` says and the others.
pub(super) fn sort(mut routes: Vec<Route<'_>>, version: Version) -> (Vec<Said<'_>>, Vec<Route<'_>>, Vec<Unsaid>) {
    // A route without a catch-all has the better right to its path.
    routes.sort_by_key(|route| (has_rest(*route), route.path(), route.method()));
    let (mut said, mut left, mut unsaid) = (Vec::new(), Vec::new(), Vec::new());
    let mut keys: BTreeMap<String, (String, Vec<&str>)> = BTreeMap::new();
    for route in routes {
        let mut leave = |reason| {
            unsaid.push(Unsaid::new(route, reason));
            left.push(route);
        };
        if method_key(route.method(), version).is_none() {
            leave(Reason::Method(version));
            continue;
        }
        if is_base(route) {
            leave(Reason::Base);
            continue;
        }
        let (key, methods) = keys
            .entry(rewritten(route.path(), |_| ""))
            .or_insert_with(|| (rewritten(route.path(), |name| name), vec![]));
        if methods.contains(&route.method()) {
            leave(Reason::Taken);
            continue;
        }
        methods.push(route.method());
        if has_rest(route) {
            unsaid.push(Unsaid::new(route, Reason::CatchAll));
        }
        said.push(Said { key: key.clone(), route });
    }
    (said, left, unsaid)
}

/// Whether the route's path is the base itself, without a slash after it.
pub(crate) fn is_base(route: Route<'_>) -> bool {
    route.path() == "/" && !route.catalogue().base().is_empty() && !route.has_trailing_slash()
}

pub(crate) fn has_rest(route: Route<'_>) -> bool {
    route.parameters().any(scopes_core::Parameter::is_rest)
}

/// The template in the notation of OpenAPI, with other names of parameters.
pub(crate) fn rewritten<'p>(path: &'p str, named: impl Fn(&'p str) -> &'p str) -> String {
    let mut text = String::with_capacity(path.len());
    for piece in pieces(path) {
        text.push('/');
        match piece {
            Piece::Literal(literal) => text.push_str(literal),
            Piece::Parameter { prefix, name, suffix } => {
                text.push_str(prefix);
                text.push('{');
                text.push_str(named(name));
                text.push('}');
                text.push_str(suffix);
            }
            Piece::Rest(name) => {
                text.push('{');
                text.push_str(named(name));
                text.push('}');
            }
        }
    }
    text
}

/// How a path item names a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MethodKind {
    /// A member of its own, and its place among them.
    Member(usize, &'static str),
    /// A member of `additionalOperations`.
    Additional,
}

/// The members of a path item, in the order of the specification.
pub(crate) const MEMBERS: [(&str, &str); 9] = [
    ("GET", "get"),
    ("PUT", "put"),
    ("POST", "post"),
    ("DELETE", "delete"),
    ("OPTIONS", "options"),
    ("HEAD", "head"),
    ("PATCH", "patch"),
    ("TRACE", "trace"),
    ("QUERY", "query"),
];

pub(crate) fn method_key(method: &str, version: Version) -> Option<MethodKind> {
    let found = MEMBERS.iter().enumerate().find(|(_, (name, _))| *name == method);
    match found {
        Some((_, ("QUERY", _))) if version < Version::V3_2 => None,
        Some((place, (_, member))) => Some(MethodKind::Member(place, member)),
        None => (version >= Version::V3_2).then_some(MethodKind::Additional),
    }
}

/// The method of a path item's member.
pub(crate) fn method_of(member: &str) -> Option<&'static str> {
    MEMBERS.iter().find(|(_, name)| *name == member).map(|(method, _)| *method)
}
