//! Judges a request before any router has matched it, for actix-web and rocket.
//!
//! There is no gate for these frameworks, because nothing in front of their routers knows what they
//! will match. What is known is which routes the target can be read as. A handler of a public route
//! takes no permit, so without this check a path that is also a guarded route's would reach it.
//! Permits check the route that was really matched later.

use http::{Extensions, Method};
use scopes_core::demands::Demands;
use scopes_core::{CallerStatus, Denial, NoRoute, Requirement, Route, Scope, Tenancy};

use super::stored::Stored;
use crate::check::missing_scopes;
use crate::denial::{Denied, default_settings};
use crate::events::{DecidedBy, DecisionOutcome, decided};
use crate::request::facts::Facts;
use crate::request::locate::Place;
use crate::request::other_readings::{may_be_raw, may_reach, readings};

/// Checks the caller against the route that the catalogue finds for the raw target and against the
/// one that takes its decoded segments best.
///
/// A target that no route takes passes: the framework answers, or a permit does. A malformed or too
/// long one below the base does not.
///
/// # Errors
/// The denial to answer with in place of any handler.
pub(crate) fn check<S: Scope>(extensions: &Extensions, method: &Method, raw_target: &str) -> Result<(), Denied> {
    let Some(stored) = extensions.get::<Stored<S>>().map(Stored::state) else {
        return Err(Denied::misconfigured_silently(default_settings(), S::catalogue()));
    };
    let settings = &stored.identity.settings;
    let place = Place::of::<S>(settings);
    let caller = stored.identity.caller();
    let outcome = match place.at_target(Facts::new(method, raw_target)) {
        Ok(own) => of_demands(&Demands::of(method.as_str(), own, None), &caller),
        Err(refused) => of_readings(place, method, raw_target, refused, &caller),
    };
    match outcome {
        Ok(None) => Ok(()),
        Ok(Some(unbound)) => {
            stored.owner_check.require(unbound);
            Ok(())
        }
        Err(Unmet { denial, route }) => {
            let denial = stored.identity.denial(denial);
            let named = route.as_ref().map(|(route, _)| *route);
            decided(
                DecidedBy::BeforeRouting,
                settings.on_decision.as_ref(),
                method,
                named,
                stored.identity.authentication().grant(),
                DecisionOutcome::Denied(denial),
            );
            Err(match route {
                Some((route, missing)) => Denied::on_route(denial, route, || missing, settings),
                None => Denied::new(denial, settings, S::catalogue()),
            })
        }
    }
}

/// What a caller does not meet.
struct Unmet {
    denial: Denial,
    /// The route that denies, and the scopes that would do.
    route: Option<(Route<'static>, Requirement)>,
}

/// The route whose handler must compare the owner, if there is one.
type Judged = Result<Option<Route<'static>>, Unmet>;

fn of_demands(demands: &Demands<'static, '_>, caller: &CallerStatus<'_>) -> Judged {
    let denials = demands.iter().filter_map(|demand| Some((demand.verdict(caller).err()?, demand.route())));
    let Some((denial, route)) = denials.min_by_key(|(denial, _)| denial.order()) else { return Ok(demands.unbound()) };
    let missing = missing_scopes(demands, route, None, caller);
    Err(Unmet { denial, route: Some((route, missing)) })
}

/// For a target that the strict rules refuse, or find no route for.
fn of_readings(place: Place<'_>, method: &Method, raw_target: &str, refused: NoRoute, caller: &CallerStatus<'_>) -> Judged {
    // A router may match a route whose `#[raw]` parameter takes it.
    let is_raw = match refused {
        NoRoute::Malformed(malformation) => malformation.is_taken_raw() && may_be_raw(place, method, raw_target),
        _ => false,
    };
    let is_for_all = matches!(refused, NoRoute::Malformed(_) | NoRoute::TooLong) && !is_raw;
    if is_for_all && may_reach(place.base, Facts::new(method, raw_target).path()) {
        return Err(Unmet { denial: refused.into(), route: None });
    }
    let mut unbound = None;
    for reading in readings(place, method, raw_target) {
        // Of these only a route with a `#[raw]` parameter may still have a permit, which compares
        // the owner.
        let unmet =
            |denial| Unmet { denial, route: Some((reading.route(), reading.route().requirement().to_requirement())) };
        reading.verdict(caller, is_raw).map_err(unmet)?;
        if let Tenancy::Unbound(_) = reading.route().tenancy() {
            unbound = unbound.or(Some(reading.route()));
        }
    }
    Ok(unbound)
}
