//! From what an adapter knows of a request to the catalogue's route, and to where its parameters
//! lie in the raw path.

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

/// Why a request has no route.
pub(crate) enum Missing<'t> {
    /// The target is refused for every caller: 400 or 414.
    Refused(NoRoute),
    /// The router has read the path in another way than it was sent: it decodes before it splits,
    /// or drops slashes.
    Misread,
    /// The router's template is not in the catalogue.
    Template(&'t str),
    /// The raw target does not lie below the base, although the router's template does.
    Base,
    /// The catalogue's own matcher finds nothing: 404 or 405.
    Target,
}

/// Where to look.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub(crate) catalogue: &'static UntypedCatalogue,
    pub(crate) base: &'a str,
    pub(crate) target_limit: usize,
}

impl<'a> Place<'a> {
    /// Where these settings say that the catalogue of `S` is.
    pub(crate) fn of<S: Scope>(settings: &'a Settings) -> Self {
        let catalogue = S::catalogue();
        let base = settings.mounted_at.as_deref().unwrap_or(catalogue.base());
        Self { catalogue, base, target_limit: settings.target_limit }
    }
}

impl Place<'_> {
    /// The request's own route: that of the router's template if it is known, else the one that a
    /// gate in front has found, else the one that the catalogue finds for the raw target.
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
        // The root has two spellings below a base.
        self.below(template).is_some_and(|below| below.len() > 1 && route.has_shape(below))
    }

    #[inline(always)]
    fn below(self, template: &str) -> Option<&str> {
        template.strip_prefix(self.base).filter(|below| below.is_empty() || below.starts_with('/'))
    }

    /// Logs, once a route, that the router can never serve it: it gives its requests to the handler
    /// of `own`, which differs only in text beside a parameter, and what `denied` leaves to its own
    /// handler cannot be done there.
    pub(crate) fn report_unservable(
        self,
        told: &Once,
        facts: Facts<'_>,
        denial: Denial,
        denied: Route<'static>,
        own: Route<'static>,
    ) {
        let is_set_up = facts.matched_template.is_some() && denied != own && matches!(denial, Denial::RouteNotFound);
        // An escaped letter is the client's doing.
        if !is_set_up || !self.at_target(facts).is_ok_and(|matched| matched.route() == denied) {
            return;
        }
        let kind = if matches!(denied.access(), Access::External(_)) { "external" } else { "`#[unbound]`" };
        told.error(format_args!(
            "a request for `{denied}`, which is {kind}, was matched by the router as `{own}` and is answered with 404: the handler \
             of `{own}` cannot make its check. Register a handler for `{denied}` of its own, or change one of the two paths",
        ));
    }

    /// What the catalogue finds for the raw target by the strict rules.
    #[inline(always)]
    pub(crate) fn at_target<'t>(self, facts: Facts<'t>) -> Result<RouteMatch<'static, 't>, NoRoute> {
        self.catalogue.at_mounted(self.base, self.target_limit, facts.method.as_str(), facts.raw_target.as_bytes())
    }

    /// Every other request, and every refusal.
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
        // The bytes of the target are checked in any case: a bad one is refused whatever the router
        // has matched.
        let raw_parameters_of = named.as_ref().ok().copied();
        let path = self
            .catalogue
            .check_target(self.base, self.target_limit, target, raw_parameters_of)
            .map_err(Missing::Refused)?;
        self.on_route(facts, named?, path)
    }

    /// Why a router's template has no route in the catalogue.
    fn unknown_template<'t>(self, facts: Facts<'t>, template: &'t str) -> Missing<'t> {
        // A router without text beside parameters takes paths that no route of the catalogue does.
        if self.serves_within(facts.method, template, None) { Missing::Misread } else { Missing::Template(template) }
    }

    /// Finds where the parameters of a route lie in a path that is sound.
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
            // What the matcher finds is preferred, because it knows how else the path can be read.
            if let Ok(matched) = self.at_target(facts)
                && matched.route() == route
            {
                return Ok(Located::unnamed(matched));
            }
        }
        let matched = route.at_path(below).filter(|_| is_read_alike(route, below)).ok_or(Missing::Misread)?;
        Ok(Located::unnamed(matched))
    }

    /// Nearly every request: the catalogue finds for the raw target what the router has matched, by
    /// the same template; or the router says no template.
    ///
    /// It finds what [`slow_path`](Self::slow_path) would find: a method has one route of a shape,
    /// a path that the matcher accepts breaks no rule, and a route reads a path in one way only. It
    /// refuses nothing: what it does not find goes to the slow path. So does the root, which has
    /// two spellings below a base.
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
            // Below a mount the route may match what is left of the path as well.
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
                // A handler that runs for `/users/` all the same does not mind the slash.
                let path = target::path_of(target).ok().and_then(|path| path.strip_suffix(b"/"));
                let at = |path| self.catalogue.at_mounted(self.base, self.target_limit, facts.method.as_str(), path);
                let is_misread = path.is_some_and(|path| at(path).is_ok());
                Err(if is_misread { Missing::Misread } else { Missing::Target })
            }
            Err(refused) => Err(Missing::Refused(refused)),
        }
    }

    /// Whether the route also matches what a mount has left of the path, with other values. A
    /// handler that was given only that part would then read other values than the ones that are
    /// checked. It happens where the route ends in `{*rest}`, which fits the whole path and its
    /// end.
    fn also_matches_local_path(self, facts: Facts<'_>, route: Route<'_>, path: &[u8]) -> bool {
        let Some(local) = facts.local_path.filter(|_| facts.is_stripped()).map(str::as_bytes) else { return false };
        let at = |base| self.catalogue.at_mounted(base, self.target_limit, route.method(), local);
        local != path
            && [self.base, ""].into_iter().filter_map(|base| at(base).ok()).any(|found| found.route() == route)
    }

    /// The catalogue's route of a router's template.
    ///
    /// Many routers have no literal text beside a parameter: `POST /users/{id}:replay` is served
    /// there under `/users/{id}`. Then the raw target decides, among routes that are the template
    /// but for that text.
    fn of_template(self, facts: Facts<'_>, template: &str) -> Option<Route<'static>> {
        let same_shape = self.catalogue.route_by_template_at(self.base, facts.method.as_str(), template);
        same_shape.or_else(|| {
            let below = self.below(template)?;
            let found = self.at_target(facts).ok()?.route();
            is_template_with_text(found.path(), below).then_some(found)
        })
    }

    /// Whether some route, other than the template's own, is a router's template but for literal text
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
    /// Of a router that does not say its template, or says another one.
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

/// Whether the raw path, split at its slashes, is what the template says, segment by segment.
///
/// A router that merges slashes or decodes before it splits may have matched a template whose
/// segments stand elsewhere in the raw path; then no position can be trusted, the tenant's least of
/// all.
fn is_read_alike(route: Route<'_>, path: &[u8]) -> bool {
    if route.path() == "/" {
        return path.len() <= 1;
    }
    let mut segments = path.get(1..).unwrap_or(&[]).split(|&byte| byte == b'/');
    for piece in pieces(route.path()) {
        let Some(segment) = segments.next() else { return false };
        let alike = match piece {
            // A router that drops empty segments hands on another rest than the one that is
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
