//! Which routes a request must satisfy, and whether a caller satisfies all of them.
//!
//! A request is for one route, but two routes of a catalogue can match one target: a router may not
//! support text beside a parameter, a router below `{*rest}` may match a narrower route, and a
//! handler sees decoded values while the matcher compares raw bytes. Then the caller must satisfy
//! each of these routes, so that it does not matter how router and handler read the path.
//!
//! The rule:
//!
//! 1. The request's *own* route is the one of the router's template. Without a template it is the
//!    one that the catalogue finds for the raw target.
//! 2. The *best fit* is the first route, in order of precedence, that matches the path once its
//!    segments are decoded.
//! 3. If both are one route, and the router's template (if there is one) is that route's, the
//!    caller must satisfy it alone.
//! 4. Otherwise the caller must satisfy the own route, the best fit, and every route that matches
//!    the decoded path and lies within the router's template.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use crate::catalogue::UntypedCatalogue;
use crate::decision::{CallerStatus, Decision, Denial, Holder, refused, unverified};
use crate::readings::DecodedSegments;
use crate::requirement::Requirement;
use crate::route::{Access, NoRoute, Route, RouteMatch, Tenancy};
use crate::scope::ScopeId;
use crate::set::holds;
use crate::template::lies_within;

/// The routes that one request must satisfy: its own, and all others that its path can be read as.
#[derive(Clone, Debug)]
pub struct Demands<'c, 't> {
    own: RouteMatch<'c, 't>,
    others: Vec<Reading<'c>>,
}

/// A route that a path can be read as once its segments are decoded.
#[derive(Clone, Debug)]
pub struct Reading<'c> {
    route: Route<'c>,
    /// The tenant that the decoded path names in this reading.
    tenant: Option<String>,
}

/// One of the routes that a request must satisfy.
#[derive(Clone, Copy, Debug)]
pub struct Demand<'d, 'c, 't> {
    own: &'d RouteMatch<'c, 't>,
    other: Option<&'d Reading<'c>>,
}

impl<'c, 't> Demands<'c, 't> {
    /// The demands on a request with this method and with `own` as its route.
    ///
    /// `template` is the one that a router has matched, below the base and in brace form, if a
    /// router reports it.
    ///
    /// ```
    /// use scopes_core::demands::Demands;
    /// use scopes_core::{UntypedCatalogue, declaration::Declaration};
    ///
    /// let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users/{id}");
    /// declaration.scope("users.export").route("GET", "/users/{id}.csv");
    /// let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let required = |target: &'static [u8]| {
    ///     // The router has one handler for both routes.
    ///     let own = catalogue.route_by_template("GET", "/users/{id}").unwrap().at_path(target).unwrap();
    ///     let demands = Demands::of("GET", own, Some("/users/{id}"));
    ///     demands.iter().map(|demand| demand.route().path()).collect::<Vec<_>>()
    /// };
    /// assert_eq!(required(b"/users/7"), ["/users/{id}"]);
    /// assert_eq!(required(b"/users/7.csv"), ["/users/{id}", "/users/{id}.csv"]);
    /// assert_eq!(required(b"/users/7%2Ecsv"), ["/users/{id}", "/users/{id}.csv"]);
    /// ```
    #[must_use]
    pub fn of(method: &str, own: RouteMatch<'c, 't>, template: Option<&str>) -> Self {
        let is_own_template = template.is_none_or(|template| own.route().has_shape(template));
        Self::compared(method, own, template, is_own_template)
    }

    /// Like [`of`](Self::of), for code that has already compared the router's template with the own
    /// route's.
    #[doc(hidden)]
    #[inline]
    #[must_use]
    pub fn compared(method: &str, own: RouteMatch<'c, 't>, template: Option<&str>, is_own_template: bool) -> Self {
        if is_own_template && own.is_only_reading() {
            return Self { own, others: Vec::new() };
        }
        Self { others: others(method, &own, template, is_own_template), own }
    }

    /// The request's own route and the positions of its parameters.
    #[must_use]
    pub const fn own(&self) -> &RouteMatch<'c, 't> {
        &self.own
    }

    /// Whether the request's own route is the only one.
    #[must_use]
    pub fn is_single(&self) -> bool {
        self.others.is_empty()
    }

    /// Iterates over all demands. The request's own route comes first.
    pub fn iter(&self) -> impl Iterator<Item = Demand<'_, 'c, 't>> + Clone {
        let own = &self.own;
        [None].into_iter().chain(self.others.iter().map(Some)).map(move |other| Demand { own, other })
    }

    /// The routes whose demands the caller satisfies, without `except`, which was told already. It
    /// allocates only if the path can be read as several routes.
    #[doc(hidden)]
    #[must_use]
    pub fn met_besides(&self, except: Route<'c>, caller: &CallerStatus<'_>) -> Vec<Route<'c>> {
        if self.is_single() {
            return Vec::new();
        }
        let met = self.iter().filter(|demand| demand.route() != except && demand.verdict(caller).is_ok());
        met.map(|demand| demand.route()).collect()
    }

    /// Whether the caller satisfies all demands.
    #[inline]
    #[must_use]
    pub fn are_met(&self, caller: &CallerStatus<'_>) -> bool {
        Decision::new(Ok(self.own), caller).is_allowed()
            && (self.is_single() || self.iter().all(|demand| demand.verdict(caller).is_ok()))
    }

    /// Whether the answer depends on the caller. It does not if every route is `public`, or if the
    /// request is for an `external` one. Then credentials are not verified.
    ///
    /// If another route is `external`, the caller gets the answer for an unknown path. That answer
    /// depends on the caller: callers without credentials get 401.
    #[inline]
    #[must_use]
    pub fn need_caller(&self) -> bool {
        self.own.route().access().needs_grant()
            || self.others.iter().any(|other| !matches!(other.route.access(), Access::Public(_)))
    }

    /// The first route whose handler must compare the owner.
    #[inline]
    #[must_use]
    pub fn unbound(&self) -> Option<Route<'c>> {
        let is_unbound = |route: &Route<'_>| matches!(route.tenancy(), Tenancy::Unbound(_));
        if is_unbound(&self.own.route()) {
            return Some(self.own.route());
        }
        self.others.iter().map(|other| other.route).find(is_unbound)
    }

    /// The scopes that a token needs for all of these routes, as one alternative. For each scoped
    /// route it takes the alternative for which the caller lacks the fewest scopes. `annotation`
    /// replaces the requirement of the request's own route.
    #[must_use]
    pub fn united(&self, annotation: Option<&Requirement>, holder: &Holder<'_>) -> Requirement {
        let requirements = self.iter().map(|demand| match (demand.other, annotation) {
            (None, Some(annotation)) => annotation.clone(),
            _ => demand.route().requirement().to_requirement(),
        });
        let all = requirements.filter_map(|requirement| least_lacking(&requirement, holder)).flatten().collect();
        Requirement::from_alternatives(alloc::vec![all], self.own.route().catalogue())
    }
}

impl<'c> Demand<'_, 'c, '_> {
    /// The route that the request must satisfy.
    #[must_use]
    pub fn route(&self) -> Route<'c> {
        self.other.map_or(self.own.route(), |other| other.route)
    }

    /// Whether it is the request's own route.
    #[must_use]
    pub const fn is_own(&self) -> bool {
        self.other.is_none()
    }

    /// Whether the caller satisfies this route.
    ///
    /// # Errors
    /// If the caller does not satisfy it. For another route than the request's own see
    /// [`Reading::verdict`].
    pub fn verdict(&self, caller: &CallerStatus<'_>) -> Result<(), Denial> {
        match self.other {
            None => Decision::new(Ok(*self.own), caller).verdict(),
            Some(other) => other.verdict(caller, matches!(self.own.route().access(), Access::Scoped)),
        }
    }
}

impl<'c> Reading<'c> {
    fn new(route: Route<'c>, segments: &DecodedSegments<'_>) -> Self {
        Self { route, tenant: tenant_of(route, segments) }
    }

    /// The route that decided about the request.
    #[must_use]
    pub const fn route(&self) -> Route<'c> {
        self.route
    }

    /// Whether the caller satisfies this route, which is not the request's own.
    ///
    /// An `external` route cannot be checked here, and on an `#[unbound]` route only a handler with
    /// a permit (`has_permit`) can compare the owner. Both are answered like an unknown path.
    ///
    /// # Errors
    /// If the caller does not satisfy it.
    pub fn verdict(&self, caller: &CallerStatus<'_>, has_permit: bool) -> Result<(), Denial> {
        let is_scoped = match self.route.access() {
            Access::Public(_) => return Ok(()),
            Access::External(_) => return refused(NoRoute::NotFound, caller),
            Access::Authenticated(_) => false,
            Access::Scoped => true,
        };
        let (holder, is_anonymous) = match caller {
            CallerStatus::Granted(holder) => (holder, false),
            CallerStatus::Anonymous(holder) if is_scoped => (holder, true),
            _ => return Err(unverified(caller)),
        };
        self.scope_and_tenant(holder, is_scoped, has_permit)
            .map_err(|denial| if is_anonymous { unverified(caller) } else { denial })
    }

    fn scope_and_tenant(&self, holder: &Holder<'_>, is_scoped: bool, has_permit: bool) -> Result<(), Denial> {
        if matches!(self.route.tenancy(), Tenancy::Unbound(_)) && !has_permit {
            return Err(Denial::RouteNotFound);
        }
        if is_scoped && !self.route.requirement().satisfied_by(holder.scopes) {
            return Err(Denial::ScopeMissing);
        }
        match self.route.tenancy() {
            Tenancy::NotApplicable | Tenancy::Global(_) | Tenancy::Unbound(_) => Ok(()),
            Tenancy::Bound => match &self.tenant {
                Some(tenant) if holder.tenants.covers(tenant) => Ok(()),
                _ => Err(Denial::OtherTenant),
            },
        }
    }
}

/// The other routes than `own` that the path can be read as and that count.
#[cold]
#[inline(never)]
fn others<'c>(
    method: &str,
    own: &RouteMatch<'c, '_>,
    template: Option<&str>,
    is_own_template: bool,
) -> Vec<Reading<'c>> {
    let (route, path) = (own.route(), own.raw_path());
    // Below a base, the root is the base itself.
    if path.len() <= 1 {
        return Vec::new();
    }
    let segments = DecodedSegments::of(path);
    let fitting = route.catalogue().read_as(method, &segments);
    let best = fitting.first().copied();
    if is_own_template && best.is_none_or(|best| best == route) {
        return Vec::new();
    }
    let counts = |other: &Route<'c>| {
        *other != route
            && (best == Some(*other) || template.is_some_and(|template| lies_within(other.path(), template)))
    };
    fitting.into_iter().filter(counts).map(|route| Reading::new(route, &segments)).collect()
}

/// The tenant that the decoded path names on this route. A `{*rest}` never names one.
fn tenant_of(route: Route<'_>, segments: &DecodedSegments<'_>) -> Option<String> {
    let parameter = route.tenant_parameter().filter(|parameter| !parameter.rest)?;
    let value = segments.value(parameter.segment, parameter.prefix, parameter.suffix)?;
    core::str::from_utf8(value).ok().map(str::to_owned)
}

/// The alternative of a requirement for which the caller lacks the fewest scopes.
fn least_lacking(requirement: &Requirement, holder: &Holder<'_>) -> Option<Vec<ScopeId>> {
    let lacking = |scopes: &[ScopeId]| scopes.iter().filter(|&&id| !holds(holder.scopes, id)).count();
    requirement.alternatives().min_by_key(|scopes| (lacking(scopes), scopes.len())).map(<[_]>::to_vec)
}

impl Denial {
    /// The position of this denial in the order of the answers. If several routes deny a request,
    /// the denial with the least position is the answer.
    #[must_use]
    #[doc(hidden)]
    pub const fn order(self) -> u8 {
        match self {
            Self::TargetMalformed(_) | Self::TargetTooLong => 0,
            Self::CredentialsMalformed | Self::CredentialsAbsent | Self::CredentialsInvalid | Self::CrossSite => 1,
            Self::VerifierUnavailable | Self::VerifierFailed => 2,
            Self::RouteNotFound | Self::MethodNotAllowed(_) => 3,
            Self::ScopeMissing => 4,
            Self::OtherTenant => 5,
        }
    }
}

impl UntypedCatalogue {
    /// The first route, in order of precedence, that matches a path below the base once its
    /// segments are decoded. A router that decodes before it matches may run its handler. `None`
    /// for a path without segments.
    #[must_use]
    #[doc(hidden)]
    pub fn best_fit(&self, method: &str, path: &[u8]) -> Option<Reading<'_>> {
        if path.len() <= 1 {
            return None;
        }
        let segments = DecodedSegments::of(path);
        self.read_as(method, &segments).first().map(|&route| Reading::new(route, &segments))
    }

    /// Whether some route that matches the decoded path has a `#[raw]` parameter. Then a router may
    /// match it, although the strict rules for escapes refuse the path.
    #[must_use]
    #[doc(hidden)]
    pub fn fits_raw_parameter(&self, method: &str, path: &[u8]) -> bool {
        let fitting = self.read_as(method, &DecodedSegments::of(path));
        fitting.iter().any(|route| route.parameters().any(|parameter| parameter.raw))
    }
}

#[cfg(test)]
mod tests;
