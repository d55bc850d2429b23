//! Judges a request before any router has matched it, for actix-web and rocket.
//!
//! There is no gate for these frameworks, because nothing in front of their routers knows what they will match. What is known is
//! which routes the target can be read as. A handler of a public route takes no permit, so without this check a path that is also
//! a guarded route's would reach it. Permits check the route that was really matched later.

use http::{Extensions, Method};
use scopes_core::demands::{Demands, Reading};
use scopes_core::{Caller, Denial, Malformation, NoRoute, Requirement, Route, Scope, Tenancy, octets, target};

use crate::authentication::Stored;
use crate::check::Facts;
use crate::denied::{Denied, default_settings};
use crate::locate::Place;
use crate::observe::{Outcome, Point, decided};

/// Checks the caller against the route that the catalogue finds for the raw target and against the one that takes its decoded
/// segments best.
///
/// A target that is no route's passes: the framework answers, or a permit does.
///
/// # Errors
/// The denial to answer with in place of any handler.
pub(crate) fn check<S: Scope>(extensions: &Extensions, method: &Method, raw_target: &str) -> Result<(), Denied> {
    let Some(stored) = extensions.get::<Stored<S>>() else {
        return Err(Denied::misconfigured_silently(default_settings(), S::catalogue()));
    };
    let settings = &stored.settings;
    let base = settings.mounted_at.as_deref().unwrap_or_else(|| S::catalogue().base());
    let place = Place { catalogue: S::catalogue(), base, target_limit: settings.target_limit };
    let caller = stored.caller();
    let outcome = match place.at_target(Facts::new(method, raw_target)) {
        Ok(own) => of_demands(&Demands::of(method.as_str(), own, None), &caller),
        Err(NoRoute::TooLong) => Ok(None),
        Err(refused) => of_readings(place, method, raw_target, refused, &caller),
    };
    match outcome {
        Ok(None) => Ok(()),
        Ok(Some(unbound)) => {
            stored.owner_check.require(unbound);
            Ok(())
        }
        Err(Unmet { denial, route, missing }) => {
            let denial = stored.denial(denial);
            let grant = stored.authentication.grant();
            decided(Point::BeforeRouting, settings, method, Some(route), grant, Outcome::Denied(denial));
            Err(Denied::on_route(denial, route, || missing, settings))
        }
    }
}

/// What a caller does not meet.
struct Unmet {
    denial: Denial,
    route: Route<'static>,
    /// The scopes that would do.
    missing: Requirement,
}

/// The route whose handler must compare the owner, if there is one.
type Judged = Result<Option<Route<'static>>, Unmet>;

fn of_demands(demands: &Demands<'static, '_>, caller: &Caller<'_>) -> Judged {
    let denials = demands.iter().filter_map(|demand| Some((demand.verdict(caller).err()?, demand.route())));
    let Some((denial, route)) = denials.min_by_key(|(denial, _)| denial.order()) else { return Ok(demands.unbound()) };
    let missing = match caller {
        Caller::Granted(holder) if !demands.is_single() => demands.united(None, holder),
        _ => route.requirement().to_requirement(),
    };
    Err(Unmet { denial, route, missing })
}

/// For a target that the strict rules refuse, or find no route for.
fn of_readings(place: Place<'_>, method: &Method, raw_target: &str, refused: NoRoute, caller: &Caller<'_>) -> Judged {
    let Ok(path) = target::path_of(raw_target.as_bytes()) else { return Ok(None) };
    let mut unbound = None;
    for drops_empty in [false, true] {
        let Some(below) = below_decoded(path, place.base, drops_empty) else { continue };
        let Some(reading) = place.catalogue.best_fit(method.as_str(), &below) else { continue };
        // The permit of a scoped route comes later.
        if let Err(denial) = reading.verdict(caller, true) {
            // A malformed target is answered before the caller is looked at, unless a `#[raw]` parameter may take it.
            let is_raw = |malformation: Malformation| {
                malformation.is_taken_raw() && place.catalogue.fits_raw_parameter(method.as_str(), &below)
            };
            let denial = match refused {
                NoRoute::Malformed(malformation) if !is_raw(malformation) => Denial::TargetMalformed(malformation),
                _ => denial,
            };
            return Err(unmet(denial, &reading));
        }
        if let Tenancy::Unbound(_) = reading.route().tenancy() {
            unbound = unbound.or(Some(reading.route()));
        }
    }
    Ok(unbound)
}

fn unmet(denial: Denial, reading: &Reading<'static>) -> Unmet {
    let route = reading.route();
    Unmet { denial, route, missing: route.requirement().to_requirement() }
}

/// What is left of a path below the base for a router that decodes before it compares, and may drop empty segments.
fn below_decoded(path: &[u8], base: &str, drops_empty: bool) -> Option<Vec<u8>> {
    let mut segments = path.split(|&byte| byte == b'/').skip(1).filter(|segment| !drops_empty || !segment.is_empty());
    for expected in base.split('/').skip(1) {
        let segment = octets::decode_bytes(segments.next()?)?;
        if *segment != *expected.as_bytes() {
            return None;
        }
    }
    let mut below = Vec::with_capacity(path.len());
    for segment in segments {
        below.push(b'/');
        below.extend_from_slice(segment);
    }
    if drops_empty && path.ends_with(b"/") {
        below.push(b'/');
    }
    Some(below)
}

#[cfg(test)]
mod tests {
    use super::below_decoded;

    #[test]
    fn paths_below_a_base() {
        for (path, base, whole, dropped) in [
            ("/api/users", "/api", Some("/users"), Some("/users")),
            ("/%61pi/users", "/api", Some("/users"), Some("/users")),
            ("/api", "/api", Some(""), Some("")),
            ("/apis/users", "/api", None, None),
            ("//api//users/", "/api", None, Some("/users/")),
            ("/users//7", "", Some("/users//7"), Some("/users/7")),
            ("/", "", Some("/"), Some("/")),
            ("/a", "/a/b", None, None),
        ] {
            let below = |drops_empty| below_decoded(path.as_bytes(), base, drops_empty);
            assert_eq!(below(false).as_deref(), whole.map(str::as_bytes), "{path}");
            assert_eq!(below(true).as_deref(), dropped.map(str::as_bytes), "{path}");
        }
    }
}
