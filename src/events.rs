//! Events: every decision, for the application's hook (metrics, audit) and, with its feature, for
//! `tracing`.
//!
//! An event never holds a token or a raw target.

use std::fmt;
use std::sync::Arc;

use http::Method;
use scopes_core::{Denial, Route, Scope, ScopeInfo, UntypedCatalogue};

use crate::grant::Grant;
use crate::request::facts::is_said_by_router;
#[cfg(feature = "tracing")]
use crate::request::facts::known_method;

/// The hook that [`Settings::on_decision`] takes.
pub(crate) type Hook = Arc<dyn Fn(&DecisionEvent<'_>) + Send + Sync>;

/// Which part of the library made the decision.
///
/// ```
#[doc = include_str!("docs/observed.txt")]
/// # use scopes::{Authentication, DecidedBy};
/// let by = observed(Authentication::Absent, |event| event.decided_by());
/// assert_eq!(by, DecidedBy::Permit);
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecidedBy {
    /// The gate, in front of the handlers.
    Gate,
    /// A permit, when the framework extracts it for the handler.
    Permit,
    /// The authentication middleware of actix-web and rocket, which judges the target before the
    /// framework routes the request. It reports each denial. It reports a request that goes on if
    /// its target can be read as several routes, or as none by the strict rules.
    BeforeRouting,
}

/// Whether the request was allowed, reported or denied.
///
/// ```
#[doc = include_str!("docs/observed.txt")]
/// # use scopes::{Authentication, DecisionOutcome, Denial};
/// let outcome = observed(Authentication::Invalid, |event| event.outcome());
/// assert_eq!(outcome, DecisionOutcome::Denied(Denial::CredentialsInvalid));
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecisionOutcome {
    /// The request goes on to its handler.
    Allowed,
    /// The request goes on only because this denial is reported and not enforced.
    Reported(Denial),
    /// The request is answered with this denial.
    Denied(Denial),
    /// The request is answered with 500. The log says what the developers must correct.
    Misconfigured,
}

/// One decision on one request. A request that passes a gate and a permit makes two.
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users/{user}"; } }
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// use scopes::{Authentication, Carrier, Settings};
///
/// static DENIED: AtomicUsize = AtomicUsize::new(0);
/// let settings = Settings::new().on_decision(|event| {
///     if !event.is_allowed() {
///         DENIED.fetch_add(1, Ordering::Relaxed);
///         println!("{} {:?}: {}", event.method(), event.template(), event.outcome());
///     }
/// });
///
/// let mut request = http::Request::get("/users/7").body(())?;
/// let absent = Authentication::<api::Scope>::Absent;
/// absent.store(request.extensions_mut(), &settings.into());
/// assert!(request.permit::<api::permits::UsersRead>().is_err());
/// assert_eq!(DENIED.load(Ordering::Relaxed), 1);
/// # Ok::<(), http::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct DecisionEvent<'a> {
    decided_by: DecidedBy,
    method: &'a Method,
    matched: Option<&'a str>,
    route: Option<Route<'static>>,
    outcome: DecisionOutcome,
    catalogue: &'static UntypedCatalogue,
    /// The declared scopes of the grant, one bit for each.
    granted: Option<&'a [u64]>,
    subject: Option<&'a str>,
    token_id: Option<&'a str>,
    is_anonymous: bool,
    also_required: &'a [Route<'static>],
}

impl<'a> DecisionEvent<'a> {
    /// Which part of the library made the decision.
    ///
    /// ```
    #[doc = include_str!("docs/observed.txt")]
    /// # use scopes::{Authentication, DecidedBy};
    /// // A handler took a permit, without a gate in front.
    /// let by = observed(Authentication::Granted(grant), |event| event.decided_by());
    /// assert_eq!(by, DecidedBy::Permit);
    /// # }
    /// ```
    #[must_use]
    pub const fn decided_by(&self) -> DecidedBy {
        self.decided_by
    }

    /// Whether the request was allowed, reported or denied.
    ///
    /// ```
    #[doc = include_str!("docs/observed.txt")]
    /// # use scopes::{Authentication, DecisionOutcome};
    /// let outcome = observed(Authentication::Granted(grant), |event| event.outcome());
    /// assert_eq!(outcome, DecisionOutcome::Allowed);
    /// # }
    /// ```
    #[must_use]
    pub const fn outcome(&self) -> DecisionOutcome {
        self.outcome
    }

    /// Whether the request goes on, also if it does so only because the denial is not enforced.
    ///
    /// ```
    #[doc = include_str!("docs/observed.txt")]
    /// # use scopes::Authentication;
    /// assert!(observed(Authentication::Granted(grant), |event| event.is_allowed()));
    /// assert!(!observed(Authentication::Absent, |event| event.is_allowed()));
    /// # }
    /// ```
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        matches!(self.outcome, DecisionOutcome::Allowed | DecisionOutcome::Reported(_))
    }

    /// Why the request is, or would be, denied.
    ///
    /// ```
    #[doc = include_str!("docs/observed.txt")]
    /// # use scopes::{Authentication, Denial};
    /// let denial = observed(Authentication::Unavailable, |event| event.denial());
    /// assert_eq!(denial, Some(Denial::VerifierUnavailable));
    /// # }
    /// ```
    #[must_use]
    pub const fn denial(&self) -> Option<Denial> {
        match self.outcome {
            DecisionOutcome::Denied(denial) | DecisionOutcome::Reported(denial) => Some(denial),
            DecisionOutcome::Allowed | DecisionOutcome::Misconfigured => None,
        }
    }

    /// The request's method. HTTP allows any word here, so this is one of the catalogue's methods
    /// only if the [`route`](Self::route) is known. With the feature `http2`, a WebSocket over
    /// HTTP/2 is a `GET`.
    ///
    /// ```
    #[doc = include_str!("docs/observed.txt")]
    /// # use scopes::Authentication;
    /// let method = observed(Authentication::Absent, |event| event.method().clone());
    /// assert_eq!(method, http::Method::GET);
    /// # }
    /// ```
    #[must_use]
    pub const fn method(&self) -> &'a Method {
        self.method
    }

    /// The catalogue's route, if one was found.
    ///
    /// ```
    #[doc = include_str!("docs/observed.txt")]
    /// # use scopes::Authentication;
    /// let route = observed(Authentication::Absent, |event| event.route());
    /// assert_eq!(route.unwrap().path(), "/users/{user}");
    /// # }
    /// ```
    #[must_use]
    pub const fn route(&self) -> Option<Route<'static>> {
        self.route
    }

    /// The other routes that the path can be read as, and whose demands the caller satisfies: see
    /// [`scopes_core::demands`]. Empty for nearly every request, and if the request is denied.
    ///
    /// ```
    /// # scopes::scopes! {
    /// #     pub mod api;
    /// #     users.read { GET "/users/{user}"; }
    /// #     users.export { GET "/users/{user}.csv"; }
    /// # }
    /// use scopes::check::{self, Facts};
    /// use scopes::{Authentication, Settings};
    ///
    /// let (told, also) = std::sync::mpsc::channel();
    /// let settings = Settings::new().on_decision(move |event| {
    ///     let also = event.also_required().iter().map(|route| route.path());
    ///     told.send((event.route().unwrap().path(), also.collect::<Vec<_>>())).unwrap();
    /// });
    /// let scopes = [api::Scope::UsersRead, api::Scope::UsersExport].into_iter().collect::<api::Scopes>();
    /// let mut extensions = http::Extensions::new();
    /// Authentication::Granted(api::Grant::new(scopes)).store(&mut extensions, &settings.into());
    /// // The router does not know text beside a parameter, so it has one handler for both routes.
    /// let facts = Facts::new(&http::Method::GET, "/users/7.csv").with_template("/users/{user}");
    /// check::permit::<api::permits::UsersRead>(&extensions, facts)?;
    /// assert_eq!(also.recv().unwrap(), ("/users/{user}", vec!["/users/{user}.csv"]));
    /// # Ok::<(), scopes::Denied>(())
    /// ```
    #[must_use]
    pub const fn also_required(&self) -> &'a [Route<'static>] {
        self.also_required
    }

    /// The template that the router has matched, if the framework reports it. If the catalogue has
    /// no [`route`](Self::route) for the request, this template shows what the client asked for. It
    /// may be missing although the route is known.
    #[must_use]
    pub const fn matched_template(&self) -> Option<&'a str> {
        self.matched
    }

    /// The route's template with its base, such as `/api/v0/users/{userId}`. It is never the path
    /// that the client sent.
    ///
    /// ```
    #[doc = include_str!("docs/observed.txt")]
    /// # use scopes::Authentication;
    /// // The request was for `/api/users/7`.
    /// let template = observed(Authentication::Absent, |event| event.template());
    /// assert_eq!(template.as_deref(), Some("/api/users/{user}"));
    /// # }
    /// ```
    #[must_use]
    pub fn template(&self) -> Option<String> {
        self.route.map(Route::template)
    }

    /// The scopes that the route requires, in the form of `Accepted-Scopes`: `a b; c`. Empty if it
    /// requires none.
    ///
    /// ```
    #[doc = include_str!("docs/observed.txt")]
    /// # use scopes::Authentication;
    /// let required = observed(Authentication::Absent, |event| event.required());
    /// assert_eq!(required, "users.read");
    /// # }
    /// ```
    #[must_use]
    pub fn required(&self) -> String {
        self.route.map(|route| route.requirement().display(route.catalogue()).to_string()).unwrap_or_default()
    }

    /// The catalogue that judges the request.
    ///
    /// ```
    #[doc = include_str!("docs/observed.txt")]
    /// # use scopes::Authentication;
    /// let name = observed(Authentication::Absent, |event| event.catalogue().name());
    /// assert_eq!(name, "api");
    /// # }
    /// ```
    #[must_use]
    pub const fn catalogue(&self) -> &'static UntypedCatalogue {
        self.catalogue
    }

    /// The wire names of the declared scopes of the caller's grant, in the order of the catalogue.
    /// Empty without a grant. The names are found only when the hook asks for them.
    ///
    /// ```
    #[doc = include_str!("docs/observed.txt")]
    /// # use scopes::Authentication;
    /// let caller = Authentication::Granted(grant);
    /// let granted = observed(caller, |event| event.granted().collect::<Vec<_>>());
    /// assert_eq!(granted, ["users.read"]);
    /// # }
    /// ```
    pub fn granted(&self) -> impl Iterator<Item = &'static str> + Clone + use<'a> {
        let words = self.granted.unwrap_or_default();
        let is_granted = move |index: usize| words.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1);
        self.catalogue.scopes().filter(move |scope| is_granted(scope.id().index())).map(ScopeInfo::name)
    }

    /// The declared scopes of the caller's grant as bits, if the caller has a grant.
    #[cfg(feature = "usage")]
    pub(crate) const fn granted_words(&self) -> Option<&'a [u64]> {
        self.granted
    }

    /// Whether the caller has no credentials, and the grant is the one for anonymous callers.
    ///
    /// ```
    #[doc = include_str!("docs/observed.txt")]
    /// # use scopes::Authentication;
    /// let anonymous = observed(Authentication::Anonymous(grant), |event| event.is_anonymous());
    /// assert!(anonymous);
    /// # }
    /// ```
    #[must_use]
    pub const fn is_anonymous(&self) -> bool {
        self.is_anonymous
    }

    /// The subject of the grant, if the verifier set one.
    ///
    /// ```
    #[doc = include_str!("docs/observed.txt")]
    /// # use scopes::Authentication;
    /// let caller = Authentication::Granted(grant);
    /// let subject = observed(caller, |event| event.subject().map(str::to_owned));
    /// assert_eq!(subject.as_deref(), Some("ada"));
    /// # }
    /// ```
    #[must_use]
    pub const fn subject(&self) -> Option<&'a str> {
        self.subject
    }

    /// The id of the token, if the verifier set it.
    ///
    /// ```
    #[doc = include_str!("docs/observed.txt")]
    /// # use scopes::Authentication;
    /// let caller = Authentication::Granted(grant);
    /// let token = observed(caller, |event| event.token_id().map(str::to_owned));
    /// assert_eq!(token.as_deref(), Some("t-1"));
    /// # }
    /// ```
    #[must_use]
    pub const fn token_id(&self) -> Option<&'a str> {
        self.token_id
    }
}

impl fmt::Display for DecisionOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Allowed => f.write_str("allowed"),
            Self::Reported(denial) => write!(f, "reported only: {denial}"),
            Self::Denied(denial) => write!(f, "denied: {denial}"),
            Self::Misconfigured => f.write_str("misconfigured"),
        }
    }
}

/// Passes the event to the hook and to `tracing`. Without either it costs nothing. `also` finds the
/// other routes that the caller satisfies.
#[inline(always)]
pub(crate) fn decided<S: Scope>(
    decided_by: DecidedBy,
    hook: Option<&Hook>,
    asked: (&Method, Option<&str>),
    route: Option<Route<'static>>,
    grant: Option<&Grant<S>>,
    outcome: DecisionOutcome,
    also: impl FnOnce() -> Vec<Route<'static>>,
) {
    if hook.is_some() || traced() {
        told(decided_by, hook, asked, route, grant, outcome, also);
    }
}

/// The rest of [`decided`], if a hook or a subscriber listens. It calls `also`, so that the code of
/// `also` is not within the callers of [`decided`].
#[inline(never)]
fn told<S: Scope>(
    decided_by: DecidedBy,
    hook: Option<&Hook>,
    (method, matched): (&Method, Option<&str>),
    route: Option<Route<'static>>,
    grant: Option<&Grant<S>>,
    outcome: DecisionOutcome,
    also: impl FnOnce() -> Vec<Route<'static>>,
) {
    let also_required = &also();
    let decided = DecisionEvent {
        decided_by,
        method,
        matched: matched.filter(|template| is_said_by_router(template)),
        route,
        outcome,
        catalogue: S::catalogue(),
        granted: grant.map(Grant::declared_words),
        subject: grant.and_then(Grant::subject),
        token_id: grant.and_then(Grant::token_id),
        is_anonymous: grant.is_some_and(Grant::is_anonymous),
        also_required,
    };
    if traced() {
        trace(&decided);
    }
    if let Some(hook) = hook {
        hook(&decided);
    }
}

#[cfg(not(feature = "tracing"))]
const fn traced() -> bool {
    false
}

#[cfg(not(feature = "tracing"))]
const fn trace(_: &DecisionEvent<'_>) {}

#[cfg(feature = "tracing")]
fn traced() -> bool {
    tracing::enabled!(target: "scopes", tracing::Level::INFO)
}

/// Traces allowed requests at level `DEBUG`, denied ones at `INFO`, and denials that are not
/// enforced at `WARN`.
#[cfg(feature = "tracing")]
fn trace(decided: &DecisionEvent<'_>) {
    let (template, matched) = (decided.template(), decided.matched);
    let (route, required, granted) =
        (decided.route, decided.required(), decided.granted().collect::<Vec<_>>().join(" "));
    let method = route.map_or_else(|| known_method(decided.catalogue, decided.method), Route::method);
    macro_rules! event {
        ($level:ident) => {
            tracing::event!(
                target: "scopes",
                tracing::Level::$level,
                decided_by = ?decided.decided_by,
                method,
                template = template.as_deref(),
                matched,
                required,
                granted,
                subject = decided.subject,
                token_id = decided.token_id,
                "{}",
                decided.outcome
            )
        };
    }
    match decided.outcome {
        DecisionOutcome::Allowed => event!(DEBUG),
        DecisionOutcome::Denied(_) | DecisionOutcome::Misconfigured => event!(INFO),
        DecisionOutcome::Reported(_) => event!(WARN),
    }
}
