//! The one check that makes every `Permit`. All frameworks decide about their requests here.
//!
//! An adapter passes what it knows about the request as [`Facts`], and [`permit`] decides. The
//! order of the checks is fixed: first the target, if two parties could read it differently, then
//! credentials, the route, scopes, and the tenant.

use std::fmt;
use std::sync::Arc;

use http::Extensions;
use scopes_core::demands::{Demand, Demands};
use scopes_core::{Access, CallerStatus, Denial, Requirement, Route, Scope};

use crate::auth::outcome::Authentication;
use crate::auth::stored::{CallerState, Judged, Stored};
use crate::denial::{Denied, default_settings};
use crate::events::{DecidedBy, DecisionOutcome, decided};
use crate::report_only::{Reported, Unmet};
pub use crate::request::facts::Facts;
use crate::request::facts::{is_said_by_router, known_method};
use crate::request::kept::KeptMatch;
use crate::request::locate::{Located, Missing, Place};
use crate::request::undeclared::Undeclared;
use crate::required::{Required, few_alternatives};
use crate::settings::Settings;
use crate::{Caller, Grant, Permit};

mod mismatch;
mod without_request;

use mismatch::Mismatch;
pub(crate) use mismatch::tell_of_no_tenants;
pub use without_request::{TenantWithoutRequest, check_grant};

/// Checks a request against `R` *and* against the catalogue's demand on its route.
///
/// The route is the one of the router's template, if the adapter knows it; otherwise the one that
/// the gate in front has found; otherwise the one that the catalogue finds for the raw target. If
/// the path can also be read as another route of the catalogue, the caller must satisfy that route,
/// too: see [`scopes_core::demands`].
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// use http::Method;
/// use scopes::Authentication;
/// use scopes::check::{self, Facts};
///
/// // An adapter has the request's extensions, and facts from its router.
/// let mut extensions = http::Extensions::new();
/// let grant = api::Grant::new(api::Scope::UsersRead);
/// Authentication::Granted(grant).store(&mut extensions, &Default::default());
/// let facts = Facts::new(&Method::GET, "/users?page=2").with_template("/users");
/// let permit = check::permit::<api::permits::UsersRead>(&extensions, facts)?;
/// assert_eq!(permit.route().unwrap().path(), "/users");
/// # Ok::<(), scopes::Denied>(())
/// ```
///
/// # Errors
/// The denial to answer with. Mistakes that only the developers can correct (no authentication
/// layer, a route that the catalogue does not have, a requirement other than the catalogue's) are a
/// 500 for the caller and a sentence in the log.
pub fn permit<R: Required>(extensions: &Extensions, facts: Facts<'_>) -> Result<Permit<R>, Denied> {
    permit_of(extensions.get::<Stored<R::Scope>>(), facts)
}

/// Like [`permit`], for the entry of a request.
pub(crate) fn permit_of<R: Required>(stored: Option<&Stored<R::Scope>>, facts: Facts<'_>) -> Result<Permit<R>, Denied> {
    const { few_alternatives::<R>() };
    let context = Context::of(stored, facts);
    #[cfg(feature = "_ahead")]
    if let Some(permit) = context.as_judged_ahead() {
        return Ok(permit);
    }
    if let Some(permit) = context.as_judged().or_else(|| context.at_a_glance()) {
        return Ok(permit);
    }
    if let Some(state) = context.state {
        state.owner_check.guarded();
    }
    let located = context.place.locate(context.facts, context.gates());
    let outcome = context.permitted(located.as_ref());
    context.tell(located.as_ref().ok(), &outcome);
    outcome.map(|(checked, _)| checked)
}

/// The permit for a request that was not changed since the gate has judged it, which is nearly
/// every request. `None` is not a denial: then the slow path decides, and it alone refuses
/// requests.
pub(crate) fn permit_as_judged<R: Required>(
    stored: &Stored<R::Scope>,
    judged: &Judged,
    template: Option<&str>,
) -> Option<Permit<R>> {
    let (identity, route) = (&stored.state().identity, judged.found.route());
    let grant = identity.granted().ok().filter(|_| judged.is_met)?;
    if !fits::<R>(route) || !R::satisfied_by(grant.effective_words()) {
        return None;
    }
    let (hook, outcome) = (identity.settings.on_decision.as_ref(), DecisionOutcome::Allowed);
    let also = || judged.met_besides(&CallerStatus::Granted(grant.holder()));
    decided(DecidedBy::Permit, hook, (&judged.method, template), Some(route), Some(grant), outcome, also);
    Some(Permit::as_judged(grant, stored))
}

/// Whether a handler of this route may have the requirement `R`.
fn fits<R: Required>(route: Route<'_>) -> bool {
    match route.access() {
        Access::Scoped => R::is_requirement_of(route),
        Access::Authenticated(_) => R::STRICTER,
        Access::Public(_) | Access::External(_) => false,
    }
}

/// The permit for frameworks that try one handler after another. `None` if the request is for a
/// route that cannot have the requirement `R`, so that the framework tries the next handler.
#[cfg(feature = "warp")]
pub(crate) fn permit_if_own<R: Required>(
    stored: Option<&Stored<R::Scope>>,
    facts: Facts<'_>,
) -> Option<Result<Permit<R>, Denied>> {
    let context = Context::of(stored, facts);
    if let Some(permit) = context.as_judged().or_else(|| context.at_a_glance()) {
        return Some(Ok(permit));
    }
    let is_others = match context.place.locate(facts, None) {
        Ok(located) => !fits::<R>(located.matched.route()),
        Err(_) => false,
    };
    if is_others { None } else { Some(permit_of(stored, facts)) }
}

/// The caller's grant, for a handler that takes it without a permit. The grant must satisfy the
/// route nevertheless, so that a forgotten permit opens nothing.
///
/// On a route that demands scopes, the handler must take a permit before the grant, or a gate must
/// stand in front. The type of a permit shows which handler runs, and a gate makes sure that it is
/// the route's handler. Without either, a layer may have changed the method since the router has
/// chosen the handler.
///
/// ```
/// # scopes::scopes! { pub mod api; authenticated("who am I") { GET "/me"; } }
/// use http::Method;
/// use scopes::Authentication;
/// use scopes::check::{self, Facts};
///
/// let mut extensions = http::Extensions::new();
/// let grant = api::Grant::new(api::Scopes::new()).with_subject("ada");
/// Authentication::Granted(grant).store(&mut extensions, &Default::default());
/// let grant: api::Grant = check::grant(&extensions, Facts::new(&Method::GET, "/me"))?;
/// assert_eq!(grant.subject(), Some("ada"));
/// # Ok::<(), scopes::Denied>(())
/// ```
///
/// # Errors
/// Those of [`permit`]. Also a 500 if neither a permit nor a gate has checked the request.
pub fn grant<S: Scope>(extensions: &Extensions, facts: Facts<'_>) -> Result<Grant<S>, Denied> {
    grant_of(extensions.get::<Stored<S>>(), facts)
}

/// Like [`grant`], for the entry of a request.
pub(crate) fn grant_of<S: Scope>(stored: Option<&Stored<S>>, facts: Facts<'_>) -> Result<Grant<S>, Denied> {
    let context = Context::of(stored, facts);
    if let Some(state) = context.state {
        state.owner_check.caller_asked();
    }
    let located = context.place.locate(context.facts, context.gates());
    let outcome = context.granted(located.as_ref());
    context.tell(located.as_ref().ok(), &outcome);
    outcome.map(|(checked, _)| checked)
}

/// The caller, with or without credentials, for a handler that serves both.
///
/// Bad credentials are refused, and so is a caller whom the route refuses. A route that demands
/// scopes needs a permit or a gate, like for [`grant`].
///
/// ```
/// # scopes::scopes! { pub mod api; public("the front page") { GET "/"; } }
/// use http::Method;
/// use scopes::Authentication;
/// use scopes::check::{self, Facts};
///
/// let mut extensions = http::Extensions::new();
/// Authentication::<api::Scope>::Absent.store(&mut extensions, &Default::default());
/// let caller: api::Caller = check::caller(&extensions, Facts::new(&Method::GET, "/"))?;
/// assert!(caller.grant().is_none());
/// # Ok::<(), scopes::Denied>(())
/// ```
///
/// # Errors
/// Those of [`grant`].
pub fn caller<S: Scope>(extensions: &Extensions, facts: Facts<'_>) -> Result<Caller<S>, Denied> {
    caller_of(extensions.get::<Stored<S>>(), facts)
}

/// Like [`caller`], for the entry of a request.
pub(crate) fn caller_of<S: Scope>(stored: Option<&Stored<S>>, facts: Facts<'_>) -> Result<Caller<S>, Denied> {
    let context = Context::of(stored, facts);
    if let Some(state) = context.state {
        state.owner_check.caller_asked();
    }
    let located = context.place.locate(context.facts, context.gates());
    let outcome = context.caller(located.as_ref());
    context.tell(located.as_ref().ok(), &outcome);
    outcome.map(|(caller, _)| caller)
}

/// A request and one catalogue that judges it.
struct Context<'a, S: Scope> {
    facts: Facts<'a>,
    stored: Option<&'a Stored<S>>,
    state: Option<&'a Arc<CallerState<S>>>,
    judged: Option<&'a Judged>,
    settings: &'a Arc<Settings>,
    place: Place<'a>,
}

/// A known caller and a found route, before any decision.
struct Known<'c, 'a, S: Scope> {
    state: &'a Arc<CallerState<S>>,
    grant: &'a Grant<S>,
    located: &'c Located<'a>,
}

/// The demand of a permit's type, in addition to the demands of the routes.
struct Annotation {
    requirement: fn() -> Requirement,
    satisfied_by: fn(&[u64]) -> bool,
}

/// A denial that was lifted, and the route that denies.
type Lifted = Option<(Route<'static>, Denial)>;

impl<'a, S: Scope> Context<'a, S> {
    fn of(stored: Option<&'a Stored<S>>, facts: Facts<'a>) -> Self {
        let (state, judged) = (stored.map(Stored::state), stored.and_then(Stored::judged));
        let settings = state.map_or(default_settings(), |state| &state.identity.settings);
        // The router has chosen the handler by the method that the gate saw.
        let facts = match judged {
            Some(judged) if judged.is_routed && judged.method != *facts.method => facts.misread(),
            _ => facts,
        };
        Self { facts, stored, state, judged, settings, place: Place::of::<S>(settings) }
    }

    /// The route that a gate in front has found for this request.
    fn gates(&self) -> Option<Route<'static>> {
        self.judged.and_then(|judged| judged.route_of(self.facts.method, self.facts.raw_target))
    }

    /// The permit by the gate's judgement, if the router has chosen the handler by the template
    /// that the gate saw, or if neither knows a template. A gate without a template demands fewer
    /// routes than a permit that knows one.
    fn as_judged<R: Required<Scope = S>>(&self) -> Option<Permit<R>> {
        let (stored, judged) = (self.stored?, self.judged?);
        let has_same_router = || match self.facts.matched_template {
            Some(template) => judged.is_routed && self.place.is_template_of(judged.found.route(), template),
            None => !judged.is_routed && !self.facts.is_stripped(),
        };
        let is_as_judged =
            !self.facts.misread && judged.is_for(self.facts.method, self.facts.raw_target) && has_same_router();
        if is_as_judged { permit_as_judged(stored, judged, self.facts.matched_template) } else { None }
    }

    /// The permit by the judgement of the authentication layer, if the router has matched the route
    /// that the layer found.
    #[cfg(feature = "_ahead")]
    fn as_judged_ahead<R: Required<Scope = S>>(&self) -> Option<Permit<R>> {
        let stored = self.stored?;
        let judged = stored.judged_ahead().filter(|judged| judged.is_of_match(self.place, self.facts))?;
        let permit = permit_as_judged(stored, judged, self.facts.matched_template)?;
        let owner_check = &stored.state().owner_check;
        if let Some(unbound) = judged.unbound() {
            owner_check.require(unbound);
        }
        owner_check.permitted(judged.found.route());
        Some(permit)
    }

    /// The fast path for nearly every request without a gate: template and target show the same
    /// route, and the caller satisfies it and the annotation of the handler. `None` is not a
    /// denial.
    fn at_a_glance<R: Required<Scope = S>>(&self) -> Option<Permit<R>> {
        let state = self.state?;
        let grant = state.identity.granted().ok()?;
        let located = self.place.fast_path(self.facts)?;
        // Without a template the route that a gate has found counts.
        if self.facts.matched_template.is_none() && self.gates().is_some() {
            return None;
        }
        let (route, demands) = (located.matched.route(), self.place.demands(self.facts, located));
        let is_met = fits::<R>(route)
            && R::satisfied_by(grant.effective_words())
            && demands.are_met(&CallerStatus::Granted(grant.holder()));
        if !is_met {
            return None;
        }
        if let Some(unbound) = demands.unbound() {
            state.owner_check.require(unbound);
        }
        state.owner_check.permitted(route);
        self.tell(Some(&located), &Ok(((), None)));
        Some(Permit::on_route(grant, KeptMatch::new(self.facts, &located.matched), state))
    }

    fn permitted<R: Required<Scope = S>>(
        &self,
        located: Result<&Located<'a>, &Missing<'a>>,
    ) -> Result<(Permit<R>, Lifted), Denied> {
        let Known { state, grant, located } =
            self.known(located).inspect_err(|_| self.tell_mistakes(located, &R::requirement(), fits::<R>))?;
        let route = located.matched.route();
        if !fits::<R>(route) {
            return Err(self.misconfigured(format_args!("{}", Mismatch { required: &R::requirement(), route })));
        }
        let annotation = Annotation { requirement: R::requirement, satisfied_by: R::satisfied_by };
        let lifted = self.check_routes(state, grant.status(), *located, Some(&annotation))?;
        state.owner_check.permitted(route);
        let found = KeptMatch::new(self.facts, &located.matched);
        let permit = match lifted {
            None => Permit::on_route(grant, found, state),
            Some(_) => Permit::reported(grant, found, state),
        };
        Ok((permit, lifted))
    }

    fn granted(&self, located: Result<&Located<'a>, &Missing<'a>>) -> Result<(Grant<S>, Lifted), Denied> {
        let Known { state, grant, located } = self.known(located)?;
        if grant.is_anonymous() {
            return Err(self.denied(Denial::CredentialsAbsent));
        }
        let route = located.matched.route();
        let lifted = self.check_routes(state, grant.status(), *located, None)?;
        self.vouched_for(state, route)?;
        Ok((grant.clone(), lifted))
    }

    /// A caller without credentials is [`Caller::Anonymous`] wherever the routes let it through.
    fn caller(&self, located: Result<&Located<'a>, &Missing<'a>>) -> Result<(Caller<S>, Lifted), Denied> {
        let state = self.state(located)?;
        match state.identity.authentication() {
            Authentication::Absent | Authentication::Anonymous(_) => {}
            _ => return self.granted(located).map(|(grant, lifted)| (Caller::Granted(grant), lifted)),
        }
        let located = located.map_err(|_| self.denied(Denial::CredentialsAbsent))?;
        let lifted = self.check_routes(state, state.identity.caller(), *located, None)?;
        self.vouched_for(state, located.matched.route())?;
        Ok((Caller::Anonymous, lifted))
    }

    /// The checks before the demands of the routes: a well-formed target, valid credentials, a
    /// route.
    fn known<'c>(&self, located: Result<&'c Located<'a>, &Missing<'a>>) -> Result<Known<'c, 'a, S>, Denied> {
        let state = self.state(located)?;
        let grant = state.identity.held().map_err(|denial| match located {
            Ok(located) => {
                let route = located.matched.route();
                // A caller whose grant is not known lacks no scope.
                let suffices = || route.requirement().to_requirement();
                Denied::on_route(denial, route, suffices, &CallerStatus::Absent, self.settings)
            }
            Err(_) => self.denied(denial),
        })?;
        let located = located.map_err(|missing| {
            if grant.is_anonymous() { self.denied(Denial::CredentialsAbsent) } else { self.without_route(missing) }
        })?;
        Ok(Known { state, grant, located })
    }

    /// The state of the caller, unless the target is refused for every caller.
    fn state(&self, located: Result<&Located<'a>, &Missing<'a>>) -> Result<&'a Arc<CallerState<S>>, Denied> {
        if let Err(Missing::Refused(refused)) = located {
            return Err(self.denied((*refused).into()));
        }
        let state = self.state.ok_or_else(|| {
            let template = self.facts.matched_template.filter(|template| is_said_by_router(template));
            let handler = template.map_or_else(|| "a handler".into(), |template| format!("the handler of `{template}`"));
            self.misconfigured(format_args!(
                "{handler} asks for a permit of catalogue `{}`, but no authentication for that catalogue is stored in the \
                 request: put its `Authenticate` layer around the handler",
                self.place.catalogue.name()
            ))
        })?;
        #[cfg(feature = "_late")]
        if state.identity.is_unverified() {
            return Err(self.misconfigured(format_args!(
                "a handler asks for the caller on a route of `{}` that needs none, and cannot wait for the verifier: let it take \
                 the grant, the caller or the permit as an extractor",
                self.place.catalogue.name()
            )));
        }
        Ok(state)
    }

    /// On a route that demands scopes, checks that a gate in front or an earlier permit has shown
    /// which handler runs.
    fn vouched_for(&self, state: &CallerState<S>, route: Route<'static>) -> Result<(), Denied> {
        let is_vouched_for = self.gates() == Some(route) || state.owner_check.is_permitted(route);
        if matches!(route.access(), Access::Scoped) && !is_vouched_for {
            return Err(self.misconfigured(format_args!(
                "the handler of `{route}` takes the grant without a permit (alone or in a `Caller`), and no gate stands in front: \
                 let it take the permit before the grant (which is `permit.grant()` as well), or put the catalogue's gate in front"
            )));
        }
        if S::catalogue().has_announcements() {
            state.owner_check.serve(route.id());
        }
        Ok(())
    }

    /// Checks the demands of all routes that the path can be read as, and the annotation of the
    /// handler. Returns the denial that was lifted, if any.
    fn check_routes(
        &self,
        state: &CallerState<S>,
        caller: CallerStatus<'_>,
        located: Located<'a>,
        annotation: Option<&Annotation>,
    ) -> Result<Lifted, Denied> {
        let demands = self.place.demands(self.facts, located);
        let satisfies = |words: &[u64]| annotation.is_none_or(|annotation| (annotation.satisfied_by)(words));
        let verdict =
            |demand: &Demand<'_, 'static, '_>, caller: &CallerStatus<'_>| match (demand.verdict(caller), caller) {
                (_, CallerStatus::Granted(holder)) if demand.is_own() && !satisfies(holder.scopes()) => {
                    Err(Denial::ScopeMissing)
                }
                (_, CallerStatus::Anonymous(holder)) if demand.is_own() && !satisfies(holder.scopes()) => {
                    Err(Denial::CredentialsAbsent)
                }
                (verdict, _) => verdict,
            };
        let mut lifted = None;
        let denials = demands.iter().filter_map(|demand| {
            let (route, denial) = (demand.route(), verdict(&demand, &caller).err()?);
            let verdict = |caller: &CallerStatus<'_>| verdict(&demand, caller);
            let unmet = Unmet { denial, route: Some(route), is_misread: false, is_permits: true, verdict: &verdict };
            let enforced = self.settings.enforced(&unmet, &caller);
            if enforced.is_none() {
                lifted = lifted.or(Some((route, denial)));
            }
            Some((route, enforced?))
        });
        let Some((route, denial)) = denials.min_by_key(|(_, denial)| denial.order()) else {
            if let Some(unbound) = demands.unbound() {
                state.owner_check.require(unbound);
            }
            if let Some((route, denial)) = lifted.filter(|_| self.settings.on_decision.is_none()) {
                state.report(Some(Reported::new(Some(route), denial)));
            }
            return Ok(lifted);
        };
        let lacks_annotation = matches!(&caller, CallerStatus::Granted(holder) if !satisfies(holder.scopes()));
        self.place.report_unservable(&self.settings.told, self.facts, denial, route, demands.own().route());
        tell_of_no_tenants(self.settings, &caller, route, denial);
        let missing = || match annotation.map(|annotation| (annotation.requirement)()) {
            Some(annotation) if demands.is_single() && lacks_annotation => annotation,
            annotation => missing_scopes(&demands, route, annotation.as_ref(), &caller),
        };
        Err(Denied::on_route(denial, route, missing, &caller, self.settings))
    }

    /// Logs the developers' mistakes at the first request, even if the check refuses its caller
    /// before a mistake has an effect.
    fn tell_mistakes(
        &self,
        located: Result<&Located<'_>, &Missing<'_>>,
        required: &Requirement,
        fits: fn(Route<'_>) -> bool,
    ) {
        let told = &self.settings.told;
        match located {
            Ok(located) if !fits(located.matched.route()) => {
                told.error(format_args!("{}", Mismatch { required, route: located.matched.route() }));
            }
            Err(Missing::Template(template)) => told.error(format_args!("{}", self.undeclared(template))),
            Ok(_) | Err(_) => {}
        }
    }

    fn undeclared<'t>(&'t self, template: &'t str) -> Undeclared<'t> {
        Undeclared { place: self.place, method: self.facts.method, template }
    }

    fn without_route(&self, missing: &Missing<'_>) -> Denied {
        let Place { catalogue, base, .. } = self.place;
        let name = catalogue.name();
        match missing {
            Missing::Refused(refused) => self.denied((*refused).into()),
            // The client's request is the cause, not a mistake of the server.
            Missing::Misread => self.denied(Denial::RouteNotFound),
            Missing::Template(template) => self.misconfigured(format_args!("{}", self.undeclared(template))),
            Missing::Base => self.misconfigured(format_args!(
                "the target of a request does not begin with `{base}`, although its route does: give the adapter the target \
                 as it was sent, or say with `mounted_at` where catalogue `{name}` is mounted",
            )),
            Missing::Target => self.misconfigured(format_args!(
                "a handler asks for a permit of catalogue `{name}`, but the request's target and method ({}) are not a route of \
                 it: declare the route, or put the catalogue's gate in front of the handlers",
                known_method(catalogue, self.facts.method),
            )),
        }
    }

    fn denied(&self, denial: Denial) -> Denied {
        Denied::new(denial, self.settings, self.place.catalogue)
    }

    fn misconfigured(&self, sentence: fmt::Arguments<'_>) -> Denied {
        Denied::misconfigured(self.settings, self.place.catalogue, sentence)
    }

    /// Reports the decision. A denial names the route whose demand is not met.
    fn tell<T>(&self, located: Option<&Located<'_>>, outcome: &Result<(T, Lifted), Denied>) {
        let own = located.map(|located| located.matched.route());
        let (route, outcome) = match outcome {
            Ok((_, None)) => (own, DecisionOutcome::Allowed),
            Ok((_, Some((route, denial)))) => (Some(*route), DecisionOutcome::Reported(*denial)),
            Err(denied) => (
                denied.route().or(own),
                denied.denial().map_or(DecisionOutcome::Misconfigured, DecisionOutcome::Denied),
            ),
        };
        let grant = self.state.and_then(|state| state.identity.held().ok());
        let asked = (self.facts.method, self.facts.matched_template);
        let also = || match (located, route, outcome) {
            (Some(located), Some(route), DecisionOutcome::Allowed | DecisionOutcome::Reported(_)) => {
                let caller = self.state.map_or(CallerStatus::Absent, |state| state.identity.caller());
                self.place.demands(self.facts, *located).met_besides(route, &caller)
            }
            _ => Vec::new(),
        };
        decided(DecidedBy::Permit, self.settings.on_decision.as_ref(), asked, route, grant, outcome, also);
    }
}

/// The scopes that a token needs if the route `denied` denies: its requirement, or one alternative
/// that satisfies all routes of the request.
pub(crate) fn missing_scopes(
    demands: &Demands<'static, '_>,
    denied: Route<'static>,
    annotation: Option<&Requirement>,
    caller: &CallerStatus<'_>,
) -> Requirement {
    match caller {
        CallerStatus::Granted(holder) if !demands.is_single() => demands.united(annotation, holder),
        _ => denied.requirement().to_requirement(),
    }
}

#[cfg(test)]
mod tests;
