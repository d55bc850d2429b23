//! Finds the catalogue's route for the facts that an adapter knows about a request, and the
//! positions of its parameters in the raw path.

use http::Method;
use scopes_core::demands::Demands;
use scopes_core::template::{Piece, is_template_with_text, pieces};
use scopes_core::{Access, Denial, NoRoute, Route, RouteMatch, Scope, path_rules, target};

use super::facts::Facts;
use crate::UntypedCatalogue;
use crate::log::Once;
use crate::settings::Settings;

/// A request's own route.
#[derive(Clone, Copy)]
pub(crate) struct Located<'t> {
    pub(crate) matched: RouteMatch<'static, 't>,
    /// Whether the router's template is known to be this route's.
    has_own_template: bool,
}

/// The route that the catalogue finds for a raw target, and the other routes that the target can be
/// read as.
#[cfg(feature = "_ahead")]
pub(crate) type FoundAhead<'t> = Result<Demands<'static, 't>, NoRoute>;

/// Why a request has no route.
pub(crate) enum Missing<'t> {
    /// The target is refused for every caller: 400 or 414.
    Refused(NoRoute),
    /// The router has read another path than the client sent: it decodes before it splits, or drops
    /// slashes.
    Misread,
    /// The router's template is not in the catalogue.
    Template(&'t str),
    /// The raw target does not lie below the base, although the router's template does.
    Base,
    /// The catalogue's own matcher finds nothing: 404 or 405.
    Target,
}

/// The catalogue and the base below which it is mounted.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) catalogue: &'static UntypedCatalogue,
    pub(crate) base: &'a str,
    pub(crate) target_limit: usize,
}

impl<'a> Place<'a> {
    /// The catalogue of `S` at the base that these settings name.
    pub(crate) fn of<S: Scope>(settings: &'a Settings) -> Self {
        let catalogue = S::catalogue();
        let base = settings.mounted_at.as_deref().unwrap_or(catalogue.base());
        Self { catalogue, base, target_limit: settings.target_limit }
    }
}

impl Place<'_> {
    /// The request's own route: the route of the router's template, if the template is known;
    /// otherwise the route that a gate in front has found; otherwise the route that the catalogue
    /// finds for the raw target.
    pub(crate) fn locate<'t>(
        self,
        facts: Facts<'t>,
        gates: Option<Route<'static>>,
    ) -> Result<Located<'t>, Missing<'t>> {
        let is_as_gated = |located: &Located<'_>| {
            located.has_own_template || gates.is_none_or(|route| route == located.matched.route())
        };
        match self.fast_path(facts).filter(is_as_gated) {
            Some(located) => Ok(located),
            None => self.slow_path(facts, gates),
        }
    }

    /// The routes that the request must satisfy.
    #[inline(always)]
    pub(crate) fn demands<'t>(self, facts: Facts<'t>, located: Located<'t>) -> Demands<'static, 't> {
        let Located { matched, has_own_template } = located;
        let (method, template) =
            (facts.method.as_str(), facts.matched_template.and_then(|template| self.below(template)));
        if has_own_template {
            Demands::compared(method, matched, template, true)
        } else {
            Demands::of(method, matched, template)
        }
    }

    /// Whether a router's template is this route's.
    #[inline(always)]
    pub(crate) fn is_template_of(self, route: Route<'_>, template: &str) -> bool {
        // Below a base the root has two spellings.
        self.below(template).is_some_and(|below| below.len() > 1 && route.has_shape(below))
    }

    #[inline(always)]
    fn below(self, template: &str) -> Option<&str> {
        template.strip_prefix(self.base).filter(|below| below.is_empty() || below.starts_with('/'))
    }

    /// Logs, once for each route, that the router can never serve `denied`: the router passes the
    /// requests for `denied` to the handler of `own`, because the two differ only in text beside a
    /// parameter. That handler cannot make the checks that `denied` leaves to its own handler.
    pub(crate) fn report_unservable(
        self,
        told: &Once,
        facts: Facts<'_>,
        denial: Denial,
        denied: Route<'static>,
        own: Route<'static>,
    ) {
        let is_set_up = facts.matched_template.is_some() && denied != own && matches!(denial, Denial::RouteNotFound);
        // If a letter is escaped, the client has caused the difference.
        if !is_set_up || !self.at_target(facts).is_ok_and(|matched| matched.route() == denied) {
            return;
        }
        let kind = if matches!(denied.access(), Access::External(_)) { "external" } else { "`#[unbound]`" };
        told.error(format_args!(
            "a request for `{denied}`, which is {kind}, was matched by the router as `{own}` and is answered with 404: the handler \
             of `{own}` cannot make its check. Register a handler for `{denied}` of its own, or change one of the two paths",
        ));
    }

    /// The route that the catalogue finds for the raw target by the strict rules.
    #[inline(always)]
    pub(crate) fn at_target<'t>(self, facts: Facts<'t>) -> Result<RouteMatch<'static, 't>, NoRoute> {
        self.catalogue.at_mounted(self.base, self.target_limit, facts.method.as_str(), facts.raw_target.as_bytes())
    }

    /// Finds the route of every other request, and the reason of every refusal.
    fn slow_path<'t>(self, facts: Facts<'t>, gates: Option<Route<'static>>) -> Result<Located<'t>, Missing<'t>> {
        let target = facts.raw_target.as_bytes();
        // RFC 9112, section 3.2.4: a question about the server as a whole.
        if target == b"*" && *facts.method == Method::OPTIONS {
            return Err(Missing::Misread);
        }
        let named = match (facts.matched_template, gates) {
            (Some(template), _) => {
                self.of_template(facts, template).ok_or_else(|| self.unknown_template(facts, template))
            }
            (None, Some(route)) => Ok(route),
            (None, None) if facts.misread => Err(Missing::Misread),
            (None, None) => return self.of_target(facts),
        };
        // The bytes of the target are checked in any case: a malformed target is refused even if
        // the router has matched it.
        let raw_parameters_of = named.as_ref().ok().copied();
        let path = self
            .catalogue
            .check_target(self.base, self.target_limit, target, raw_parameters_of)
            .map_err(Missing::Refused)?;
        self.on_route(facts, named?, path)
    }

    /// The reason why the catalogue has no route for a router's template.
    fn unknown_template<'t>(self, facts: Facts<'t>, template: &'t str) -> Missing<'t> {
        // A router without text beside parameters matches paths that no route of the catalogue
        // does.
        if self.serves_within(facts.method, template, None) { Missing::Misread } else { Missing::Template(template) }
    }

    /// Finds the positions of a route's parameters in a well-formed path.
    fn on_route<'t>(self, facts: Facts<'t>, route: Route<'static>, path: &'t [u8]) -> Result<Located<'t>, Missing<'t>> {
        if facts.misread {
            return Err(Missing::Misread);
        }
        let Some(below) = target::below(path, self.base) else {
            let is_callers = may_be_read_below(path, self.base);
            return Err(if is_callers { Missing::Misread } else { Missing::Base });
        };
        if facts.matched_template.is_none() {
            if self.also_matches_local_path(facts, route, below) {
                return Err(Missing::Misread);
            }
            // The matcher's result is preferred, because it knows the other readings of the path.
            if let Ok(matched) = self.at_target(facts)
                && matched.route() == route
            {
                return Ok(Located::unnamed(matched));
            }
        }
        let matched = route.at_path(below).filter(|_| is_read_alike(route, below)).ok_or(Missing::Misread)?;
        Ok(Located::unnamed(matched))
    }

    /// The fast path for nearly every request: the catalogue finds the same template for the raw
    /// target that the router has matched, or the router does not report its template.
    ///
    /// It finds the same route as [`slow_path`](Self::slow_path): a method has one route of each
    /// shape, a path that the matcher accepts breaks no rule, and a route reads a path in one way
    /// only. It refuses nothing; requests without a result take the slow path. So does the root,
    /// which has two spellings below a base.
    #[inline(always)]
    pub(crate) fn fast_path<'t>(self, facts: Facts<'t>) -> Option<Located<'t>> {
        if facts.misread {
            return None;
        }
        let matched = self.at_target(facts).ok()?;
        match facts.matched_template {
            Some(template) => {
                self.is_template_of(matched.route(), template).then_some(Located { matched, has_own_template: true })
            }
            // Below a mount, the route may also match the rest of the path.
            None => (!facts.is_stripped()).then(|| Located::unnamed(matched)),
        }
    }

    fn of_target<'t>(self, facts: Facts<'t>) -> Result<Located<'t>, Missing<'t>> {
        let target = facts.raw_target.as_bytes();
        match self.at_target(facts) {
            Ok(matched) if self.also_matches_local_path(facts, matched.route(), matched.raw_path()) => {
                Err(Missing::Misread)
            }
            Ok(matched) => Ok(Located::unnamed(matched)),
            Err(NoRoute::NotFound | NoRoute::MethodNotAllowed(_)) => {
                // A handler that also runs for `/users/` accepts the slash.
                let path = target::path_of(target).ok().and_then(|path| path.strip_suffix(b"/"));
                let at = |path| self.catalogue.at_mounted(self.base, self.target_limit, facts.method.as_str(), path);
                let is_misread = path.is_some_and(|path| at(path).is_ok());
                Err(if is_misread { Missing::Misread } else { Missing::Target })
            }
            Err(refused) => Err(Missing::Refused(refused)),
        }
    }

    /// Whether the route also matches the rest of the path after a mount, with other values. A
    /// handler that gets only the rest would then read other values than the check. This happens if
    /// the route ends in `{*rest}`, which matches both the whole path and its end.
    fn also_matches_local_path(self, facts: Facts<'_>, route: Route<'_>, path: &[u8]) -> bool {
        let Some(local) = facts.local_path.filter(|_| facts.is_stripped()).map(str::as_bytes) else { return false };
        let at = |base| self.catalogue.at_mounted(base, self.target_limit, route.method(), local);
        local != path
            && [self.base, ""].into_iter().filter_map(|base| at(base).ok()).any(|found| found.route() == route)
    }

    /// The catalogue's route of a router's template.
    ///
    /// Many routers have no literal text beside a parameter: `POST /users/{id}:replay` is served
    /// there under `/users/{id}`. Then the raw target decides among the routes that differ from the
    /// template only in such text.
    fn of_template(self, facts: Facts<'_>, template: &str) -> Option<Route<'static>> {
        let same_shape = self.catalogue.route_by_template_at(self.base, facts.method.as_str(), template);
        same_shape.or_else(|| {
            let below = self.below(template)?;
            let found = self.at_target(facts).ok()?.route();
            is_template_with_text(found.path(), below).then_some(found)
        })
    }

    /// Whether another route than `own` differs from a router's template only in literal text
    /// beside parameters.
    pub(crate) fn serves_within(self, method: &Method, template: &str, own: Option<Route<'_>>) -> bool {
        let is_of_method = |route: &Route<'_>| route.answers(method.as_str()) && own.is_none_or(|own| own != *route);
        let within = |below: &str| {
            self.catalogue.routes().filter(is_of_method).any(|route| is_template_with_text(route.path(), below))
        };
        self.below(template).is_some_and(within)
    }
}

impl<'t> Located<'t> {
    /// For a router that does not report its template, or reports another one.
    const fn unnamed(matched: RouteMatch<'static, 't>) -> Self {
        Self { matched, has_own_template: false }
    }
}

/// Whether a router that decodes before it matches, or drops empty segments, finds the path below
/// the base.
fn may_be_read_below(path: &[u8], base: &str) -> bool {
    let mut segments = path.split(|&byte| byte == b'/').filter(|segment| !segment.is_empty());
    let mut base = base.split('/').filter(|segment| !segment.is_empty());
    base.all(|base| segments.next().and_then(path_rules::decode).is_some_and(|segment| *segment == *base))
}

/// Whether the raw path, split at its slashes, matches the template segment by segment.
///
/// A router that merges slashes or decodes before it splits may have matched a template whose
/// segments have other positions in the raw path. Then no position is certain, in particular not
/// the tenant's.
fn is_read_alike(route: Route<'_>, path: &[u8]) -> bool {
    if route.path() == "/" {
        return path.len() <= 1;
    }
    let mut segments = path.get(1..).unwrap_or(&[]).split(|&byte| byte == b'/');
    for piece in pieces(route.path()) {
        let Some(segment) = segments.next() else { return false };
        let alike = match piece {
            // A router that drops empty segments passes on another rest than the one that is
            // checked.
            Piece::Rest(_) => return !segment.is_empty() && segments.all(|segment| !segment.is_empty()),
            Piece::Parameter { .. } => piece.takes(segment),
            Piece::Literal(text) => {
                segment == text.as_bytes() || path_rules::decode(segment).is_some_and(|decoded| *decoded == *text)
            }
        };
        if !alike {
            return false;
        }
    }
    segments.next().is_none()
}

#[cfg(test)]
mod tests;
