//! The part of the gate's decision that does not need the caller.

use std::sync::atomic::Ordering;

#[cfg(feature = "_axum")]
use scopes_core::Denial;
use scopes_core::demands::Demands;
use scopes_core::{NoRoute, Route, Scope};

use super::enforcement::Enforcement;
use super::mount::{MountPosition, is_guarded, is_route_below_a_mount, mount_position};
use crate::auth::stored::Judged;
use crate::denial::default_settings;
use crate::log::{self, Once};
use crate::report_only::ReportOnly;
use crate::request::facts::Facts;
use crate::request::kept::KeptMatch;
use crate::request::locate::{Missing, Place};
use crate::request::other_readings::readings;
use crate::request::undeclared::Undeclared;
use crate::settings::Settings;

/// The reason why the gate finds no route.
pub(super) struct NotFound {
    pub(super) reason: NoRoute,
    /// Whether the handler of a declared route may run nevertheless. Reasons: the router has
    /// matched a route that the raw target does not show, other software may read the target as a
    /// declared route, or the API is mounted elsewhere.
    pub(super) is_misread: bool,
}

/// What a gate sees of a request before it knows the caller.
pub(crate) enum Arrival<'a> {
    /// The request lies outside of the API, and the gate does not judge it.
    Outside,
    Inside(Sight<'a>),
}

/// The routes that a request must satisfy, or the reason why it has none.
pub(crate) struct Sight<'a> {
    pub(super) place: Place<'a>,
    pub(super) facts: Facts<'a>,
    pub(super) found: Result<Demands<'static, 'a>, NotFound>,
}

impl Sight<'_> {
    /// Whether the answer depends on the caller.
    #[cfg(any(feature = "_axum", feature = "poem", feature = "salvo"))]
    #[inline(always)]
    pub(crate) fn needs_caller(&self) -> bool {
        match &self.found {
            Ok(demands) => demands.need_caller(),
            Err(missing) => missing.refused().is_none(),
        }
    }

    /// Whether the request is for a single route, which needs no caller.
    #[cfg(feature = "_axum")]
    #[inline]
    pub(crate) fn is_public(&self) -> bool {
        matches!(&self.found, Ok(demands) if demands.is_single() && !demands.own().route().access().needs_grant())
    }

    /// Whether the router has matched a declared route and reported its template.
    #[cfg(feature = "_axum")]
    #[inline]
    pub(crate) fn is_routed(&self) -> bool {
        self.facts.matched_template.is_some() && self.found.is_ok()
    }

    /// The denial of a target that is refused for every caller.
    #[cfg(feature = "_axum")]
    #[inline]
    pub(crate) fn refused(&self) -> Option<Denial> {
        self.found.as_ref().err().and_then(NotFound::refused).map(Denial::from)
    }

    /// The findings that permits after the gate reuse. `None` without a route.
    #[inline]
    pub(crate) fn judged(&self, is_met: bool) -> Option<Judged> {
        let (facts, demands) = (self.facts, self.found.as_ref().ok()?);
        Some(Judged {
            found: KeptMatch::new(facts, demands.own()),
            method: facts.method.clone(),
            #[cfg(feature = "_axum")]
            matched_path: facts.matched_path.cloned(),
            is_routed: facts.matched_template.is_some(),
            is_met,
            is_alone: demands.is_single(),
        })
    }

    /// Whether the responses of the route announce a deprecation. Such a request needs an entry of
    /// its own, which says what the route is.
    #[cfg(feature = "_axum")]
    pub(crate) fn is_announced(&self) -> bool {
        self.found.as_ref().is_ok_and(|demands| demands.own().route().is_announced())
    }

    /// The route whose handler must compare the owner.
    #[inline]
    pub(crate) fn unbound(&self) -> Option<Route<'static>> {
        self.found.as_ref().ok()?.unbound()
    }
}

impl NotFound {
    /// Why the target is refused for every caller.
    pub(super) fn refused(&self) -> Option<NoRoute> {
        matches!(self.reason, NoRoute::Malformed(_) | NoRoute::TooLong).then_some(self.reason)
    }
}

impl<S: Scope> Enforcement<S> {
    /// Judges the request as far as that is possible without the caller. Without the settings of an
    /// authentication layer it is unknown where the API is mounted, so no path counts as outside of
    /// it.
    #[inline(always)]
    pub(super) fn arrival<'a>(&self, settings: Option<&'a Settings>, facts: Facts<'a>) -> Arrival<'a> {
        let place = Place::of::<S>(settings.unwrap_or(default_settings()));
        // The router's template and the target show the same route, like for nearly every request.
        if let Some(located) = place.fast_path(facts) {
            return Arrival::Inside(Sight { place, facts, found: Ok(place.demands(facts, located)) });
        }
        // The reason why no route matches matters only if denials are reported.
        let is_reporting = settings.is_some_and(|settings| settings.reports(ReportOnly::Scopes));
        let position = settings.map(|_| mount_position(place, facts, &self.with_text));
        let is_misplaced = position == Some(MountPosition::Misplaced);
        if position == Some(MountPosition::Outside) {
            if self.outside.is_some() {
                return Arrival::Outside;
            }
            if !self.told_outside[usize::from(facts.matched_template.is_some())].swap(true, Ordering::Relaxed) {
                outside(place, facts, is_reporting);
            }
        }
        if is_misplaced && !self.told.swap(true, Ordering::Relaxed) {
            misplaced(place, facts);
        }
        let found = find(place, facts, is_misplaced, is_reporting, settings.map(|settings| &*settings.told));
        Arrival::Inside(Sight { place, facts, found })
    }
}

/// Finds the same routes as a permit does, so that gate and permit never disagree.
#[inline]
fn find<'t>(
    place: Place<'_>,
    facts: Facts<'t>,
    is_misplaced: bool,
    is_reporting: bool,
    told: Option<&Once>,
) -> Result<Demands<'static, 't>, NotFound> {
    let missing = match place.locate(facts, None) {
        Ok(located) => return Ok(place.demands(facts, located)),
        Err(Missing::Refused(reason)) => return Err(NotFound { reason, is_misread: is_misplaced }),
        Err(missing) => missing,
    };
    // If the gate does not know by which method the router chose the handler, it refuses everything
    // and logs the reason.
    if let (Some(told), false) = (told, is_misplaced || facts.dispatch_unknown) {
        tell_undeclared(place, facts, &missing, is_reporting, told);
    }
    // 404 or 405: the handler belongs to another route than the one that the catalogue finds for
    // the target.
    let reason = place.at_target(facts).err().unwrap_or(NoRoute::NotFound);
    let is_misread = is_misplaced
        || matches!(missing, Missing::Misread | Missing::Base)
        || is_reporting
            && readings(place, facts.method, facts.raw_target).iter().any(|reading| is_guarded(reading.route()));
    Err(NotFound { reason, is_misread })
}

/// Logs that the router serves, or seems to serve below a mount, a path that the catalogue does not
/// have.
#[cold]
fn tell_undeclared(place: Place<'_>, facts: Facts<'_>, missing: &Missing<'_>, is_reporting: bool, told: &Once) {
    match missing {
        Missing::Template(template) => {
            let undeclared = Undeclared { place, method: facts.method, template };
            // Paths outside of the base get another message.
            if template.starts_with(place.base) && !undeclared.has_other_methods() {
                let verdict = if is_reporting {
                    "the gate only reports its requests"
                } else {
                    "the gate refuses its requests"
                };
                told.error(format_args!("{undeclared}; {verdict}"));
            }
        }
        Missing::Target | Missing::Misread if is_route_below_a_mount(place, facts) => told.error(format_args!(
            "the part of a request's path below a mount is a route of catalogue `{}`, but the settings do not name that mount: \
             name it with `Settings::mounted_at`; until then the gate refuses these requests",
            place.catalogue.name()
        )),
        _ => {}
    }
}

fn misplaced(place: Place<'_>, facts: Facts<'_>) {
    let Place { catalogue, base, .. } = place;
    let template = facts.matched_template.map(|template| format!(", matched as `{template}`,")).unwrap_or_default();
    log::error(format_args!(
        "a request{template} reached the gate of `{name}` outside of `{base}`, but looks like a route of the catalogue: name the \
         path where `{name}` is mounted with `mounted_at`; serve a page that only looks like a route outside of the gate",
        name = catalogue.name(),
    ));
}

fn outside(place: Place<'_>, facts: Facts<'_>, is_reporting: bool) {
    let Place { catalogue, base, .. } = place;
    let (name, template) = (catalogue.name(), facts.matched_template);
    let what = template.map_or("a request".to_owned(), |template| format!("a request for `{template}`"));
    let (refused, others) = if is_reporting {
        ("only reports", "this is said once")
    } else {
        ("refused", "further such requests are refused without a line in the log")
    };
    log::warning(format_args!(
        "the gate of `{name}` {refused} {what}, which lies outside of `{base}`: if it is to be served without a check, route it \
         in a router around the gated one, or write `.also_serve_outside_base(\"why\")`; {others}"
    ));
}
