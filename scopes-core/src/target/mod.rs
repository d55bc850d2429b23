//! Finds the route of a raw request target: rules G1 to G10, in one place.
//!
//! | rule | where |
//! |---|---|
//! | G1 form of the target, 414 | [`path_of`], [`check`]; the fast path accepts a target that begins with the base |
//! | G2 to G5 bytes, escapes, dots, semicolons | [`path_rules`], called from the walk |
//! | G6 split before decoding, literals byte for byte | [`matcher`](crate::matcher) |
//! | G7 one percent-decoding | [`RouteMatch::parameter`] |
//! | G8 query and headers never count | [`path_of`] or the walk cuts the query, nothing else is looked at |
//! | G9 exact methods, HEAD is GET | the rows made by [`compile`](crate::compile) |
//! | G10 most specific template, 404, 405 | [`UntypedCatalogue::at`] |

mod form;

pub use form::{below, check, path_of};

use self::form::{after_base, below_bytes, bounded_path, without_query};
use crate::catalogue::{MethodId, MethodSet, UntypedCatalogue};
use crate::malformation::Malformation;
use crate::matcher::{Column, MAX_PATH, NO_ROW, SegmentEnds, Start, Tables, Unfinished, WalkOutcome};
use crate::path_rules;
use crate::route::{NoRoute, Route, RouteId, RouteMatch};

/// The default limit for the length of a request target, in bytes. RFC 9112 section 3 recommends at
/// least 8000.
pub const DEFAULT_TARGET_LIMIT: usize = 8192;

/// The greatest limit that can be configured, in bytes.
pub const MAX_TARGET_LIMIT: usize = MAX_PATH;

/// The answer for a path that no template matches. The bytes from `unchecked` on are not checked
/// yet.
#[cold]
fn missed(path: &[u8], unchecked: usize, suspects: u32) -> NoRoute {
    let left = without_query(if suspects == 0 { path.get(unchecked..).unwrap_or(path) } else { path });
    if left.is_empty() {
        return NoRoute::NotFound;
    }
    path_rules::check_path(left).map_or_else(NoRoute::Malformed, |()| NoRoute::NotFound)
}

/// What the caller does with the result of the search. A callback, because a returned result would
/// be copied through memory, while most final answers fit into registers.
pub(crate) trait Finish<'c, 't, T> {
    /// Handles results of the fast path.
    fn inlined(&self, found: Result<RouteMatch<'c, 't>, NoRoute>) -> T;

    /// Handles results of the slow paths. It is a call, so that the code is in the program only
    /// once.
    #[inline(never)]
    fn outlined(&self, found: Result<RouteMatch<'c, 't>, NoRoute>) -> T {
        self.inlined(found)
    }
}

/// Returns the result unchanged.
struct AsFound;

impl<'c, 't> Finish<'c, 't, Result<RouteMatch<'c, 't>, NoRoute>> for AsFound {
    #[inline(always)]
    fn inlined(&self, found: Result<RouteMatch<'c, 't>, NoRoute>) -> Result<RouteMatch<'c, 't>, NoRoute> {
        found
    }

    #[inline(always)]
    fn outlined(&self, found: Result<RouteMatch<'c, 't>, NoRoute>) -> Result<RouteMatch<'c, 't>, NoRoute> {
        found
    }
}

impl UntypedCatalogue {
    /// Finds the route of a request by its method and its raw target.
    ///
    /// Do not use this in front of a router that decodes or normalises paths: such a router reads
    /// the path differently from this matcher.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users/{user}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let found = catalogue.at("GET", b"/users/ada%20l?full=1").unwrap();
    /// assert_eq!(found.parameter("user").as_deref(), Some("ada l"));
    /// assert!(catalogue.at("GET", b"/users/../admin").is_err());
    /// ```
    ///
    /// # Errors
    /// [`NoRoute`] tells how to answer the request.
    pub fn at<'t>(&self, method: &str, target: &'t [u8]) -> Result<RouteMatch<'_, 't>, NoRoute> {
        self.routed(self.bytes(self.parts.head[2]), DEFAULT_TARGET_LIMIT, method, target, &AsFound)
    }

    /// Finds the route for a method and a path below the base. Like [`at`](Self::at), for callers
    /// that have split the request's target already.
    ///
    /// `path` begins with a slash and has at most 65,535 bytes, as the client sent it; a query
    /// after it is ignored.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.base = Some("/api".into());
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let found = catalogue.match_path(catalogue.method_id("GET"), b"/users?page=2").unwrap();
    /// assert_eq!(found.route().template(), "/api/users");
    /// ```
    ///
    /// # Errors
    /// The errors of [`at`](Self::at).
    #[inline]
    pub fn match_path<'t>(&self, method: MethodId, path: &'t [u8]) -> Result<RouteMatch<'_, 't>, NoRoute> {
        let Some(start) = self.parts.tables.start(path) else { return self.matched_slow_path(method.0, path) };
        self.walked(method.0, path, start, &AsFound)
    }

    /// Like [`at`](Self::at), with another base and another limit for the target's length in bytes
    /// (at most 65,535).
    ///
    /// ```
    /// # use scopes_core::{NoRoute, UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.base = Some("/api".into());
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert!(catalogue.at_mounted("/v2/api", 100, "GET", b"/v2/api/users").is_ok());
    /// let long = catalogue.at_mounted("/v2/api", 8, "GET", b"/v2/api/users");
    /// assert_eq!(long.unwrap_err(), NoRoute::TooLong);
    /// ```
    ///
    /// # Errors
    /// The errors of [`at`](Self::at).
    pub fn at_mounted<'t>(
        &self,
        base: &str,
        limit: usize,
        method: &str,
        target: &'t [u8],
    ) -> Result<RouteMatch<'_, 't>, NoRoute> {
        self.routed(base.as_bytes(), limit, method, target, &AsFound)
    }

    /// Finds the route of a request and passes it to `finish`.
    #[inline(always)]
    pub(crate) fn routed<'c, 't, T>(
        &'c self,
        base: &[u8],
        limit: usize,
        method: &str,
        target: &'t [u8],
        finish: &impl Finish<'c, 't, T>,
    ) -> T {
        // Most targets are in origin-form and have a path below the base. The walk cuts off the
        // query, if there is one.
        if target.len() <= limit.min(MAX_TARGET_LIMIT)
            && let Some(path) = after_base(target, base)
            && let Some(column) = self.standard_column(method)
        {
            if let Some(start) = self.parts.tables.start(path) {
                return self.walked(column, path, start, finish);
            }
            if path == b"/" {
                return finish.outlined(self.routed_below(base, column, path));
            }
        }
        finish.outlined(self.routed_slow_path(base, limit, method, target))
    }

    #[cold]
    #[inline(never)]
    fn routed_slow_path<'t>(
        &self,
        base: &[u8],
        limit: usize,
        method: &str,
        target: &'t [u8],
    ) -> Result<RouteMatch<'_, 't>, NoRoute> {
        if target == b"*" && method == "OPTIONS" {
            return Err(NoRoute::NotFound);
        }
        let path = bounded_path(target, limit)?;
        let Some(rest) = below_bytes(path, base) else {
            path_rules::check_path(path).map_err(NoRoute::Malformed)?;
            return Err(NoRoute::NotFound);
        };
        self.routed_below(base, self.method_column(method), rest)
    }

    #[cold]
    #[inline(never)]
    fn matched_slow_path<'t>(&self, column: Column, path: &'t [u8]) -> Result<RouteMatch<'_, 't>, NoRoute> {
        if path.len() > MAX_TARGET_LIMIT {
            return Err(NoRoute::TooLong);
        }
        if path.first().is_some_and(|&byte| byte != b'/' && byte != b'?') {
            return Err(NoRoute::Malformed(Malformation::NotOriginForm));
        }
        self.routed_below(self.bytes(self.parts.head[2]), column, without_query(path))
    }

    /// Finds the route of the part of a path below a base, which is empty or begins with a slash.
    fn routed_below<'t>(&self, base: &[u8], column: Column, rest: &'t [u8]) -> Result<RouteMatch<'_, 't>, NoRoute> {
        if rest.len() <= 1 {
            let (row, row_slash) = self.parts.tables.root_rows();
            // Without a base, `/` is the root itself and not a trailing slash.
            let row = if base.is_empty() || rest.is_empty() { row } else { row_slash };
            return match self.parts.tables.route(row, column) {
                Some(route) => Ok(RouteMatch::new(Route::new(self, RouteId(route)), rest, SegmentEnds::NONE, true)),
                None => Err(self.unrouted(row, None, 0, rest)),
            };
        }
        match self.parts.tables.start(rest) {
            Some(start) => self.walked(column, rest, start, &AsFound),
            None => self.searched(column, rest),
        }
    }

    /// Finds the route of a path that has more than its first slash, and passes it to `finish`.
    #[inline(always)]
    fn walked<'c, 't, T>(
        &'c self,
        column: Column,
        path: &'t [u8],
        start: Start<'c>,
        finish: &impl Finish<'c, 't, T>,
    ) -> T {
        let tables = &self.parts.tables;
        let mut ends = start.ends;
        let found = match tables.walk(|| self.parts.text.as_bytes(), start, path, &mut ends) {
            Ok(row) => match tables.route(row, column) {
                Some(route) => {
                    // Every segment is a literal, or a bare parameter whose bytes need no decoding.
                    return finish.inlined(Ok(RouteMatch::new(Route::new(self, RouteId(route)), path, ends, true)));
                }
                None if row == NO_ROW => return finish.inlined(Err(NoRoute::NotFound)),
                None => return finish.inlined(Err(NoRoute::MethodNotAllowed(self.methods_of(row)))),
            },
            Err(unfinished) if Tables::is_miss(path, unfinished) => return finish.inlined(Err(NoRoute::NotFound)),
            Err(unfinished) => self.finished_slowly(column, path, unfinished, ends),
        };
        finish.outlined(found)
    }

    /// Finishes a walk that the fast path could not finish.
    #[cold]
    #[inline(never)]
    fn finished_slowly<'t>(
        &self,
        column: Column,
        path: &'t [u8],
        unfinished: Unfinished<'_>,
        mut ends: SegmentEnds,
    ) -> Result<RouteMatch<'_, 't>, NoRoute> {
        let tables = &self.parts.tables;
        let (walk, path) = tables.walk_on(self.parts.text.as_bytes(), path, unfinished, &mut ends);
        let (row, suspects, decoded_alike) = match walk {
            WalkOutcome::Row { row, suspects, decoded_alike } => (row, suspects, decoded_alike),
            WalkOutcome::Miss { unchecked, suspects } => return Err(missed(path, unchecked, suspects)),
            WalkOutcome::Malformed(malformation) => return Err(NoRoute::Malformed(malformation)),
        };
        let route = tables.route(row, column);
        match route {
            Some(id) if suspects == 0 || self.excuse(route, suspects, path).is_ok() => {
                Ok(RouteMatch::new(Route::new(self, RouteId(id)), path, ends, decoded_alike))
            }
            _ => Err(self.unrouted(row, route, suspects, path)),
        }
    }

    /// The answer for a path that leads to a row, if the row has no route for the method, or its
    /// route does not excuse the broken rules.
    #[cold]
    fn unrouted(&self, row: u32, route: Option<u16>, suspects: u32, path: &[u8]) -> NoRoute {
        if suspects != 0
            && let Err(malformed) = self.excuse(route, suspects, path)
        {
            return malformed;
        }
        if row == NO_ROW { NoRoute::NotFound } else { NoRoute::MethodNotAllowed(self.methods_of(row)) }
    }

    #[inline(always)]
    fn methods_of(&self, row: u32) -> MethodSet {
        MethodSet(self.parts.tables.columns(row, self.parts.methods.len()))
    }

    #[cold]
    #[inline(never)]
    fn searched<'t>(&self, column: Column, path: &'t [u8]) -> Result<RouteMatch<'_, 't>, NoRoute> {
        let mut ends = SegmentEnds::NONE;
        let (tables, columns) = (&self.parts.tables, self.parts.methods.len());
        let search = tables.search(self.parts.text.as_bytes(), path, column, columns, &mut ends);
        if let Some(malformation) = search.malformed {
            return Err(NoRoute::Malformed(malformation));
        }
        if search.suspects != 0 {
            self.excuse(search.route, search.suspects, path)?;
        }
        match search.route {
            Some(route) => {
                let decoded_alike =
                    self.parts.tables.readings.texts.is_empty() && !path.contains(&b'%') && !path.ends_with(b"/");
                Ok(RouteMatch::new(Route::new(self, RouteId(route)), path, ends, decoded_alike))
            }
            None if search.columns == 0 => Err(NoRoute::NotFound),
            None => Err(NoRoute::MethodNotAllowed(MethodSet(search.columns))),
        }
    }

    /// Excuses broken rules that `#[raw]` lifts, in the segments whose parameter is `#[raw]` on
    /// this route.
    #[cold]
    fn excuse(&self, route: Option<u16>, suspects: u32, path: &[u8]) -> Result<(), NoRoute> {
        let excused = route.map_or(0, |route| raw_segments(Route::new(self, RouteId(route))));
        if suspects & !excused == 0 {
            return Ok(());
        }
        // A segment of a raw parameter may come first, but only the other segments decide which
        // error is reported.
        let segments = path.split(|&byte| byte == b'/').skip(1).enumerate();
        for (_, bytes) in segments.filter(|(segment, _)| excused >> (*segment).min(31) & 1 == 0) {
            path_rules::check_segment(bytes).map_err(NoRoute::Malformed)?;
        }
        Err(NoRoute::Malformed(path_rules::check_path(path).err().unwrap_or(Malformation::BadEscape)))
    }

    /// Like [`check`], for a route that a framework's router has found: the values of its `#[raw]`
    /// parameters may break the rules that `#[raw]` lifts. Returns the path.
    ///
    /// # Errors
    /// [`NoRoute::TooLong`] and [`NoRoute::Malformed`].
    #[doc(hidden)]
    pub fn check_target<'t>(
        &self,
        base: &str,
        limit: usize,
        target: &'t [u8],
        route: Option<Route<'_>>,
    ) -> Result<&'t [u8], NoRoute> {
        let path = bounded_path(target, limit)?;
        let Err(malformation) = path_rules::check_path(path) else { return Ok(path) };
        let excused = route.map_or(0, raw_segments);
        let refused = NoRoute::Malformed(malformation);
        let rest = below(path, base).filter(|_| excused != 0).ok_or(refused)?;
        // Checks every segment of the path, however many there are.
        for (segment, bytes) in rest.split(|&byte| byte == b'/').skip(1).enumerate() {
            match path_rules::check_segment_raw(bytes).map_err(NoRoute::Malformed)? {
                true if excused >> segment.min(31) & 1 == 0 => return Err(refused),
                _ => {}
            }
        }
        Ok(path)
    }
}

/// A bit for each segment whose parameter is `#[raw]`; bit 31 stands for all segments from 31 on.
fn raw_segments(route: Route<'_>) -> u32 {
    route.parameters().filter(|parameter| parameter.raw).fold(0, |set, parameter| {
        let bit = 1_u32 << parameter.segment.min(31);
        set | if parameter.rest { !(bit - 1) } else { bit }
    })
}

#[cfg(test)]
mod tests;
