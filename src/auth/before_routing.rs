//! Judges a request before any router has matched it, for actix-web and rocket.
//!
//! These frameworks have no gate, because nothing in front of their routers knows which route they
//! will match. The middleware only knows the routes that the target can be read as. A handler of a
//! public route takes no permit, so without this check a path that also belongs to a guarded route
//! would reach it. Later, permits check the route that was really matched.

use http::Method;
use scopes_core::demands::Demands;
use scopes_core::{CallerStatus, Denial, NoRoute, Requirement, Route, Scope, Tenancy};

use super::stored::{CallerState, Stored};
use crate::check::{missing_scopes, tell_of_no_tenants};
use crate::denial::Denied;
use crate::events::{DecidedBy, DecisionOutcome, decided};
use crate::report_only::{Reported, Unmet};
use crate::request::facts::Facts;
use crate::request::locate::{FoundAhead, Place};
use crate::request::other_readings::{may_be_raw, may_reach, readings};
use crate::settings::Settings;

/// Checks the caller against two routes: the one that the catalogue finds for the raw target, and
/// the one that matches its decoded segments best.
///
/// A target that no route matches passes, and the framework or a permit answers. A malformed or too
/// long target below the base is refused.
///
/// # Errors
/// The denial that the middleware answers with; no handler runs.
pub(crate) fn check<S: Scope>(
    stored: &mut Stored<S>,
    method: &Method,
    raw_target: &str,
    found: &FoundAhead<'_>,
) -> Result<(), Denied> {
    let is_alone = judge(stored.state(), method, raw_target, found)?;
    if let Ok(demands) = found
        && is_alone
        && stored.state().identity.granted().is_ok()
    {
        // Unless the router matches another route, the permit has nothing left to search.
        stored.keep_ahead(Facts::new(method, raw_target), demands.own());
    }
    Ok(())
}

/// Returns whether the caller satisfies a single route, the one that the catalogue finds.
fn judge<S: Scope>(
    state: &CallerState<S>,
    method: &Method,
    raw_target: &str,
    found: &FoundAhead<'_>,
) -> Result<bool, Denied> {
    let settings = &state.identity.settings;
    let place = Place::of::<S>(settings);
    let judge = &Judge { settings, caller: state.identity.caller() };
    // If the route needs no caller, it is recorded here: its handler has no guard that would record
    // it.
    if S::catalogue().has_announcements()
        && let Ok(demands) = found
        && !demands.own().route().access().needs_grant()
    {
        state.owner_check.serve(demands.own().route().id());
    }
    let outcome = match found {
        Ok(demands) => of_demands(demands, judge),
        Err(refused) => of_readings(place, method, raw_target, *refused, judge),
    };
    let tell = |route, outcome, also: &dyn Fn() -> Vec<Route<'static>>| {
        let grant = state.identity.held().ok();
        decided(DecidedBy::BeforeRouting, settings.on_decision.as_ref(), (method, None), route, grant, outcome, also);
    };
    match outcome {
        Ok(Judged { unbound, lifted, is_alone }) => {
            if let Some(unbound) = unbound {
                state.owner_check.require(unbound);
            }
            let besides = |route| met_besides(place, (method, raw_target), found, route, &judge.caller);
            if let Some((route, denial)) = lifted {
                tell(Some(route), DecisionOutcome::Reported(denial), &|| besides(Some(route)));
                state.report(settings.on_decision.is_none().then(|| Reported::new(Some(route), denial)));
            }
            // A permit reports the router's reading only.
            if !is_alone && lifted.is_none() && settings.on_decision.is_some() {
                let mut met = besides(None);
                if !met.is_empty() {
                    let first = met.remove(0);
                    tell(Some(first), DecisionOutcome::Allowed, &|| met.clone());
                }
            }
            Ok(is_alone && lifted.is_none())
        }
        Err(Unsatisfied { denial, route }) => {
            let denial = state.identity.denial(denial);
            let named = route.as_ref().map(|(route, _)| *route);
            tell(named, DecisionOutcome::Denied(denial), &Vec::new);
            if let Some(named) = named {
                tell_of_no_tenants(settings, &judge.caller, named, denial);
            }
            Err(match route {
                Some((route, missing)) => Denied::on_route(denial, route, || missing, &judge.caller, settings),
                None => Denied::new(denial, settings, S::catalogue()),
            })
        }
    }
}

/// The routes that the target can be read as, and whose demands the caller satisfies.
fn met_besides(
    place: Place<'_>,
    (method, raw_target): (&Method, &str),
    found: &FoundAhead<'_>,
    except: Option<Route<'static>>,
    caller: &CallerStatus<'_>,
) -> Vec<Route<'static>> {
    let met = |route: &Route<'static>, verdict: Result<(), Denial>| Some(*route) != except && verdict.is_ok();
    match found {
        Ok(demands) => demands
            .iter()
            .filter(|demand| met(&demand.route(), demand.verdict(caller)))
            .map(|demand| demand.route())
            .collect(),
        Err(refused) => {
            let is_raw = is_raw(place, method, raw_target, *refused);
            let readings = readings(place, method, raw_target).into_iter();
            readings
                .filter(|reading| met(&reading.route(), reading.verdict(caller, is_raw)))
                .map(|reading| reading.route())
                .collect()
        }
    }
}

/// Whether a router may match a route whose `#[raw]` parameter accepts the value.
fn is_raw(place: Place<'_>, method: &Method, raw_target: &str, refused: NoRoute) -> bool {
    match refused {
        NoRoute::Malformed(malformation) => malformation.is_taken_raw() && may_be_raw(place, method, raw_target),
        _ => false,
    }
}

/// A demand that the caller does not satisfy.
struct Unsatisfied {
    denial: Denial,
    /// The route that denies, and the scopes that would suffice.
    route: Option<(Route<'static>, Requirement)>,
}

/// The findings about a request that passes this judgement.
#[derive(Default)]
struct Judged {
    /// The route whose handler must compare the owner, if any.
    unbound: Option<Route<'static>>,
    /// The first denial that was lifted, and the route that denies.
    lifted: Option<(Route<'static>, Denial)>,
    /// Whether the target can be read as one route only.
    is_alone: bool,
}

/// The caller that the routes judge, and the settings that may lift denials.
struct Judge<'a> {
    settings: &'a Settings,
    caller: CallerStatus<'a>,
}

impl Judge<'_> {
    /// The denial of a route that the caller does not satisfy, unless it is lifted.
    fn denial(
        &self,
        route: Route<'static>,
        verdict: impl Fn(&CallerStatus<'_>) -> Result<(), Denial>,
        lifted: &mut Option<(Route<'static>, Denial)>,
    ) -> Option<Denial> {
        let denial = verdict(&self.caller).err()?;
        let unmet = Unmet { denial, route: Some(route), is_misread: false, is_permits: false, verdict: &verdict };
        let enforced = self.settings.enforced(&unmet, &self.caller);
        if enforced.is_none() {
            *lifted = lifted.or(Some((route, denial)));
        }
        enforced
    }
}

fn of_demands(demands: &Demands<'static, '_>, judge: &Judge<'_>) -> Result<Judged, Unsatisfied> {
    let mut lifted = None;
    let denials = demands.iter().filter_map(|demand| {
        let route = demand.route();
        Some((judge.denial(route, |caller| demand.verdict(caller), &mut lifted)?, route))
    });
    let Some((denial, route)) = denials.min_by_key(|(denial, _)| denial.order()) else {
        return Ok(Judged { unbound: demands.unbound(), lifted, is_alone: demands.is_single() });
    };
    let missing = missing_scopes(demands, route, None, &judge.caller);
    Err(Unsatisfied { denial, route: Some((route, missing)) })
}

/// Judges a target that the strict rules refuse, or that matches no route under them.
fn of_readings(
    place: Place<'_>,
    method: &Method,
    raw_target: &str,
    refused: NoRoute,
    judge: &Judge<'_>,
) -> Result<Judged, Unsatisfied> {
    let is_raw = is_raw(place, method, raw_target, refused);
    let is_for_all = matches!(refused, NoRoute::Malformed(_) | NoRoute::TooLong) && !is_raw;
    if is_for_all && may_reach(place.base, Facts::new(method, raw_target).path()) {
        return Err(Unsatisfied { denial: refused.into(), route: None });
    }
    let mut judged = Judged::default();
    for reading in readings(place, method, raw_target) {
        let route = reading.route();
        // Only handlers of routes with a `#[raw]` parameter may still get a permit for such a
        // target. That permit compares the owner.
        if let Some(denial) = judge.denial(route, |caller| reading.verdict(caller, is_raw), &mut judged.lifted) {
            return Err(Unsatisfied { denial, route: Some((route, route.requirement().to_requirement())) });
        }
        if let Tenancy::Unbound(_) = route.tenancy() {
            judged.unbound = judged.unbound.or(Some(route));
        }
    }
    Ok(judged)
}
