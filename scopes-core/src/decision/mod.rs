//! The verdict on one request: pure, without a framework, the same for every adapter.
//!
//! The order of the answers is part of the contract. A malformed target comes first, because two
//! parties may read it differently. Credentials come before 404 and 405, so that a client without
//! credentials does not learn which routes exist.

use core::fmt;

use crate::catalogue::{MethodSet, UntypedCatalogue};
use crate::layout::{AccessKind, RouteRecord};
use crate::malformation::Malformation;
use crate::route::{NoRoute, Route, RouteMatch};
use crate::target::{DEFAULT_TARGET_LIMIT, Finish};
use crate::tenant::Tenants;

#[cfg(test)]
mod tests;

/// The scopes and tenants of a verified caller.
///
/// ```
/// use scopes_core::{Holder, Tenants};
///
/// let tenants = Tenants::only(["e1"])?;
/// let holder = Holder::new(&[0b11], &tenants);
/// assert!(holder.tenants().covers("e1"));
/// # Ok::<(), scopes_core::TenantError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Holder<'a> {
    pub(crate) scopes: &'a [u64],
    pub(crate) tenants: &'a Tenants,
}

impl<'a> Holder<'a> {
    /// Makes a caller with these tenants and these scopes *and those that they include*, as bits
    /// ([`ScopeSet::closure`](crate::ScopeSet::closure)).
    ///
    /// ```
    /// use scopes_core::{CallerStatus, UntypedCatalogue, Denial, Holder, Tenants, declaration::Declaration};
    ///
    /// let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users/{id}");
    /// let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let decide = |scopes| {
    ///     let caller = CallerStatus::Granted(Holder::new(scopes, &Tenants::None));
    ///     catalogue.decide("GET", b"/users/7", &caller).verdict()
    /// };
    /// assert_eq!(decide(&[1]), Ok(()));
    /// assert_eq!(decide(&[0]), Err(Denial::ScopeMissing));
    /// ```
    #[inline]
    #[must_use]
    pub const fn new(scopes: &'a [u64], tenants: &'a Tenants) -> Self {
        Self { scopes, tenants }
    }

    /// The scopes of the caller, with those that they include.
    ///
    /// ```
    /// # use scopes_core::{Holder, Tenants};
    /// assert_eq!(Holder::new(&[0b11], &Tenants::None).scopes(), [0b11]);
    /// ```
    #[inline]
    #[must_use]
    pub const fn scopes(&self) -> &'a [u64] {
        self.scopes
    }

    /// The tenants that the grant is valid for.
    ///
    /// ```
    /// # use scopes_core::{Holder, Tenants};
    /// let holder = Holder::new(&[0b11], &Tenants::Any);
    /// assert!(holder.tenants().covers("e1"));
    /// ```
    #[inline]
    #[must_use]
    pub const fn tenants(&self) -> &'a Tenants {
        self.tenants
    }
}

/// The outcome of authentication: whether the caller has credentials, and whether they are valid.
///
/// The enum is exhaustive, because code that makes a decision must handle every outcome. Another
/// outcome would need a new major version.
///
/// ```
/// # use scopes_core::{CallerStatus, Denial, UntypedCatalogue, declaration::Declaration};
/// # let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "/users");
/// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
/// let verdict = |caller| catalogue.decide("GET", b"/users", &caller).verdict();
/// assert_eq!(verdict(CallerStatus::Absent), Err(Denial::CredentialsAbsent));
/// assert_eq!(verdict(CallerStatus::Unavailable), Err(Denial::VerifierUnavailable));
/// ```
#[derive(Clone, Copy, Debug)]
pub enum CallerStatus<'a> {
    /// The request came without any credentials.
    Absent,
    /// The credentials cannot be read: two headers, two tokens, no token after the scheme.
    Malformed,
    /// The credentials are unknown, expired or revoked.
    Invalid,
    /// The credentials could not be checked, because a store or service is unavailable.
    Unavailable,
    /// The verifier of the credentials panicked.
    Failed,
    /// The credentials are valid, and this grant belongs to them.
    Granted(Holder<'a>),
    /// The request came without credentials, and this grant says what such callers may do. It never
    /// satisfies an `authenticated` route. Where it does not suffice, the answer is the same as for
    /// [`Absent`](Self::Absent).
    Anonymous(Holder<'a>),
}

/// Why a request is denied. `scopes` answers with its [`status`](Self::status).
///
/// ```
/// use scopes_core::Denial;
///
/// assert_eq!(Denial::OtherTenant.status(), 403);
/// println!("{}", Denial::OtherTenant);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Denial {
    /// The target breaks one of the rules G1 to G5.
    TargetMalformed(Malformation),
    /// The target is longer than the limit.
    TargetTooLong,
    /// The request has no credentials: 401.
    CredentialsAbsent,
    /// The credentials cannot be read: 400.
    CredentialsMalformed,
    /// The credentials are unknown, expired or revoked: 401.
    CredentialsInvalid,
    /// The browser has added the credentials by itself, and another site may have caused the
    /// request.
    CrossSite,
    /// The credentials could not be checked: 503.
    VerifierUnavailable,
    /// The verifier of the credentials panicked: 500.
    VerifierFailed,
    /// The catalogue has no route for the path.
    RouteNotFound,
    /// The catalogue has the path with these methods only.
    MethodNotAllowed(MethodSet),
    /// The caller does not hold the scopes.
    ScopeMissing,
    /// The path names a tenant that the grant does not have.
    OtherTenant,
}

impl Denial {
    /// The status of the answer (RFC 9110, section 15; RFC 6750, section 3.1).
    ///
    /// ```
    /// use scopes_core::Denial;
    ///
    /// assert_eq!(Denial::CredentialsAbsent.status(), 401);
    /// assert_eq!(Denial::ScopeMissing.status(), 403);
    /// ```
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::TargetMalformed(_) | Self::CredentialsMalformed => 400,
            Self::CredentialsAbsent | Self::CredentialsInvalid => 401,
            Self::CrossSite | Self::ScopeMissing | Self::OtherTenant => 403,
            Self::RouteNotFound => 404,
            Self::MethodNotAllowed(_) => 405,
            Self::TargetTooLong => 414,
            Self::VerifierFailed => 500,
            Self::VerifierUnavailable => 503,
        }
    }
}

impl fmt::Display for Denial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TargetMalformed(malformation) => malformation.fmt(f),
            Self::TargetTooLong => NoRoute::TooLong.fmt(f),
            Self::CredentialsAbsent => f.write_str("no credentials"),
            Self::CredentialsMalformed => f.write_str("the credentials cannot be read"),
            Self::CredentialsInvalid => f.write_str("the credentials are not valid"),
            Self::CrossSite => f.write_str("another site may have caused the request"),
            Self::VerifierUnavailable => f.write_str("the credentials cannot be checked at present"),
            Self::VerifierFailed => f.write_str("the check of the credentials broke down"),
            Self::RouteNotFound => NoRoute::NotFound.fmt(f),
            Self::MethodNotAllowed(methods) => NoRoute::MethodNotAllowed(*methods).fmt(f),
            Self::ScopeMissing => f.write_str("the caller does not hold the scopes that the route requires"),
            Self::OtherTenant => f.write_str("the caller does not belong to the tenant of the path"),
        }
    }
}

impl core::error::Error for Denial {}

impl From<NoRoute> for Denial {
    fn from(reason: NoRoute) -> Self {
        match reason {
            NoRoute::Malformed(malformation) => Self::TargetMalformed(malformation),
            NoRoute::TooLong => Self::TargetTooLong,
            NoRoute::NotFound => Self::RouteNotFound,
            NoRoute::MethodNotAllowed(methods) => Self::MethodNotAllowed(methods),
        }
    }
}

/// The verdict on one request, and its route.
///
/// ```
/// # use scopes_core::{CallerStatus, Denial, UntypedCatalogue, declaration::Declaration};
/// # let mut declaration = Declaration::new("api");
/// declaration.scope("users.read").route("GET", "/users/{user}");
/// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
/// let decision = catalogue.decide("GET", b"/users/ada", &CallerStatus::Absent);
/// assert_eq!(decision.verdict(), Err(Denial::CredentialsAbsent));
/// assert_eq!(decision.route().unwrap().path(), "/users/{user}");
/// ```
#[derive(Clone, Copy, Debug)]
#[must_use = "a decision protects nothing until its verdict is read"]
pub struct Decision<'c, 't> {
    matched: Option<RouteMatch<'c, 't>>,
    verdict: Result<(), Denial>,
}

impl<'c, 't> Decision<'c, 't> {
    /// Decides on the route that the catalogue or a framework's router has found for a request.
    ///
    /// ```
    /// # use scopes_core::{CallerStatus, Decision, Denial, Holder, Tenants, UntypedCatalogue};
    /// # use scopes_core::declaration::Declaration;
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// // A router has matched the request; here the catalogue itself has.
    /// let found = catalogue.at("GET", b"/users");
    /// let caller = CallerStatus::Granted(Holder::new(&[0], &Tenants::None));
    /// assert_eq!(Decision::new(found, &caller).verdict(), Err(Denial::ScopeMissing));
    /// ```
    #[inline(always)]
    pub fn new(found: Result<RouteMatch<'c, 't>, NoRoute>, caller: &CallerStatus<'_>) -> Self {
        Self { matched: found.ok(), verdict: verdict(&found, caller) }
    }

    /// The route, if one was found; also for a denial.
    ///
    /// ```
    /// # use scopes_core::{CallerStatus, UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let decision = catalogue.decide("GET", b"/users", &CallerStatus::Invalid);
    /// assert_eq!(decision.route().map(|route| route.path()), Some("/users"));
    /// assert!(catalogue.decide("GET", b"/x", &CallerStatus::Invalid).route().is_none());
    /// ```
    #[must_use]
    pub fn route(&self) -> Option<Route<'c>> {
        self.matched.map(|matched| matched.route())
    }

    /// The route and its parameters, if one was found; also for a denial.
    ///
    /// ```
    /// # use scopes_core::{CallerStatus, UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users/{user}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let decision = catalogue.decide("GET", b"/users/ada", &CallerStatus::Absent);
    /// assert_eq!(decision.matched().unwrap().parameter("user").as_deref(), Some("ada"));
    /// ```
    #[must_use]
    pub const fn matched(&self) -> Option<&RouteMatch<'c, 't>> {
        self.matched.as_ref()
    }

    /// The verdict.
    ///
    /// ```
    /// # use scopes_core::declaration::{BlockKind, Declaration};
    /// # use scopes_core::{CallerStatus, Denial, UntypedCatalogue};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.block(BlockKind::Public("liveness probe".into())).route("GET", "/health");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert_eq!(catalogue.decide("GET", b"/health", &CallerStatus::Absent).verdict(), Ok(()));
    /// let other = catalogue.decide("GET", b"/metrics", &CallerStatus::Absent);
    /// assert_eq!(other.verdict(), Err(Denial::CredentialsAbsent));
    /// ```
    ///
    /// # Errors
    /// Why the request is denied.
    pub const fn verdict(&self) -> Result<(), Denial> {
        self.verdict
    }

    /// Whether the request is allowed.
    ///
    /// ```
    /// # use scopes_core::declaration::Declaration;
    /// # use scopes_core::{CallerStatus, Holder, Tenants, UntypedCatalogue};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let caller = CallerStatus::Granted(Holder::new(&[0b1], &Tenants::None));
    /// assert!(catalogue.decide("GET", b"/users", &caller).is_allowed());
    /// assert!(!catalogue.decide("POST", b"/users", &caller).is_allowed());
    /// ```
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        self.verdict.is_ok()
    }
}

#[inline(always)]
fn verdict(found: &Result<RouteMatch<'_, '_>, NoRoute>, caller: &CallerStatus<'_>) -> Result<(), Denial> {
    let matched = match found {
        Ok(matched) => matched,
        Err(reason) => return refused(*reason, caller),
    };
    let record = matched.route().record();
    if matches!(record.access(), AccessKind::Public | AccessKind::External) {
        return Ok(());
    }
    match caller {
        CallerStatus::Granted(holder) => scope_and_tenant(matched, record, holder),
        // Written out, because a call would force the match into memory for all callers.
        CallerStatus::Anonymous(holder) if record.access() == AccessKind::Scoped => {
            scope_and_tenant(matched, record, holder).map_err(|_| Denial::CredentialsAbsent)
        }
        // An anonymous grant opens no other route.
        _ => Err(unverified(caller)),
    }
}

/// The answer to a request without a route.
#[inline]
pub(crate) fn refused(reason: NoRoute, caller: &CallerStatus<'_>) -> Result<(), Denial> {
    let is_known_to_all = matches!(reason, NoRoute::Malformed(_) | NoRoute::TooLong);
    Err(if is_known_to_all || matches!(caller, CallerStatus::Granted(_)) { reason.into() } else { unverified(caller) })
}

/// The answer to a caller without a grant.
#[cold]
pub(crate) const fn unverified(caller: &CallerStatus<'_>) -> Denial {
    match caller {
        CallerStatus::Malformed => Denial::CredentialsMalformed,
        CallerStatus::Invalid => Denial::CredentialsInvalid,
        CallerStatus::Unavailable => Denial::VerifierUnavailable,
        CallerStatus::Failed => Denial::VerifierFailed,
        CallerStatus::Absent | CallerStatus::Anonymous(_) | CallerStatus::Granted(_) => Denial::CredentialsAbsent,
    }
}

/// The last two steps for a verified caller on a route that needs a grant: its scopes, then its
/// tenant.
///
/// On an `#[unbound]` route the handler must compare the owner, so the tenant is not checked here.
#[inline(always)]
fn scope_and_tenant(matched: &RouteMatch<'_, '_>, record: RouteRecord<'_>, holder: &Holder<'_>) -> Result<(), Denial> {
    let is_scoped = record.access() != AccessKind::Authenticated;
    if is_scoped && !matched.route().is_satisfied_by(record, holder.scopes) {
        return Err(Denial::ScopeMissing);
    }
    if !record.is_bound() {
        return Ok(());
    }
    // If the tenant cannot be found in the path, no grant covers it.
    match matched.raw_tenant(record) {
        Some(tenant) if holder.tenants.covers_raw(tenant) => Ok(()),
        _ => Err(Denial::OtherTenant),
    }
}

impl<'c, 't> Finish<'c, 't, Decision<'c, 't>> for CallerStatus<'_> {
    #[inline(always)]
    fn inlined(&self, found: Result<RouteMatch<'c, 't>, NoRoute>) -> Decision<'c, 't> {
        Decision::new(found, self)
    }
}

impl UntypedCatalogue {
    /// Finds the route of a request by the strict rules for raw targets and decides on it.
    ///
    /// Use it only for a target that no router decodes or normalises. If a router has matched the
    /// request, use its match with [`Decision::new`].
    ///
    /// ```
    /// # use scopes_core::declaration::Declaration;
    /// # use scopes_core::{CallerStatus, Denial, Holder, Tenants, UntypedCatalogue};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.tenant = Some("account".into());
    /// declaration.scope("users.read").route("GET", "/accounts/{account}/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let tenants = Tenants::only(["a1"])?;
    /// let caller = CallerStatus::Granted(Holder::new(&[0b1], &tenants));
    /// assert!(catalogue.decide("GET", b"/accounts/a1/users", &caller).is_allowed());
    /// let other = catalogue.decide("GET", b"/accounts/a2/users", &caller);
    /// assert_eq!(other.verdict(), Err(Denial::OtherTenant));
    /// # Ok::<(), scopes_core::TenantError>(())
    /// ```
    pub fn decide<'c, 't>(&'c self, method: &str, target: &'t [u8], caller: &CallerStatus<'_>) -> Decision<'c, 't> {
        let base = self.bytes(self.parts.head[2]);
        self.routed(base, DEFAULT_TARGET_LIMIT, method, target, caller)
    }
}
