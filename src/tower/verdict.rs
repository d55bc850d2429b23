//! What the gate says to one request, without the service around it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use http::Extensions;
use scopes_core::decision::{Caller, Holder, check_scope_and_tenant};
use scopes_core::{Decision, Denial, NoRoute, Route, RouteMatch, Scope, ScopeSet, Tenancy};

use super::Level;
use super::outside::{Whereabouts, WithText, whereabouts};
use crate::authentication::{Authentication, MatchedRoute, Settings, Stored};
use crate::check::Facts;
use crate::denied::{Denied, default_settings};
use crate::locate::{Missing, Place};
use crate::observe::{Outcome, Point, decided};
use crate::{Grant, log};

/// What a gate enforces.
#[derive(Clone, Debug)]
pub(super) struct Enforcement<S: Scope> {
    pub(super) everywhere: bool,
    pub(super) strict: bool,
    pub(super) level: Option<Level>,
    pub(super) scopes: ScopeSet<S>,
    pub(super) routes: Vec<Route<'static>>,
    pub(super) with_text: WithText,
    /// Whether the log knows that the API is mounted elsewhere.
    pub(super) told: Arc<AtomicBool>,
}

impl<S: Scope> Default for Enforcement<S> {
    fn default() -> Self {
        Self {
            everywhere: false,
            strict: false,
            level: None,
            scopes: ScopeSet::default(),
            routes: Vec::new(),
            with_text: WithText::default(),
            told: Arc::default(),
        }
    }
}

/// What becomes of a request.
pub(crate) enum Ruling {
    /// It is none of the gate's business.
    Outside,
    /// It goes on, on this route if it is a declared one.
    Passed(Option<MatchedRoute>),
    /// It is answered.
    Denied(Denied),
}

type Found<'t> = Result<RouteMatch<'static, 't>, NoRoute>;

impl<S: Scope> Enforcement<S> {
    pub(super) fn ruling(&self, extensions: &Extensions, facts: Facts<'_>) -> Ruling {
        let stored = extensions.get::<Stored<S>>();
        let settings = stored.map_or(default_settings(), |stored| &stored.settings);
        let base = settings.mounted_at.as_deref().unwrap_or_else(|| S::catalogue().base());
        let Facts { method, raw_target, .. } = facts;
        let place = Place { catalogue: S::catalogue(), base, target_limit: settings.target_limit };
        // Without the settings nobody knows where the API is mounted, so that nothing is known to lie outside.
        let is_misplaced = stored.is_some()
            && match whereabouts(place, facts, &self.with_text) {
                Whereabouts::Outside if !self.everywhere => return Ruling::Outside,
                whereabouts => whereabouts == Whereabouts::Misplaced,
            };
        if is_misplaced && !self.told.swap(true, Ordering::Relaxed) {
            misplaced(place, facts);
        }
        let (mut found, misread) = find(place, facts);
        let misread = misread || is_misplaced;
        let route = found.as_ref().ok().map(RouteMatch::route);
        let passed = || Ruling::Passed(route.map(|route| MatchedRoute::new(route, method.clone(), raw_target)));
        let tell = |route, outcome| {
            let grant = stored.and_then(|stored| stored.authentication.grant());
            decided(Point::Gate, settings, method, route, grant, outcome);
        };

        let caller = stored.map_or(Caller::Absent, |stored| caller(&stored.authentication));
        let mut verdict = Decision::new(found, &caller).verdict();
        if verdict.is_ok()
            && let Some(narrower) = route.and_then(|route| place.narrower(facts, route))
        {
            found = Ok(narrower);
            verdict = Decision::new(found, &caller).verdict();
        }
        let comes_before_the_caller = matches!(verdict, Err(Denial::TargetMalformed(_) | Denial::TargetTooLong));
        if facts.dispatch_unknown && !comes_before_the_caller {
            tell(route, Outcome::Misconfigured);
            return Ruling::Denied(unknown_dispatch::<S>(settings));
        }
        let Err(denial) = verdict else {
            tell(route, Outcome::Allowed);
            return passed();
        };
        if stored.is_none() && !comes_before_the_caller {
            tell(route, Outcome::Misconfigured);
            return Ruling::Denied(missing_layer::<S>(settings));
        }
        let judged = found.as_ref().ok().map(RouteMatch::route);
        match self.enforced(denial, &found, misread, &caller) {
            None => {
                tell(judged, Outcome::Reported(denial));
                report_only_was_seen(settings, judged, denial);
                passed()
            }
            Some(denial) => {
                tell(judged, Outcome::Denied(denial));
                Ruling::Denied(Denied::on_route(denial, judged, settings, S::catalogue()))
            }
        }
    }

    /// The denial that is left once those that are only reported are taken away.
    fn enforced(&self, denial: Denial, found: &Found<'_>, misread: bool, caller: &Caller<'_>) -> Option<Denial> {
        let level = |level| self.level.is_some_and(|relaxed| relaxed >= level);
        match denial {
            Denial::TargetMalformed(_) | Denial::TargetTooLong | Denial::CredentialsMalformed => Some(denial),
            Denial::CredentialsAbsent | Denial::CredentialsInvalid | Denial::VerifierUnavailable => {
                (!level(Level::Everything)).then_some(denial)
            }
            // The handler of a declared route may run, for a tenant that cannot be told.
            Denial::RouteNotFound | Denial::MethodNotAllowed(_) if misread => {
                (!level(Level::Tenants)).then_some(denial)
            }
            Denial::RouteNotFound | Denial::MethodNotAllowed(_) => (!level(Level::Scopes)).then_some(denial),
            Denial::OtherTenant => (!level(Level::Tenants)).then_some(denial),
            Denial::ScopeMissing => {
                let (Ok(matched), Caller::Granted(holder)) = (found, caller) else { return Some(denial) };
                let assumed = if level(Level::Scopes) || self.routes.contains(&matched.route()) {
                    ScopeSet::<S>::all()
                } else {
                    self.scopes
                };
                let words: Vec<u64> =
                    assumed.as_words().iter().zip(holder.scopes).map(|(assumed, held)| assumed | held).collect();
                // The tenant comes after the scope and is still to be looked at.
                let holder = Holder { scopes: &words, tenants: holder.tenants };
                match check_scope_and_tenant(matched, &holder) {
                    Ok(()) => None,
                    Err(Denial::OtherTenant) if level(Level::Tenants) => None,
                    Err(denial) => Some(denial),
                }
            }
        }
    }
}

/// The request goes on: its route is remembered for the permits. Gives what is to be looked at once the response is
/// there, on a route that leaves the owner to its handler.
pub(crate) fn admit<S: Scope>(extensions: &mut Extensions, matched: Option<MatchedRoute>) -> Option<Stored<S>> {
    let stored = extensions.get_mut::<Stored<S>>()?;
    let route = matched.as_ref().map(MatchedRoute::route);
    stored.matched = matched;
    let route = route.filter(|route| matches!(route.tenancy(), Tenancy::Unbound(_)))?;
    stored.owner_check.require(route);
    Some(stored.clone())
}

/// The route as a permit would find it, so that the two never disagree; and whether the router has a declared route that
/// the raw target does not show.
fn find<'t>(place: Place<'_>, facts: Facts<'t>) -> (Found<'t>, bool) {
    let missing = match place.locate(facts, None) {
        Ok(Ok(located)) => return (Ok(located.matched), false),
        Ok(Err(missing)) => missing,
        Err(refused) => return (Err(refused), false),
    };
    // 404 or 405; whatever the catalogue finds for the target by itself is not the handler that runs.
    let found = place
        .catalogue
        .at_mounted(place.base, place.target_limit, facts.method.as_str(), facts.raw_target.as_bytes())
        .and(Err(NoRoute::NotFound));
    (found, matches!(missing, Missing::Misread | Missing::Base))
}

fn caller<S: Scope>(authentication: &Authentication<S>) -> Caller<'_> {
    match authentication {
        Authentication::Granted(grant) => Caller::Granted(Grant::holder(grant)),
        Authentication::Absent => Caller::Absent,
        Authentication::Malformed => Caller::Malformed,
        Authentication::Invalid => Caller::Invalid,
        Authentication::Unavailable => Caller::Unavailable,
    }
}

fn misplaced(place: Place<'_>, facts: Facts<'_>) {
    let Place { catalogue, base, .. } = place;
    let template = facts.matched_template.map(|template| format!(", matched as `{template}`,")).unwrap_or_default();
    log::error(format_args!(
        "a request{template} reached the gate of `{name}` outside of `{base}`, and yet it looks like a route of the catalogue: say \
         with `mounted_at` where `{name}` is mounted; what only looks like it belongs in front of the gate, not behind it",
        name = catalogue.name(),
    ));
}

fn unknown_dispatch<S: Scope>(settings: &Arc<Settings>) -> Denied {
    let catalogue = S::catalogue();
    Denied::misconfigured(
        settings,
        catalogue,
        format_args!(
            "the gate of `{name}` stands behind axum's choice of the handler, which went by a method that a layer may have changed \
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

/// With nobody listening, what is not enforced would go by unseen.
fn report_only_was_seen(settings: &Settings, route: Option<Route<'static>>, denial: Denial) {
    if settings.on_decision.is_some() || cfg!(feature = "tracing") {
        return;
    }
    match route {
        Some(route) => log::warning(format_args!("not enforced on `{route}`: {denial}")),
        None => log::warning(format_args!("not enforced: {denial}")),
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;
    use crate::fixture::{TestScope, USERS_READ, authenticated, grant};

    /// What the gate says to `e1`'s reader of users: `outside`, `passed` or a status.
    fn ruling(enforcement: &Enforcement<TestScope>, facts: Facts<'_>) -> String {
        let extensions = authenticated(Authentication::Granted(grant(&[USERS_READ])), Settings::new());
        match enforcement.ruling(&extensions, facts) {
            Ruling::Outside => "outside".into(),
            Ruling::Passed(_) => "passed".into(),
            Ruling::Denied(denied) => denied.status().as_str().into(),
        }
    }

    #[test]
    fn a_forgotten_mount_opens_nothing() {
        let get = |target| Facts::new(&Method::GET, target);
        let enforcement = Enforcement::default();
        for (facts, expected) in [
            (get("/static/app.js"), "outside"),
            (get("/v2/static/app.js").with_local_path("/static/app.js"), "outside"),
            // Nested below `/v2` without `mounted_at`.
            (get("/v2/api/environments/e1/users").with_local_path("/api/environments/e1/users"), "404"),
            (
                get("/v2/api/environments/e1/users")
                    .with_local_path("/api/environments/e1/users")
                    .with_template("/v2/api/environments/{e}/users"),
                "404",
            ),
            // The base is the mount.
            (
                get("/api/environments/e1/users")
                    .with_local_path("/environments/e1/users")
                    .with_template("/api/environments/{e}/users"),
                "passed",
            ),
            // Rewritten between the routers.
            (
                get("/api/environments/e1/users")
                    .with_local_path("/api/environments/e2/users")
                    .with_template("/api/environments/{e}/users"),
                "404",
            ),
            (get("/api/environments/e1/users").with_local_path("/api/environments/e2/users"), "404"),
        ] {
            assert_eq!(ruling(&enforcement, facts), expected, "{:?} {:?}", facts.raw_target, facts.local_path);
        }
    }

    #[test]
    fn what_only_the_router_understands_is_not_reported_only() {
        let users = |target| Facts::new(&Method::GET, target).with_template("/api/environments/{e}/users");
        let reporting = |level| Enforcement { level: Some(level), ..Enforcement::default() };
        for (target, scopes, tenants) in [
            ("/api/environments/e1/users", "passed", "passed"),
            ("/api/environments/e2/users", "403", "passed"),
            // A router that merges slashes sees `e2` all the same.
            ("/api/environments//e2/users", "404", "passed"),
            ("/api//environments/e2/users", "404", "passed"),
        ] {
            assert_eq!(ruling(&reporting(Level::Scopes), users(target)), scopes, "{target}");
            assert_eq!(ruling(&reporting(Level::Tenants), users(target)), tenants, "{target}");
        }
        let undeclared = Facts::new(&Method::GET, "/api/new").with_template("/api/new");
        assert_eq!(ruling(&reporting(Level::Scopes), undeclared), "passed");
    }
}
