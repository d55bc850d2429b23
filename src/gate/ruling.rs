//! The gate's decision about one request, without the service around it.

use std::sync::Arc;

use http::Extensions;
use scopes_core::demands::{Demand, Demands};
use scopes_core::{CallerStatus, Decision, Denial, Route, Scope};

use super::enforcement::Enforcement;
use super::sight::{Arrival, NotFound, Sight};
use crate::auth::stored::{CallerState, Identity, Judged, Stored};
use crate::check::{missing_scopes, tell_of_no_tenants};
use crate::denial::{Denied, default_settings};
use crate::events::{DecidedBy, DecisionOutcome, decided};
use crate::report_only::{Reported, Unmet};
use crate::request::facts::Facts;
#[cfg(any(feature = "poem", feature = "salvo"))]
use crate::request::locate::Place;
use crate::settings::Settings;

/// The decision about a request.
pub(crate) enum Ruling {
    /// The request lies outside of the API, and the gate does not judge it.
    Outside,
    /// The request goes on, with its route if a declared one was found, and with the denial that is
    /// only reported.
    Passed(Option<Passed>, Option<Box<Reported>>),
    /// The request is answered with this denial.
    Denied(Denied),
}

/// The route of a request that goes on.
pub(crate) struct Passed {
    judged: Judged,
    /// The route whose handler must compare the owner: the judged route, or another one that the
    /// same path can mean.
    unbound: Option<Route<'static>>,
}

/// What a gate says of one caller's request.
pub(crate) enum Verdict {
    Denied(Denied),
    /// The request goes on. `is_met` says whether the caller satisfies every route; otherwise its
    /// denial is only reported.
    Passed {
        is_met: bool,
        reported: Option<Box<Reported>>,
    },
}

impl<S: Scope> Enforcement<S> {
    pub(super) fn ruling(&self, extensions: &Extensions, facts: Facts<'_>) -> Ruling {
        let stored = extensions.get::<Stored<S>>();
        let identity = stored.map(|stored| &stored.state().identity);
        let facts = match stored.and_then(Stored::routed_by) {
            // A gate around this one knows by which method the router has chosen the handler.
            Some(method) if facts.dispatch_unknown => {
                let misread = facts.misread || method != facts.method;
                Facts { dispatch_unknown: false, misread, ..facts }
            }
            _ => facts,
        };
        #[cfg(any(feature = "poem", feature = "salvo"))]
        if let Some(passed) = stored.and_then(|stored| passed_ahead(stored, facts)) {
            return passed;
        }
        match self.arrival(identity.map(|identity| &*identity.settings), facts) {
            Arrival::Outside => Ruling::Outside,
            Arrival::Inside(sight) => match self.verdict(&sight, identity) {
                Verdict::Denied(denied) => {
                    // A renderer may turn it into a redirection, which counts as an answer.
                    stored.into_iter().for_each(|stored| stored.state().owner_check.guarded());
                    Ruling::Denied(denied)
                }
                Verdict::Passed { is_met, reported } => {
                    let passed = sight.judged(is_met).map(|judged| Passed { judged, unbound: sight.unbound() });
                    Ruling::Passed(passed, reported)
                }
            },
        }
    }

    /// Decides about a request from this caller. Without an authentication layer the caller is
    /// `None`.
    #[inline(always)]
    pub(super) fn verdict(&self, sight: &Sight<'_>, identity: Option<&Identity<S>>) -> Verdict {
        let Sight { facts, found, .. } = sight;
        let caller = identity.map_or(CallerStatus::Absent, Identity::caller);
        if let Ok(demands) = found
            && !facts.dispatch_unknown
            && demands.are_met(&caller)
        {
            let own = demands.own().route();
            tell(*facts, identity, Some(own), DecisionOutcome::Allowed, || demands.met_besides(own, &caller));
            return Verdict::Passed { is_met: true, reported: None };
        }
        self.unmet(sight, identity, &caller)
    }

    /// Decides about a request that does not satisfy the catalogue.
    #[inline(never)]
    fn unmet(&self, sight: &Sight<'_>, identity: Option<&Identity<S>>, caller: &CallerStatus<'_>) -> Verdict {
        let Sight { place, facts, found } = sight;
        let settings = identity.map_or(default_settings(), |identity| &identity.settings);
        let own = found.as_ref().ok().map(|demands| demands.own().route());
        let mut denials = denials(found, caller);
        if let Some(identity) = identity {
            denials.iter_mut().for_each(|(_, denial)| *denial = identity.denial(*denial));
        }
        let comes_before_the_caller = found.as_ref().err().is_some_and(|missing| missing.refused().is_some());
        if !comes_before_the_caller {
            let mistake = if facts.dispatch_unknown {
                Some(unknown_dispatch::<S> as fn(&Arc<Settings>) -> Denied)
            } else if identity.is_none() && !denials.is_empty() {
                Some(missing_layer::<S> as _)
            } else if identity.is_some_and(Identity::is_unverified) && !denials.is_empty() {
                Some(unverified_caller::<S> as _)
            } else {
                None
            };
            if let Some(mistake) = mistake {
                tell(*facts, identity, own, DecisionOutcome::Misconfigured, Vec::new);
                return Verdict::Denied(mistake(settings));
            }
        }
        let is_misread = found.as_ref().err().is_some_and(|missing| missing.is_misread);
        let enforced = denials.iter().filter_map(|(demand, denial)| {
            let route = demand.map(|demand| demand.route());
            let verdict = |caller: &CallerStatus<'_>| demand.map_or(Ok(()), |demand| demand.verdict(caller));
            let unmet = Unmet { denial: *denial, route, is_misread, is_permits: false, verdict: &verdict };
            Some((route, settings.enforced(&unmet, caller)?))
        });
        if let Some((route, denial)) = enforced.min_by_key(|(_, denial)| denial.order()) {
            tell(*facts, identity, route, DecisionOutcome::Denied(denial), Vec::new);
            if let (Some(route), Some(own)) = (route, own) {
                place.report_unservable(&settings.told, *facts, denial, route, own);
                tell_of_no_tenants(settings, caller, route, denial);
            }
            return Verdict::Denied(match (route, found) {
                (Some(route), Ok(demands)) => {
                    Denied::on_route(denial, route, || missing_scopes(demands, route, None, caller), caller, settings)
                }
                _ => Denied::new(denial, settings, S::catalogue()),
            });
        }
        let reported = denials.first().and_then(|(demand, denial)| {
            let route = demand.map(|demand| demand.route());
            let also = || match (found, route) {
                (Ok(demands), Some(route)) => demands.met_besides(route, caller),
                _ => Vec::new(),
            };
            tell(*facts, identity, route, DecisionOutcome::Reported(*denial), also);
            settings.on_decision.is_none().then(|| Reported::new(route, *denial))
        });
        Verdict::Passed { is_met: false, reported }
    }
}

fn tell<S: Scope>(
    facts: Facts<'_>,
    identity: Option<&Identity<S>>,
    route: Option<Route<'static>>,
    outcome: DecisionOutcome,
    also: impl FnOnce() -> Vec<Route<'static>>,
) {
    let settings = identity.map_or(default_settings(), |identity| &identity.settings);
    let grant = identity.and_then(|identity| identity.held().ok());
    let asked = (facts.method, facts.matched_template);
    decided(DecidedBy::Gate, settings.on_decision.as_ref(), asked, route, grant, outcome, also);
}

/// The denials of the request's routes that the caller does not satisfy.
fn denials<'d, 't>(
    found: &'d Result<Demands<'static, 't>, NotFound>,
    caller: &CallerStatus<'_>,
) -> Vec<(Option<Demand<'d, 'static, 't>>, Denial)> {
    match found {
        Ok(demands) => {
            demands.iter().filter_map(|demand| Some((Some(demand), demand.verdict(caller).err()?))).collect()
        }
        Err(missing) => {
            let verdict = Decision::new(Err(missing.reason), caller).verdict();
            verdict.err().map(|denial| (None, denial)).into_iter().collect()
        }
    }
}

/// Lets the request go on and keeps its route for the permits. Returns the state to check after the
/// response, if the handler must compare the owner.
pub(crate) fn admit<S: Scope>(
    extensions: &mut Extensions,
    passed: Option<Passed>,
    reported: Option<Box<Reported>>,
) -> Option<Arc<CallerState<S>>> {
    let stored = extensions.get_mut::<Stored<S>>()?;
    let is_unbound = passed.as_ref().is_some_and(|passed| passed.unbound.is_some());
    let is_announced = S::catalogue().has_announcements()
        && passed.as_ref().is_some_and(|passed| passed.judged.found.route().is_announced());
    note(stored, passed);
    stored.state().report(reported);
    stored.state().owner_check.guarded();
    (is_unbound || is_announced).then(|| Arc::clone(stored.state()))
}

/// Writes the gate's findings into the entry of a request.
fn note<S: Scope>(stored: &mut Stored<S>, passed: Option<Passed>) {
    let Some(Passed { judged, unbound }) = passed else { return stored.set_judged(None) };
    let announced = S::catalogue().has_announcements().then(|| judged.found.route().id());
    stored.set_judged(Some(judged));
    if let Some(route) = announced {
        stored.state().owner_check.serve(route);
    }
    if let Some(unbound) = unbound {
        stored.state().owner_check.require(unbound);
    }
}

fn unknown_dispatch<S: Scope>(settings: &Arc<Settings>) -> Denied {
    let catalogue = S::catalogue();
    Denied::misconfigured(
        settings,
        catalogue,
        format_args!(
            "the gate of `{name}` runs after axum's choice of the handler, which went by a method that a layer may have changed \
             since: use `{name}::gate(router)` in place of `Router::layer`",
            name = catalogue.name()
        ),
    )
}

fn missing_layer<S: Scope>(settings: &Arc<Settings>) -> Denied {
    let catalogue = S::catalogue();
    Denied::misconfigured(
        settings,
        catalogue,
        format_args!(
            "a request reached the gate of `{name}` without authentication: layer `Authenticate` for `{name}` outside of the \
             gate (in axum after it: `{name}::gate(router).layer(Authenticate::new(verifier))`)",
            name = catalogue.name()
        ),
    )
}

/// Lets the request through by the judgement of the authentication layer, if the router has matched
/// the route that the layer found.
#[cfg(any(feature = "poem", feature = "salvo"))]
fn passed_ahead<S: Scope>(stored: &Stored<S>, facts: Facts<'_>) -> Option<Ruling> {
    let identity = &stored.state().identity;
    let place = Place::of::<S>(&identity.settings);
    let judged = stored.judged_ahead().filter(|judged| !facts.dispatch_unknown && judged.is_of_match(place, facts))?;
    let route = judged.found.route();
    // What is kept from before was the only reading.
    tell(facts, Some(identity), Some(route), DecisionOutcome::Allowed, Vec::new);
    let unbound = judged.unbound();
    Some(Ruling::Passed(Some(Passed { judged: Judged { is_routed: true, ..judged.clone() }, unbound }), None))
}

/// The gate around this one has found a route that needs no caller, but this one has found another.
fn unverified_caller<S: Scope>(settings: &Arc<Settings>) -> Denied {
    let catalogue = S::catalogue();
    Denied::misconfigured(
        settings,
        catalogue,
        format_args!(
            "a gate of `{name}` inside of another gate needs a caller, but the outer gate did not, and the inner gate cannot wait for \
             the verifier: give the inner gate a verifier of its own with `{name}::gate(router).authenticate(verifier)`",
            name = catalogue.name()
        ),
    )
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;
    use crate::auth::outcome::Authentication;
    use crate::fixture::{TestScope, USERS_READ, authenticated, grant};
    use crate::report_only::ReportOnly;

    /// The gate's decision about a caller who may read users of `e1`, if pages beside the API are
    /// served: `outside`, `passed` or a status.
    fn ruling(settings: Settings, facts: Facts<'_>) -> String {
        let extensions = authenticated(Authentication::Granted(grant(&[USERS_READ])), settings);
        let enforcement = Enforcement::<TestScope> { outside: Some("a site".into()), ..Enforcement::default() };
        match enforcement.ruling(&extensions, facts) {
            Ruling::Outside => "outside".into(),
            Ruling::Passed(..) => "passed".into(),
            Ruling::Denied(denied) => denied.status().as_str().into(),
        }
    }

    #[test]
    fn a_forgotten_mount_opens_nothing() {
        let get = |target| Facts::new(&Method::GET, target);
        for (facts, expected) in [
            (get("/static/app.js"), "outside"),
            (get("/v2/static/app.js").with_local_path("/static/app.js"), "outside"),
            // Nested below `/v2`, but `mounted_at` is not set.
            (get("/v2/api/environments/e1/users").with_local_path("/api/environments/e1/users"), "404"),
            (
                get("/v2/api/environments/e1/users")
                    .with_local_path("/api/environments/e1/users")
                    .with_template("/v2/api/environments/{e}/users"),
                "404",
            ),
            // The base is the mount prefix.
            (
                get("/api/environments/e1/users")
                    .with_local_path("/environments/e1/users")
                    .with_template("/api/environments/{e}/users"),
                "passed",
            ),
            // A layer between the routers has rewritten the path.
            (
                get("/api/environments/e1/users")
                    .with_local_path("/api/environments/e2/users")
                    .with_template("/api/environments/{e}/users"),
                "404",
            ),
            (get("/api/environments/e1/users").with_local_path("/api/environments/e2/users"), "404"),
        ] {
            assert_eq!(ruling(Settings::new(), facts), expected, "{:?} {:?}", facts.raw_target, facts.local_path);
        }
    }

    #[test]
    fn unverified_credentials_are_refused_in_report_only_mode() {
        let reason = Denial::TargetMalformed(scopes_core::Malformation::ForbiddenEscape);
        for level in [None, Some(ReportOnly::Scopes), Some(ReportOnly::Everything)] {
            let settings = level.map_or_else(Settings::new, |level| Settings::new().report_only(level));
            let mut extensions = Extensions::new();
            Stored::<TestScope>::new(Identity::not_asked(reason, Arc::new(settings))).insert(&mut extensions);
            let enforcement = Enforcement::<TestScope>::default();
            for (target, template) in [
                ("/api/raw/a%2Fb", "/api/raw/{k}"),
                ("/api/raw/a", "/api/raw/{k}"),
                ("/api/environments/e1/users", "/api/environments/{e}/users"),
            ] {
                let facts = Facts::new(&Method::GET, target).with_template(template);
                match enforcement.ruling(&extensions, facts) {
                    Ruling::Denied(denied) => assert_eq!(denied.denial(), Some(reason), "{level:?} {target}"),
                    _ => panic!("{level:?} {target}"),
                }
            }
        }
    }

    #[test]
    fn what_only_the_router_understands_is_not_reported_only() {
        let users = |target| Facts::new(&Method::GET, target).with_template("/api/environments/{e}/users");
        let reporting = |level| Settings::new().report_only(level);
        for (target, scopes, tenants) in [
            ("/api/environments/e1/users", "passed", "passed"),
            ("/api/environments/e2/users", "403", "passed"),
            // A router that merges slashes sees `e2` nevertheless.
            ("/api/environments//e2/users", "404", "passed"),
            ("/api//environments/e2/users", "404", "passed"),
        ] {
            assert_eq!(ruling(reporting(ReportOnly::Scopes), users(target)), scopes, "{target}");
            assert_eq!(ruling(reporting(ReportOnly::Tenants), users(target)), tenants, "{target}");
        }
        let undeclared = Facts::new(&Method::GET, "/api/new").with_template("/api/new");
        assert_eq!(ruling(reporting(ReportOnly::Scopes), undeclared), "passed");
    }
}
