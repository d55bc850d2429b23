//! What is reported and not enforced: the settings, and the one place that lifts a denial.

use std::fmt;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};

use scopes_core::{CallerStatus, Denial, Holder, Route, Scope, ScopeId, ScopeInfo, UntypedCatalogue};

use crate::log;

/// What [`Settings::report_only`](crate::Settings::report_only) lets through. Each level includes
/// the ones before it.
///
/// ```
/// # scopes::scopes! {
/// #     pub mod api;
/// #     tenant account;
/// #     users.read { GET "/accounts/{account}/users"; }
/// # }
/// use scopes::{Authentication, Carrier, ReportOnly, Settings};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let settings = Settings::new().report_only(ReportOnly::Tenants);
/// let mut request = http::Request::get("/accounts/a2/users").body(())?;
/// let grant = api::Grant::new(api::Scope::UsersRead).for_tenant("a1")?;
/// Authentication::Granted(grant).store(request.extensions_mut(), &settings.into());
/// let permit = request.permit::<api::permits::UsersRead>()?;
/// assert!(permit.is_reported());
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ReportOnly {
    /// Lets callers without the scope through and, at a gate, undeclared routes (404, 405).
    #[default]
    Scopes,
    /// Like [`Scopes`](Self::Scopes), and also requests for tenants that the grant lacks.
    Tenants,
    /// Like [`Tenants`](Self::Tenants), and at a gate and in the middleware of actix-web and rocket
    /// also callers without good credentials. For a permit it is the same as `Tenants`, because a
    /// permit has a grant.
    Everything,
}

/// The error of a setting that names a route which the catalogue does not have.
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// let settings = scopes::Settings::new();
/// let error = settings.report_only_route::<api::Scope>("GET", "/user").unwrap_err();
/// println!("{error}");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownRoute {
    method: String,
    template: String,
}

impl UnknownRoute {
    pub(crate) fn new(method: &str, template: &str) -> Self {
        Self { method: method.to_owned(), template: template.to_owned() }
    }
}

impl fmt::Display for UnknownRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the catalogue has no route `{} {}`", self.method, self.template)
    }
}

impl core::error::Error for UnknownRoute {}

/// The scopes and routes that the settings do not enforce.
#[derive(Clone, Default)]
pub(crate) struct Relaxed {
    pub(crate) level: Option<ReportOnly>,
    scopes: Vec<(&'static UntypedCatalogue, ScopeId)>,
    routes: Vec<Route<'static>>,
}

/// Shows scopes and routes without their catalogues.
impl fmt::Debug for Relaxed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scopes = self.scopes.iter().filter_map(|(catalogue, scope)| catalogue.scope(*scope));
        f.debug_struct("Relaxed")
            .field("level", &self.level)
            .field("scopes", &scopes.map(ScopeInfo::name).collect::<Vec<_>>())
            .field("routes", &self.routes.iter().map(ToString::to_string).collect::<Vec<_>>())
            .finish()
    }
}

/// A demand that a caller does not meet.
pub(crate) struct Unmet<'a> {
    pub(crate) denial: Denial,
    pub(crate) route: Option<Route<'static>>,
    /// No route was found, and yet the handler of a declared one may run.
    pub(crate) is_misread: bool,
    /// Whether a permit asks. For a permit, nothing is lifted for callers without good credentials,
    /// because a permit has a grant.
    pub(crate) is_permits: bool,
    /// The verdict of the same demand on another caller.
    pub(crate) verdict: &'a dyn Fn(&CallerStatus<'_>) -> Result<(), Denial>,
}

impl Relaxed {
    pub(crate) fn add_scope<S: Scope>(&mut self, scope: S) {
        self.scopes.push((S::catalogue(), scope.id()));
    }

    pub(crate) fn add_route(&mut self, route: Route<'static>) {
        self.routes.push(route);
    }

    /// Logs which of the settings have no effect on this catalogue.
    pub(crate) fn check_catalogue(&self, catalogue: &'static UntypedCatalogue) {
        let name = catalogue.name();
        for (other, scope) in self.scopes.iter().filter(|(other, _)| !ptr::eq(*other, catalogue)) {
            let scope = other.scope(*scope).map_or("?", |scope| scope.name());
            foreign(name, format_args!("`report_only_scope` names `{scope}`"), other);
        }
        for route in self.routes.iter().filter(|route| !ptr::eq(route.catalogue(), catalogue)) {
            foreign(name, format_args!("`report_only_route` names `{route}`"), route.catalogue());
        }
    }

    /// The denial, unless it is lifted. The settings of one route do not affect other routes.
    pub(crate) fn enforced(&self, unmet: &Unmet<'_>, caller: &CallerStatus<'_>) -> Option<Denial> {
        let Unmet { denial, route, is_misread, is_permits, verdict } = *unmet;
        let level = |level| self.level.is_some_and(|relaxed| relaxed >= level);
        let unless = |is_lifted: bool| (!is_lifted).then_some(denial);
        match denial {
            Denial::CredentialsAbsent
            | Denial::CredentialsInvalid
            | Denial::VerifierUnavailable
            | Denial::VerifierFailed => unless(level(ReportOnly::Everything) && !is_permits),
            // The handler of a declared route may run, for a tenant that is unknown.
            Denial::RouteNotFound | Denial::MethodNotAllowed(_) if is_misread || route.is_some() => {
                unless(level(ReportOnly::Tenants))
            }
            Denial::RouteNotFound | Denial::MethodNotAllowed(_) => unless(level(ReportOnly::Scopes)),
            Denial::OtherTenant => unless(level(ReportOnly::Tenants)),
            Denial::ScopeMissing => {
                let (Some(route), CallerStatus::Granted(holder)) = (route, caller) else { return Some(denial) };
                let words = self.assumed(route, holder.scopes());
                // The scope is checked before the tenant, so the tenant is still to be checked.
                match verdict(&CallerStatus::Granted(Holder::new(&words, holder.tenants()))) {
                    Ok(()) => None,
                    Err(Denial::OtherTenant | Denial::RouteNotFound) if level(ReportOnly::Tenants) => None,
                    Err(denial) => Some(denial),
                }
            }
            // Malformed requests, and a denial that this version does not know.
            _ => Some(denial),
        }
    }

    /// The scopes of a caller on a route, together with those that the settings assume for every
    /// caller.
    fn assumed(&self, route: Route<'static>, held: &[u64]) -> Vec<u64> {
        if self.level.is_some() || self.routes.contains(&route) {
            return vec![u64::MAX; held.len()];
        }
        let mut words = held.to_vec();
        for (catalogue, scope) in &self.scopes {
            if ptr::eq(*catalogue, route.catalogue())
                && let Some(word) = words.get_mut(scope.index() / 64)
            {
                *word |= 1 << (scope.index() % 64);
            }
        }
        words
    }
}

fn foreign(name: &str, what: fmt::Arguments<'_>, other: &UntypedCatalogue) {
    log::error(format_args!(
        "the settings of an `Authenticate` for `{name}` have no effect where {what} of catalogue `{}`: give each catalogue \
         settings of its own",
        other.name()
    ));
}

/// A denial that was lifted. It is logged once the status of the response is known.
pub(crate) struct Reported {
    route: Option<Route<'static>>,
    denial: Denial,
    is_told: AtomicBool,
}

impl Reported {
    pub(crate) fn new(route: Option<Route<'static>>, denial: Denial) -> Box<Self> {
        Box::new(Self { route, denial, is_told: AtomicBool::new(false) })
    }

    /// Withdraws it, because another denial of the request is in the log already.
    pub(crate) fn withdraw(&self) {
        self.is_told.store(true, Ordering::Relaxed);
    }

    /// Logs it, at most once for a request.
    pub(crate) fn tell(&self, status: Option<http::StatusCode>) {
        if self.is_told.swap(true, Ordering::Relaxed) {
            return;
        }
        let Self { route, denial, .. } = self;
        let route = route.map(|route| format!(" on `{route}`")).unwrap_or_default();
        let received = status.map(|status| format!("; the client received {}", status.as_u16())).unwrap_or_default();
        log::warning(format_args!("reported only{route}: {denial}{received}"));
    }
}

/// Logs it without a status if no layer has seen the response.
impl Drop for Reported {
    fn drop(&mut self) {
        self.tell(None);
    }
}
