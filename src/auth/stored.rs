//! The entry about the caller in a request's extensions. The authentication layer makes it; gates,
//! permits and extractors read it.

use std::fmt;
#[cfg(feature = "_late")]
use std::future::poll_fn;
#[cfg(feature = "_axum")]
use std::ptr;
use std::sync::{Arc, OnceLock};
#[cfg(feature = "_late")]
use std::task::{Context, Poll};

#[cfg(feature = "_axum")]
use axum::extract::MatchedPath;
#[cfg(feature = "_axum")]
use http::Uri;
use http::{Extensions, Method};
use scopes_core::demands::Demands;
#[cfg(feature = "_ahead")]
use scopes_core::{Access, RouteMatch, Tenancy};
use scopes_core::{CallerStatus, Denial, Route, Scope};

use super::outcome::Authentication;
use super::owner_check::OwnerCheck;
#[cfg(feature = "_late")]
use super::unverified::Unverified;
use crate::grant::Grant;
use crate::principal;
use crate::report_only::Reported;
#[cfg(feature = "_ahead")]
use crate::request::facts::Facts;
use crate::request::kept::KeptMatch;
#[cfg(any(feature = "poem", feature = "salvo"))]
use crate::request::locate::FoundAhead;
#[cfg(feature = "_ahead")]
use crate::request::locate::Place;
use crate::settings::Settings;

/// The entry of [`http::Extensions`]. A layer that stores another outcome replaces the whole entry,
/// so that nothing derived from the earlier caller survives.
pub(crate) struct Stored<S: Scope> {
    state: Arc<CallerState<S>>,
    judged: JudgedBy,
}

/// The state of one request's caller. The request, its clones, its permits and the layers around it
/// share it.
pub(crate) struct CallerState<S: Scope> {
    pub(crate) identity: Identity<S>,
    pub(crate) owner_check: OwnerCheck,
    /// The first denial that was lifted.
    reported: OnceLock<Box<Reported>>,
    /// The findings of a gate that has also authenticated the request, or of a middleware in front
    /// of the router.
    judged: Option<Judged>,
}

/// The gate whose findings count.
#[derive(Clone)]
enum JudgedBy {
    /// The findings in the state.
    Authentication,
    /// No gate. The authentication layer has judged the request by its target, before a permit or a
    /// gate knows which route the router has matched.
    #[cfg(feature = "_ahead")]
    Ahead,
    /// No findings, and other requests share the state. The method is the one by which axum has
    /// chosen the handler of this request.
    #[cfg(feature = "_axum")]
    Shared(Method),
    /// The findings of a gate inside the authentication layer.
    #[cfg(any(test, feature = "_gate"))]
    Gate(Option<Arc<Judged>>),
}

/// The caller, and the settings for denials.
pub(crate) struct Identity<S: Scope> {
    pub(crate) settings: Arc<Settings>,
    outcome: Outcome<S>,
    /// Why the verifier was not asked.
    refused: Option<Denial>,
}

enum Outcome<S: Scope> {
    Known(Authentication<S>),
    /// The credentials are verified when a handler asks for the caller.
    #[cfg(feature = "_late")]
    Postponed(Box<Postponed<S>>),
}

#[cfg(feature = "_late")]
struct Postponed<S: Scope> {
    authentication: OnceLock<Authentication<S>>,
    unverified: Unverified<S>,
}

/// The findings of a gate for one request, before its handler runs.
#[derive(Clone)]
pub(crate) struct Judged {
    pub(crate) found: KeptMatch,
    pub(crate) method: Method,
    /// The template that axum has matched.
    #[cfg(feature = "_axum")]
    pub(crate) matched_path: Option<MatchedPath>,
    /// Whether the gate knew the router's matched template, so that the router has chosen the
    /// handler by this method.
    pub(crate) is_routed: bool,
    /// Whether the caller satisfies every route that the path can be read as. A gate that only
    /// reports denials lets other callers pass, too.
    pub(crate) is_met: bool,
    /// Whether the path can be read as one route only.
    pub(crate) is_alone: bool,
}

impl<S: Scope> Authentication<S> {
    /// Stores the outcome in a request. It replaces an older one and all that was derived from it,
    /// so a grant of an outer layer never survives.
    ///
    /// [`Authenticate`](crate::Authenticate) calls it. Call it yourself if you write your own
    /// authentication.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use scopes::{Authentication, Carrier};
    ///
    /// let mut request = http::Request::get("/users").body(())?;
    /// let grant = api::Grant::new(api::Scope::UsersRead);
    /// Authentication::Granted(grant).store(request.extensions_mut(), &Default::default());
    /// assert!(request.permit::<api::permits::UsersRead>().is_ok());
    /// # Ok::<(), http::Error>(())
    /// ```
    pub fn store(self, extensions: &mut Extensions, settings: &Arc<Settings>) {
        let authentication = match self {
            Self::Granted(grant) => Self::of_grant(grant),
            Self::Anonymous(grant) => Self::Anonymous(grant.into_anonymous()),
            other => other,
        };
        Stored::new(Identity::new(authentication, Arc::clone(settings))).insert(extensions);
    }

    /// Verifies the credentials of a request if that was postponed, and returns the outcome. For
    /// handlers of public routes that answer known callers differently. The verifier runs at most
    /// once for a request.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; public("start page") { GET "/"; } }
    /// use scopes::Authentication;
    ///
    /// async fn greeting(request: &http::Request<()>) -> String {
    ///     let caller = Authentication::<api::Scope>::ask(request.extensions()).await;
    ///     let subject = caller.and_then(Authentication::grant).and_then(|grant| grant.subject());
    ///     format!("Hello {}", subject.unwrap_or("stranger"))
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut request = http::Request::get("/").body(())?;
    /// assert_eq!(greeting(&request).await, "Hello stranger");
    /// let grant = api::Grant::new(api::Scopes::new()).with_subject("Ada");
    /// Authentication::Granted(grant).store(request.extensions_mut(), &Default::default());
    /// assert_eq!(greeting(&request).await, "Hello Ada");
    /// # Ok(()) }
    /// ```
    pub async fn ask(extensions: &Extensions) -> Option<&Self> {
        Some(extensions.get::<Stored<S>>()?.state().asked().await)
    }

    /// The outcome that a request carries for this catalogue. It is [`NotAsked`](Self::NotAsked) if
    /// the route needs no caller and nothing has asked yet; use [`ask`](Self::ask) there.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use scopes::Authentication;
    ///
    /// let mut extensions = http::Extensions::new();
    /// assert!(Authentication::<api::Scope>::of(&extensions).is_none());
    /// Authentication::<api::Scope>::Invalid.store(&mut extensions, &Default::default());
    /// let outcome = Authentication::<api::Scope>::of(&extensions);
    /// assert!(matches!(outcome, Some(Authentication::Invalid)));
    /// ```
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<&Self> {
        let state = extensions.get::<Stored<S>>()?.state();
        state.owner_check.caller_asked();
        Some(state.identity.authentication())
    }
}

impl<S: Scope> Stored<S> {
    pub(crate) fn new(identity: Identity<S>) -> Self {
        Self::after_gate(identity, None)
    }

    /// Makes the entry of a request that a gate has judged already.
    #[inline(always)]
    pub(crate) fn after_gate(identity: Identity<S>, judged: Option<Judged>) -> Self {
        let state = CallerState { identity, owner_check: OwnerCheck::default(), reported: OnceLock::new(), judged };
        Self { state: Arc::new(state), judged: JudgedBy::Authentication }
    }

    /// Makes an entry that shares its state with other requests without credentials. Such a caller
    /// needs no comparison of owners and gets no permit.
    #[cfg(feature = "_axum")]
    #[inline]
    pub(crate) fn shared(state: &Arc<CallerState<S>>, method: &Method) -> Self {
        Self { state: Arc::clone(state), judged: JudgedBy::Shared(method.clone()) }
    }

    pub(crate) const fn state(&self) -> &Arc<CallerState<S>> {
        &self.state
    }

    /// Verifies the credentials of a request now, if that was postponed because the route needs no
    /// caller.
    #[cfg(any(feature = "poem", feature = "salvo"))]
    #[inline]
    pub(crate) async fn verify_late(extensions: &Extensions) {
        if let Some(caller) = Self::unverified_in(extensions) {
            caller.identity.verified().await;
        }
    }

    /// The state of a request's caller, if the verification was postponed.
    #[cfg(any(feature = "actix-web", feature = "rocket", feature = "poem", feature = "salvo"))]
    pub(crate) fn unverified_in(extensions: &Extensions) -> Option<Arc<CallerState<S>>> {
        let state = extensions.get::<Self>()?.state();
        state.identity.is_unverified().then(|| Arc::clone(state))
    }

    /// The findings of the gate in front, if any.
    #[inline]
    pub(crate) fn judged(&self) -> Option<&Judged> {
        match &self.judged {
            JudgedBy::Authentication => self.state.judged.as_ref(),
            #[cfg(feature = "_ahead")]
            JudgedBy::Ahead => None,
            #[cfg(feature = "_axum")]
            JudgedBy::Shared(_) => None,
            #[cfg(any(test, feature = "_gate"))]
            JudgedBy::Gate(judged) => judged.as_deref(),
        }
    }

    /// The findings of the authentication layer, if the caller satisfies the one route that the
    /// target can be read as.
    #[cfg(feature = "_ahead")]
    #[inline]
    pub(crate) fn judged_ahead(&self) -> Option<&Judged> {
        if matches!(self.judged, JudgedBy::Ahead) { self.state.judged.as_ref() } else { None }
    }

    /// Judges the request by its target, and keeps the findings for the permit and the gate if the
    /// caller satisfies the one route that the target can be read as. Called before the request
    /// gets the entry.
    #[cfg(any(feature = "poem", feature = "salvo"))]
    pub(crate) fn judge_ahead(&mut self, facts: Facts<'_>, found: &FoundAhead<'_>) {
        let Ok(demands) = found else { return };
        let is_met = |grant: &Grant<S>| demands.are_met(&CallerStatus::Granted(grant.holder()));
        if demands.is_single() && self.state.identity.granted().is_ok_and(is_met) {
            self.keep_ahead(facts, demands.own());
        }
    }

    /// Keeps the route of a request whose caller satisfies it, and whose target cannot be read as
    /// another route. Routes that demand no scopes have no permit that would ask for it.
    #[cfg(feature = "_ahead")]
    pub(crate) fn keep_ahead(&mut self, facts: Facts<'_>, own: &RouteMatch<'static, '_>) {
        if !matches!(own.route().access(), Access::Scoped) {
            return;
        }
        let judged = Judged::ahead(facts, own);
        if let Some(state) = Arc::get_mut(&mut self.state) {
            state.judged = Some(judged);
            self.judged = JudgedBy::Ahead;
        }
    }

    /// The method by which the router has chosen the handler, if a gate in front knows it.
    #[cfg(any(test, feature = "_gate"))]
    pub(crate) fn routed_by(&self) -> Option<&Method> {
        match &self.judged {
            #[cfg(feature = "_axum")]
            JudgedBy::Shared(method) => Some(method),
            _ => self.judged().filter(|judged| judged.is_routed).map(|judged| &judged.method),
        }
    }

    /// The findings of a gate that are not part of the state.
    #[inline]
    pub(crate) const fn judged_later(&self) -> Option<&Arc<Judged>> {
        match &self.judged {
            JudgedBy::Authentication => None,
            #[cfg(feature = "_ahead")]
            JudgedBy::Ahead => None,
            #[cfg(feature = "_axum")]
            JudgedBy::Shared(_) => None,
            #[cfg(any(test, feature = "_gate"))]
            JudgedBy::Gate(judged) => judged.as_ref(),
        }
    }

    #[cfg(any(test, feature = "_gate"))]
    pub(crate) fn set_judged(&mut self, judged: Option<Judged>) {
        // The demands of this gate on the handler do not concern other requests.
        #[cfg(feature = "_axum")]
        if matches!(self.judged, JudgedBy::Shared(_)) {
            *self = Self::new(Identity::new(Authentication::Absent, Arc::clone(&self.state.identity.settings)));
        }
        self.judged = JudgedBy::Gate(judged.map(Arc::new));
    }

    /// Stores the entry in a request. Returns the state, which the layer checks after the response.
    #[inline(always)]
    pub(crate) fn insert(self, extensions: &mut Extensions) -> Arc<CallerState<S>> {
        let state = Arc::clone(&self.state);
        if let Some(outer) = extensions.insert(self) {
            // Guards now read the entry of this layer, so the outer layer must not miss them.
            outer.state.owner_check.guarded();
        }
        state
    }
}

impl<S: Scope> CallerState<S> {
    /// Returns the outcome for a handler that asks. If the verification was postponed, waits for
    /// the verifier first.
    pub(crate) async fn asked(&self) -> &Authentication<S> {
        self.owner_check.caller_asked();
        #[cfg(feature = "_late")]
        self.identity.verified().await;
        self.identity.authentication()
    }

    pub(crate) const fn judged(&self) -> Option<&Judged> {
        self.judged.as_ref()
    }

    /// Records a denial that was lifted. It is logged after the response.
    pub(crate) fn report(&self, reported: Option<Box<Reported>>) {
        let Some(reported) = reported else { return };
        if let Err(second) = self.reported.set(reported) {
            second.withdraw();
        }
    }

    /// The denial that was lifted, if any.
    #[inline]
    pub(crate) fn reported(&self) -> Option<&Reported> {
        self.reported.get().map(|reported| &**reported)
    }
}

impl<S: Scope> Identity<S> {
    #[inline]
    pub(crate) fn new(authentication: Authentication<S>, settings: Arc<Settings>) -> Self {
        let authentication = with_sound_principal(authentication, &settings);
        Self { settings, outcome: Outcome::Known(authentication), refused: None }
    }

    /// The identity of a request with credentials that were not verified, because this denial
    /// answers every caller.
    pub(crate) const fn not_asked(refused: Denial, settings: Arc<Settings>) -> Self {
        Self { settings, outcome: Outcome::Known(Authentication::NotAsked), refused: Some(refused) }
    }

    /// The identity of a request with credentials whose route needs no caller.
    #[cfg(feature = "_late")]
    pub(crate) fn postponed(unverified: Unverified<S>, settings: Arc<Settings>) -> Self {
        let postponed = Postponed { authentication: OnceLock::new(), unverified };
        Self { settings, outcome: Outcome::Postponed(Box::new(postponed)), refused: None }
    }

    pub(crate) fn authentication(&self) -> &Authentication<S> {
        match &self.outcome {
            Outcome::Known(authentication) => authentication,
            #[cfg(feature = "_late")]
            Outcome::Postponed(postponed) => postponed.authentication.get().unwrap_or(&Authentication::NotAsked),
        }
    }

    /// Whether the request has credentials that were not verified, because the route needs no
    /// caller.
    #[cfg(any(feature = "_late", feature = "_gate"))]
    pub(crate) fn is_unverified(&self) -> bool {
        match &self.outcome {
            Outcome::Known(_) => false,
            #[cfg(feature = "_late")]
            Outcome::Postponed(postponed) => postponed.authentication.get().is_none(),
        }
    }

    /// Verifies the credentials if that was not done yet. The verifier runs once for a request,
    /// even if several extractors ask and some are cancelled.
    #[cfg(feature = "_late")]
    pub(crate) async fn verified(&self) {
        if let Outcome::Postponed(postponed) = &self.outcome {
            poll_fn(|context| postponed.poll_verified(&self.settings, context)).await;
        }
    }

    /// The grant of a caller with valid credentials.
    ///
    /// # Errors
    /// The denial for routes that need such a caller.
    pub(crate) fn granted(&self) -> Result<&Grant<S>, Denial> {
        Err(match self.authentication() {
            Authentication::Granted(grant) => return Ok(grant),
            Authentication::Absent | Authentication::Anonymous(_) | Authentication::OtherScheme => {
                Denial::CredentialsAbsent
            }
            Authentication::Malformed => Denial::CredentialsMalformed,
            Authentication::Invalid => Denial::CredentialsInvalid,
            Authentication::Unavailable => Denial::VerifierUnavailable,
            Authentication::Failed => Denial::VerifierFailed,
            // `refused` is empty if the application has stored the outcome itself.
            Authentication::NotAsked => self.refused.unwrap_or(Denial::CredentialsMalformed),
        })
    }

    /// The grant that scoped routes check: the caller's, or the one for callers without
    /// credentials.
    ///
    /// # Errors
    /// The denial of a request without either.
    pub(crate) fn held(&self) -> Result<&Grant<S>, Denial> {
        match self.authentication() {
            Authentication::Anonymous(grant) => Ok(grant),
            _ => self.granted(),
        }
    }

    /// The caller in the form that the catalogue's decision takes. The decision does not know
    /// unverified credentials and treats them as malformed; [`denial`](Self::denial) translates its
    /// answer.
    pub(crate) fn caller(&self) -> CallerStatus<'_> {
        match self.authentication() {
            Authentication::Granted(grant) => CallerStatus::Granted(grant.holder()),
            Authentication::Anonymous(grant) => CallerStatus::Anonymous(grant.holder()),
            Authentication::Absent | Authentication::OtherScheme => CallerStatus::Absent,
            Authentication::Malformed | Authentication::NotAsked => CallerStatus::Malformed,
            Authentication::Invalid => CallerStatus::Invalid,
            Authentication::Unavailable => CallerStatus::Unavailable,
            Authentication::Failed => CallerStatus::Failed,
        }
    }

    /// Translates a denial for [`caller`](Self::caller) into the real one.
    #[cfg(feature = "_judge")]
    pub(crate) fn denial(&self, denial: Denial) -> Denial {
        match (denial, self.refused) {
            (Denial::CredentialsMalformed, Some(refused)) => refused,
            _ => denial,
        }
    }
}

/// Turns a grant that lacks the catalogue's declared principal into a failure.
#[inline(always)]
fn with_sound_principal<S: Scope>(authentication: Authentication<S>, settings: &Settings) -> Authentication<S> {
    match authentication {
        Authentication::Granted(grant) | Authentication::Anonymous(grant) if !principal::is_sound(&grant, settings) => {
            Authentication::Failed
        }
        sound => sound,
    }
}

#[cfg(feature = "_late")]
impl<S: Scope> Postponed<S> {
    fn poll_verified(&self, settings: &Settings, context: &mut Context<'_>) -> Poll<()> {
        if self.authentication.get().is_some() {
            return Poll::Ready(());
        }
        if let Poll::Ready(authentication) = self.unverified.poll(context) {
            let _ = self.authentication.set(with_sound_principal(authentication, settings));
            self.unverified.wake();
        }
        // Another task may have set it after the first check, before this task could register for a
        // wake-up.
        if self.authentication.get().is_some() { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Judged {
    /// The findings of a layer that does not know which route the router matches.
    #[cfg(feature = "_ahead")]
    fn ahead(facts: Facts<'_>, own: &RouteMatch<'static, '_>) -> Self {
        Self {
            found: KeptMatch::new(facts, own),
            method: facts.method.clone(),
            #[cfg(feature = "_axum")]
            matched_path: None,
            is_routed: false,
            is_met: true,
            is_alone: true,
        }
    }

    /// Whether the request that axum passes to the handler is the one that the gate has seen: the
    /// methods are equal, and target and template are in the same memory. `false` does not prove
    /// that the requests differ.
    #[cfg(feature = "_axum")]
    #[inline]
    pub(crate) fn is_of(&self, method: &Method, uri: &Uri, matched_path: Option<&MatchedPath>) -> bool {
        self.method == *method
            && self.found.shares(uri.path_and_query())
            && match (&self.matched_path, matched_path) {
                (Some(seen), Some(found)) => ptr::eq(seen.as_str(), found.as_str()),
                _ => false,
            }
    }

    /// Whether the router has matched the route that the authentication layer has found by the
    /// target, and the request was not changed since.
    #[cfg(feature = "_ahead")]
    #[inline(always)]
    pub(crate) fn is_of_match(&self, place: Place<'_>, facts: Facts<'_>) -> bool {
        !facts.misread
            && self.is_for(facts.method, facts.raw_target)
            && facts.matched_template.is_some_and(|template| place.is_template_of(self.found.route(), template))
    }

    /// The route, if its handler must compare the owner.
    #[cfg(feature = "_ahead")]
    pub(crate) fn unbound(&self) -> Option<Route<'static>> {
        let route = self.found.route();
        matches!(route.tenancy(), Tenancy::Unbound(_)).then_some(route)
    }

    /// The route, unless method or target were rewritten since. After a rewrite it is not the route
    /// of the handler.
    pub(crate) fn route_of(&self, method: &Method, raw_target: &str) -> Option<Route<'static>> {
        self.is_for(method, raw_target).then_some(self.found.route())
    }

    #[inline]
    pub(crate) fn is_for(&self, method: &Method, raw_target: &str) -> bool {
        self.method == *method && self.found.is_for(raw_target)
    }

    /// The other routes that the path can be read as, and whose demands the caller satisfies.
    pub(crate) fn met_besides(&self, caller: &CallerStatus<'_>) -> Vec<Route<'static>> {
        let Some(matched) = self.found.matched().filter(|_| !self.is_alone) else { return Vec::new() };
        let route = matched.route();
        let template = self.is_routed.then(|| route.path());
        Demands::compared(self.method.as_str(), matched, template, true).met_besides(route, caller)
    }
}

impl<S: Scope> Clone for Stored<S> {
    fn clone(&self) -> Self {
        Self { state: Arc::clone(&self.state), judged: self.judged.clone() }
    }
}

/// Shows only the outcome, because a target may hold secrets.
impl<S: Scope> fmt::Debug for Stored<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stored").field("authentication", self.state.identity.authentication()).finish_non_exhaustive()
    }
}
