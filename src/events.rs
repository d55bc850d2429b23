//! Every decision as an event: for the application's hook (metrics, audit) and, with the feature,
//! for `tracing`.
//!
//! Nothing here holds a token or a raw target.

use std::fmt;
use std::sync::Arc;

use http::Method;
use scopes_core::{Denial, Route, Scope};

use crate::grant::Grant;
use crate::request::facts::is_said_by_router;
#[cfg(feature = "tracing")]
use crate::request::facts::known_method;

/// What [`Settings::on_decision`] takes.
pub(crate) type Hook = Arc<dyn Fn(&DecisionEvent<'_>) + Send + Sync>;

/// Which part of the library made the decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecidedBy {
    /// The gate, in front of the handlers.
    Gate,
    /// A permit, at the handler.
    Permit,
    /// The authentication middleware of actix-web and rocket, which judges the target before the
    /// framework routes the request. It reports denials only.
    BeforeRouting,
}

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecisionOutcome {
    /// The request goes on.
    Allowed,
    /// The request goes on only because this denial is reported and not enforced.
    Reported(Denial),
    /// The request is answered with this.
    Denied(Denial),
    /// The request is answered with 500; the log says what the developers must put right.
    Misconfigured,
}

/// One decision on one request. A request that passes a gate and a permit makes two.
#[derive(Clone, Debug)]
pub struct DecisionEvent<'a> {
    decided_by: DecidedBy,
    method: &'a Method,
    matched: Option<&'a str>,
    route: Option<Route<'static>>,
    outcome: DecisionOutcome,
    granted: Vec<&'static str>,
    subject: Option<&'a str>,
    token_id: Option<&'a str>,
    is_anonymous: bool,
}

impl<'a> DecisionEvent<'a> {
    /// Which part of the library made the decision.
    #[must_use]
    pub const fn decided_by(&self) -> DecidedBy {
        self.decided_by
    }

    /// What was decided.
    #[must_use]
    pub const fn outcome(&self) -> DecisionOutcome {
        self.outcome
    }

    /// Whether the request goes on, be it only because the denial is not enforced.
    #[must_use]
    pub const fn is_allowed(&self) -> bool {
        matches!(self.outcome, DecisionOutcome::Allowed | DecisionOutcome::Reported(_))
    }

    /// Why the request is, or would be, denied.
    #[must_use]
    pub const fn denial(&self) -> Option<Denial> {
        match self.outcome {
            DecisionOutcome::Denied(denial) | DecisionOutcome::Reported(denial) => Some(denial),
            DecisionOutcome::Allowed | DecisionOutcome::Misconfigured => None,
        }
    }

    /// The request's method. It is the caller's word: any token, as long as no route is known. With
    /// the feature `http2`, a WebSocket over HTTP/2 is a `GET`.
    #[must_use]
    pub const fn method(&self) -> &'a Method {
        self.method
    }

    /// The catalogue's route, where there is one.
    #[must_use]
    pub const fn route(&self) -> Option<Route<'static>> {
        self.route
    }

    /// The template that the router has matched, where the framework says it: what was asked for if
    /// the catalogue has no [`route`](Self::route) for it. It may be left out where it has one.
    #[must_use]
    pub const fn matched_template(&self) -> Option<&'a str> {
        self.matched
    }

    /// The route's template with its base, such as `/api/v0/users/{userId}`: never the path that
    /// was sent.
    #[must_use]
    pub fn template(&self) -> Option<String> {
        self.route.map(Route::template)
    }

    /// The scopes that the route requires as in `Accepted-Scopes`: `a b; c`. Empty where it
    /// requires none.
    #[must_use]
    pub fn required(&self) -> String {
        self.route.map(|route| route.requirement().display(route.catalogue()).to_string()).unwrap_or_default()
    }

    /// The scopes of the caller's grant, as declared; none without a grant.
    #[must_use]
    pub fn granted(&self) -> &[&'static str] {
        &self.granted
    }

    /// Whether the caller has no credentials and the grant is that of such callers.
    #[must_use]
    pub const fn is_anonymous(&self) -> bool {
        self.is_anonymous
    }

    /// Whom the grant is for, if the verifier said so.
    #[must_use]
    pub const fn subject(&self) -> Option<&'a str> {
        self.subject
    }

    /// The id of the token, if the verifier said it.
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

/// Gives the event to the hook and to `tracing`. Without either it costs nothing.
#[inline(always)]
pub(crate) fn decided<S: Scope>(
    decided_by: DecidedBy,
    hook: Option<&Hook>,
    asked: (&Method, Option<&str>),
    route: Option<Route<'static>>,
    grant: Option<&Grant<S>>,
    outcome: DecisionOutcome,
) {
    if hook.is_some() || traced() {
        told(decided_by, hook, asked, route, grant, outcome);
    }
}

/// What [`decided`] does where it is listened to.
#[inline(never)]
fn told<S: Scope>(
    decided_by: DecidedBy,
    hook: Option<&Hook>,
    (method, matched): (&Method, Option<&str>),
    route: Option<Route<'static>>,
    grant: Option<&Grant<S>>,
    outcome: DecisionOutcome,
) {
    let decided = DecisionEvent {
        decided_by,
        method,
        matched: matched.filter(|template| is_said_by_router(template)),
        route,
        outcome,
        granted: grant.map(|grant| grant.scopes().iter().map(Scope::as_str).collect()).unwrap_or_default(),
        subject: grant.and_then(Grant::subject),
        token_id: grant.and_then(Grant::token_id),
        is_anonymous: grant.is_some_and(Grant::is_anonymous),
    };
    trace::<S>(&decided);
    if let Some(hook) = hook {
        hook(&decided);
    }
}

#[cfg(not(feature = "tracing"))]
const fn traced() -> bool {
    false
}

#[cfg(not(feature = "tracing"))]
const fn trace<S: Scope>(_: &DecisionEvent<'_>) {}

#[cfg(feature = "tracing")]
fn traced() -> bool {
    tracing::enabled!(target: "scopes", tracing::Level::INFO)
}

/// Allowed requests at level `DEBUG`, denied ones at `INFO`, what is let pass at `WARN`.
#[cfg(feature = "tracing")]
fn trace<S: Scope>(decided: &DecisionEvent<'_>) {
    let (template, matched) = (decided.template(), decided.matched);
    let (route, required, granted) = (decided.route, decided.required(), decided.granted.join(" "));
    let method = route.map_or_else(|| known_method(S::catalogue(), decided.method), Route::method);
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
