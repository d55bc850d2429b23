//! The one check behind every `Permit`: whatever framework a request came through, it is decided here.
//!
//! An adapter says what it knows of the request ([`Facts`]); [`permit`] answers. The order of the answers is fixed: a target
//! that two parties could read differently, then credentials, then the route, then scopes, then the tenant.

use std::fmt;
use std::sync::Arc;

use http::{Extensions, Method};
use scopes_core::requirement::MAX_TERMS;
use scopes_core::{Access, Caller, Denial, Requirement, Route, Scope, ScopeId, ScopeInfo, target};

use crate::auth::outcome::Stored;
use crate::denial::{Denied, default_settings};
use crate::events::{Outcome, Point, decided};
use crate::locate::{Located, Missing, Place};
use crate::required::Required;
use crate::settings::Settings;
#[cfg(any(feature = "axum", feature = "poem"))]
use crate::values::values;
use crate::{Grant, Permit, UntypedCatalogue};

/// What an adapter knows of a request.
///
/// For an adapter of your own: give the target as it came over the wire, not what is left of it below a mount, and the
/// router's *whole* template, mounts included, in brace form.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    pub(crate) method: &'a Method,
    pub(crate) raw_target: &'a str,
    pub(crate) matched_template: Option<&'a str>,
    pub(crate) misread: bool,
    /// What is left of the path below a mount.
    pub(crate) local_path: Option<&'a str>,
    /// Nobody knows by which method the router has chosen the handler.
    #[cfg_attr(not(feature = "tower"), allow(dead_code, reason = "only the gate asks for it"))]
    pub(crate) dispatch_unknown: bool,
}

impl<'a> Facts<'a> {
    /// A request by its method and its target, path and query, as the client sent it.
    #[must_use]
    pub const fn new(method: &'a Method, raw_target: &'a str) -> Self {
        Self { method, raw_target, matched_template: None, misread: false, local_path: None, dispatch_unknown: false }
    }

    /// Adds the template that the router has matched.
    #[must_use]
    pub const fn with_template(self, template: &'a str) -> Self {
        Self { matched_template: Some(template), ..self }
    }

    /// Says that the router has read the path in another way than the template's segments do: a pattern took several of
    /// them, or the template is not the one that has matched. Then no position can be trusted, and the request is refused.
    #[must_use]
    pub const fn misread(self) -> Self {
        Self { misread: true, ..self }
    }

    /// Adds the path by which the router has matched: below a mount, what is left of the target's.
    ///
    /// If it is no end of the target's path, something has rewritten it on the way. Then the router reads another path than
    /// the one that is checked here, and the request is refused as [`misread`](Self::misread). Whether the end is the one that
    /// the mounts of the template leave can be seen by the number of segments, unless the template ends in `{*rest}`: there
    /// only the adapter knows, by the values that its router has found, and says `misread` if they are others.
    #[must_use]
    pub fn with_local_path(self, path: &'a str) -> Self {
        // The mount itself is `/` to what is mounted there.
        let is_end = matches!(path, "" | "/") || path.starts_with('/') && self.path().ends_with(path);
        Self { local_path: Some(path), misread: self.misread || !is_end, ..self }
    }

    /// The target's path; what has none is left as it is.
    pub(crate) fn path(self) -> &'a str {
        if self.raw_target.starts_with('/') {
            return self.raw_target.split_once('?').map_or(self.raw_target, |(path, _)| path);
        }
        let path = target::path_of(self.raw_target.as_bytes()).ok().and_then(|path| std::str::from_utf8(path).ok());
        path.unwrap_or(self.raw_target)
    }

    /// Whether the router has matched another path than the target's.
    pub(crate) fn is_stripped(self) -> bool {
        self.local_path.is_some_and(|local| local != self.path())
    }

    /// Whether the template's last segment takes as many segments as there are.
    #[cfg(feature = "tower")]
    pub(crate) fn is_wide(self) -> bool {
        self.matched_template
            .and_then(|template| template.rsplit('/').next())
            .is_some_and(|last| last.starts_with("{*"))
    }

    /// Holds the values that the router has found for the template's parameters, in their order and decoded, against what
    /// stands there in the target: if they are others, the router has read another path.
    #[cfg(any(feature = "axum", feature = "poem"))]
    pub(crate) fn with_values<'v>(self, found: impl IntoIterator<Item = &'v str>) -> Self {
        let expected = self.matched_template.and_then(|template| values(template, self.path()));
        let alike = expected.is_some_and(|expected| {
            let named = expected.iter().filter(|(name, _)| !name.is_empty());
            named.map(|(_, value)| &**value).eq(found)
        });
        if alike { self } else { self.misread() }
    }
}

/// In place of a template, where the framework has one and has not matched it: code that runs before the routing, or beside
/// it. No route of a catalogue has it, so that the request is refused. The raw target is no substitute, for these routers
/// decode it.
#[cfg(any(feature = "actix-web", feature = "rocket"))]
pub(crate) const UNROUTED: &str = "(nothing)";

impl fmt::Debug for Facts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A target may hold secrets and is never shown.
        f.debug_struct("Facts").field("matched_template", &self.matched_template).finish_non_exhaustive()
    }
}

/// Checks a request against `R` *and* against what the catalogue demands on its route.
///
/// The route is the one of the router's template if the adapter knows it, else what the gate in front has found, else what
/// the catalogue finds for the raw target. Where the path can be read as another route of the catalogue as well, the caller
/// must satisfy that one, too: see [`scopes_core::demands`].
///
/// # Errors
/// The denial to answer with. What only the developers can put right (no authentication layer, a route that the catalogue
/// does not have, a requirement other than the catalogue's) is a 500 for the caller and a sentence in the log.
pub fn permit<R: Required>(extensions: &Extensions, facts: Facts<'_>) -> Result<Permit<R>, Denied> {
    const { few_alternatives::<R>() };
    let context = Context::<R::Scope>::of(extensions, facts);
    let located = context.place.locate(facts, context.gates());
    let outcome = context.permitted(located.as_ref());
    context.tell(located.as_ref().ok(), &outcome);
    outcome
}

/// Whether `R` may stand on a handler of this route.
fn fits<R: Required>(route: Route<'_>) -> bool {
    match route.access() {
        Access::Scoped => R::is_requirement_of(route),
        Access::Authenticated(_) => R::STRICTER,
        Access::Public(_) | Access::External(_) => false,
    }
}

/// Whether the request is for a route on which `R` cannot stand: where routing goes on until a handler takes the request,
/// this one was only tried.
#[cfg(feature = "warp")]
pub(crate) fn is_for_another_handler<R: Required>(extensions: &Extensions, facts: Facts<'_>) -> bool {
    let located = Context::<R::Scope>::of(extensions, facts).place.locate(facts, None);
    located.is_ok_and(|located| !fits::<R>(located.matched.route()))
}

/// The caller's grant for a handler that takes it without a permit: it must be good for the route all the same, so that a
/// forgotten permit opens nothing.
///
/// On a route that demands scopes there must be a permit beside it, taken before it, or a gate in front. A permit says by its type
/// which handler runs, a gate sees to it that it is the one of the route; by itself a request may have been given another method
/// since its handler was chosen.
///
/// # Errors
/// As [`permit`]; also a 500 where neither is there.
pub fn grant<S: Scope>(extensions: &Extensions, facts: Facts<'_>) -> Result<Grant<S>, Denied> {
    let context = Context::<S>::of(extensions, facts);
    let located = context.place.locate(facts, context.gates());
    let outcome = context.granted(located.as_ref());
    context.tell(located.as_ref().ok(), &outcome);
    outcome
}

/// What a check without a request says of the tenant.
#[derive(Clone, Copy, Debug)]
pub enum HeldTenant<'a> {
    /// The caller must be good for this tenant.
    At(&'a str),
    /// The code compares the owner by itself: the reason.
    Unbound(&'static str),
    /// All routes that the requirement's scopes open are `global`, or the catalogue has no tenant.
    NotNeeded,
}

/// Checks a grant where there is no request: a job, a GraphQL resolver, a plain function.
///
/// # Errors
/// As [`permit`]; also a 500 for [`HeldTenant::NotNeeded`] where the catalogue's routes say otherwise.
pub fn permit_held<R: Required>(grant: Option<&Grant<R::Scope>>, tenant: HeldTenant<'_>) -> Result<Permit<R>, Denied> {
    const { few_alternatives::<R>() };
    let (catalogue, settings) = (R::Scope::catalogue(), default_settings());
    let denied = |denial| Denied::new(denial, settings, catalogue);
    if matches!(tenant, HeldTenant::NotNeeded) && some_scope_asks_for_tenant(catalogue, &R::requirement()) {
        return Err(Denied::misconfigured(
            settings,
            catalogue,
            format_args!(
                "`{}` is checked without a tenant, but not all of its scopes open `global` routes only: say `tenant = ..` or \
                 `unbound = \"why\"`",
                R::requirement().display(catalogue)
            ),
        ));
    }
    let grant = grant.ok_or_else(|| denied(Denial::CredentialsAbsent))?;
    if !R::satisfied_by(grant.effective_words()) {
        return Err(Denied::scope_missing(R::requirement(), settings, catalogue));
    }
    let tenant = match tenant {
        HeldTenant::At(tenant) if !grant.tenants().covers(tenant) => return Err(denied(Denial::OtherTenant)),
        HeldTenant::At(tenant) => Some(tenant),
        HeldTenant::Unbound(_) | HeldTenant::NotNeeded => None,
    };
    Ok(Permit::without_route(grant, tenant, settings))
}

/// A hand-written requirement cannot make the check expensive: `#[requires]` has the same limit.
const fn few_alternatives<R: Required>() {
    assert!(R::ALTERNATIVES <= MAX_TERMS, "a requirement has at most 64 alternatives");
}

/// The rule by which `#[requires(.., from = ..)]` compiles without `tenant` and `unbound`, once more.
fn some_scope_asks_for_tenant(catalogue: &UntypedCatalogue, requirement: &Requirement) -> bool {
    let asks = |&scope: &ScopeId| catalogue.scope(scope).is_none_or(ScopeInfo::asks_for_tenant);
    requirement.alternatives().flatten().any(asks)
}

/// A request seen from one catalogue.
struct Context<'a, S: Scope> {
    facts: Facts<'a>,
    stored: Option<&'a Stored<S>>,
    settings: &'a Arc<Settings>,
    place: Place<'a>,
}

/// A caller who is known and a route that is found; nothing is decided yet.
struct Known<'c, 'a, S: Scope> {
    stored: &'a Stored<S>,
    grant: &'a Grant<S>,
    located: &'c Located<'a>,
}

/// What a permit demands by its type, beside what the routes demand.
struct Annotation {
    requirement: fn() -> Requirement,
    is_satisfied: bool,
}

impl<'a, S: Scope> Context<'a, S> {
    fn of(extensions: &'a Extensions, facts: Facts<'a>) -> Self {
        let stored = extensions.get::<Stored<S>>();
        let settings = stored.map_or(default_settings(), |stored| &stored.settings);
        let catalogue = S::catalogue();
        let base = settings.mounted_at.as_deref().unwrap_or(catalogue.base());
        Self { facts, stored, settings, place: Place { catalogue, base, target_limit: settings.target_limit } }
    }

    /// The route that a gate in front has found for this very request.
    fn gates(&self) -> Option<Route<'static>> {
        let gates = self.stored.and_then(|stored| stored.matched.as_ref());
        gates.and_then(|matched| matched.route_of(self.facts.method, self.facts.raw_target))
    }

    fn permitted<R: Required<Scope = S>>(
        &self,
        located: Result<&Located<'a>, &Missing<'a>>,
    ) -> Result<Permit<R>, Denied> {
        let Known { stored, grant, located } = self.known(located)?;
        let route = located.matched.route();
        if !fits::<R>(route) {
            return Err(self.misconfigured(format_args!("{}", Mismatch { required: &R::requirement(), route })));
        }
        let annotation =
            Annotation { requirement: R::requirement, is_satisfied: R::satisfied_by(grant.effective_words()) };
        self.check_routes(stored, grant, *located, Some(&annotation))?;
        stored.owner_check.permitted(route);
        Ok(Permit::on_route(grant, &located.matched, &stored.owner_check, self.settings))
    }

    fn granted(&self, located: Result<&Located<'a>, &Missing<'a>>) -> Result<Grant<S>, Denied> {
        let Known { stored, grant, located } = self.known(located)?;
        let route = located.matched.route();
        self.check_routes(stored, grant, *located, None)?;
        let is_vouched_for = self.gates() == Some(route) || stored.owner_check.is_permitted(route);
        if matches!(route.access(), Access::Scoped) && !is_vouched_for {
            return Err(self.misconfigured(format_args!(
                "the handler of `{route}` takes the grant without a permit, and no gate stands in front: let it take the \
                 permit before the grant (which is `permit.grant()` as well), or put the catalogue's gate in front"
            )));
        }
        Ok(grant.clone())
    }

    /// What comes before the demands of the routes: a sound target, good credentials, a route.
    fn known<'c>(&self, located: Result<&'c Located<'a>, &Missing<'a>>) -> Result<Known<'c, 'a, S>, Denied> {
        if let Err(Missing::Refused(refused)) = located {
            return Err(self.denied((*refused).into()));
        }
        let stored = self.stored.ok_or_else(|| {
            self.misconfigured(format_args!(
                "a handler asks for a permit of catalogue `{}`, but no authentication for that catalogue is stored in the \
                 request: put its `Authenticate` layer around the handler",
                self.place.catalogue.name()
            ))
        })?;
        let grant = stored.granted().map_err(|denial| self.denied(denial))?;
        let located = located.map_err(|missing| self.without_route(missing))?;
        Ok(Known { stored, grant, located })
    }

    /// What all routes demand that the path can be read as, whatever the handler asks for, and the annotation of the handler.
    fn check_routes(
        &self,
        stored: &Stored<S>,
        grant: &Grant<S>,
        located: Located<'a>,
        annotation: Option<&Annotation>,
    ) -> Result<(), Denied> {
        let demands = self.place.demands(self.facts, located);
        let (holder, lacks_annotation) =
            (grant.holder(), annotation.is_some_and(|annotation| !annotation.is_satisfied));
        let caller = Caller::Granted(holder);
        let denials = demands.iter().filter_map(|demand| match demand.verdict(&caller) {
            _ if lacks_annotation && demand.is_own() => Some((demand.route(), Denial::ScopeMissing)),
            verdict => Some((demand.route(), verdict.err()?)),
        });
        let Some((route, denial)) = denials.min_by_key(|(_, denial)| denial.order()) else {
            if let Some(unbound) = demands.unbound() {
                stored.owner_check.require(unbound);
            }
            return Ok(());
        };
        self.place.report_unservable(self.facts, denial, route, demands.own().route());
        let missing = || {
            let annotation = annotation.map(|annotation| (annotation.requirement)());
            match annotation {
                Some(annotation) if demands.is_single() && lacks_annotation => annotation,
                _ if demands.is_single() => route.requirement().to_requirement(),
                annotation => demands.united(annotation.as_ref(), &holder),
            }
        };
        Err(Denied::on_route(denial, route, missing, self.settings))
    }

    fn without_route(&self, missing: &Missing<'_>) -> Denied {
        let Place { catalogue, base, .. } = self.place;
        let name = catalogue.name();
        match missing {
            Missing::Refused(refused) => self.denied((*refused).into()),
            // The caller's doing, and no fault of the server's.
            Missing::Misread => self.denied(Denial::RouteNotFound),
            Missing::Template(template) => self.misconfigured(format_args!(
                "the router matched `{template}` for {}, which is no route of catalogue `{name}` below `{base}`: declare the \
                 route, or say with `mounted_at` where the catalogue is mounted",
                known_method(catalogue, self.facts.method),
            )),
            Missing::Base => self.misconfigured(format_args!(
                "the target of a request does not begin with `{base}`, although its route does: give the adapter the target \
                 as it was sent, or say with `mounted_at` where catalogue `{name}` is mounted",
            )),
            Missing::Target => self.misconfigured(format_args!(
                "a handler asks for a permit of catalogue `{name}`, but the request's target and method ({}) are no route of \
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
    fn tell<T>(&self, located: Option<&Located<'_>>, outcome: &Result<T, Denied>) {
        let own = located.map(|located| located.matched.route());
        let (route, outcome) = match outcome {
            Ok(_) => (own, Outcome::Allowed),
            Err(denied) => (denied.route().or(own), denied.denial().map_or(Outcome::Misconfigured, Outcome::Denied)),
        };
        let grant = self.stored.and_then(|stored| stored.authentication.grant());
        decided(Point::Permit, self.settings, self.facts.method, route, grant, outcome);
    }
}

/// The method as a log may show it: what no route has is the caller's own text.
fn known_method(catalogue: &'static UntypedCatalogue, method: &Method) -> &'static str {
    catalogue.methods().find(|known| *known == method.as_str()).unwrap_or("another method")
}

/// The sentence for a handler that demands something else than its route.
struct Mismatch<'a> {
    required: &'a Requirement,
    route: Route<'static>,
}

impl fmt::Display for Mismatch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (route, catalogue) = (self.route, self.route.catalogue());
        write!(f, "the handler of `{route}` requires `{}`, but the catalogue ", self.required.display(catalogue))?;
        match route.access() {
            Access::Scoped => write!(
                f,
                "requires `{}`: write the same in both places, or `stricter` if the handler is to ask for more",
                route.requirement().display(catalogue)
            ),
            Access::Public(_) => f.write_str("says that it is public: remove the permit or declare the route's scope"),
            Access::Authenticated(_) => f.write_str(
                "says that any valid grant will do: take the `Grant` instead of the permit, write `stricter`, or declare \
                 the route's scope",
            ),
            Access::External(_) => {
                f.write_str("says that something else checks it: remove the permit or declare the route's scope")
            }
        }
    }
}

#[cfg(test)]
mod tests;
