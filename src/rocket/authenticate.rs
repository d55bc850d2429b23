//! Authentication as a fairing of rocket, and the entry in the request.

use std::borrow::Cow;
use std::sync::Arc;

use http::{Extensions, StatusCode};
use rocket::fairing::{Fairing, Info, Kind};
use rocket::{Build, Data, Request, Response, Rocket};
use scopes_core::Scope;

use super::denial::replace;
use super::facts::{checked, method, raw_target, with_request, with_slash_of};
use super::outcomes::{Outcomes, Refused};
use crate::auth::authenticate::Authenticate;
use crate::auth::before_routing;
use crate::auth::outcome::Authentication;
use crate::auth::stored::{CallerState, Stored};
use crate::request::facts::Facts;
use crate::request::locate::Place;
use crate::settings::Settings;

/// Stores the outcome of your own authentication in a request, in place of an older one. It
/// corresponds to [`Authentication::store`], which needs [`http::Extensions`]. Call it in
/// `on_request` of a fairing.
///
/// Attach [`DenialFairing`] as well. Without it and without an [`Authenticate`], rocket's catchers
/// answer denials.
pub fn store<S: Scope>(authentication: Authentication<S>, request: &Request<'_>, settings: &Arc<Settings>) {
    Outcomes::of(request, |outcomes| authentication.store(outcomes, settings));
}

/// The outcome that a request carries for a catalogue. It verifies the credentials if that was
/// postponed. It corresponds to [`Authentication::ask`], which needs [`http::Extensions`].
pub async fn authentication<S: Scope>(request: &Request<'_>) -> Option<Authentication<S>> {
    let state = Outcomes::of(request, |outcomes| Some(Arc::clone(outcomes.get::<Stored<S>>()?.state())))?;
    Some(state.asked().await.clone())
}

/// The fairing that answers the denials of guards, for servers without [`Authenticate`], which
/// answers them itself.
///
/// Catchers do not get the error of a guard and would answer without its challenge.
#[derive(Clone, Copy, Debug, Default)]
pub struct DenialFairing;

#[rocket::async_trait]
impl Fairing for DenialFairing {
    fn info(&self) -> Info {
        Info { name: "denials of scopes", kind: Kind::Response }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        answer(Outcomes::of(request, Extensions::remove), response);
    }
}

/// Replaces the response that a catcher has made by the denial.
fn answer(refused: Option<Refused>, response: &mut Response<'_>) {
    if let Some(Refused(denied)) = refused.filter(|Refused(denied)| denied.status().as_u16() == response.status().code)
    {
        replace(response, denied);
    }
}

impl<S: Scope> Authenticate<S> {
    /// The target in the form that the permit will read. rocket serves a path with and without a
    /// slash at its end by one route. So the slash is removed if the catalogue has a route only for
    /// the path without it.
    fn as_routed<'t>(&self, routed_by: rocket::http::Method, target: Cow<'t, str>) -> Cow<'t, str> {
        let path = target.split('?').next().unwrap_or_default();
        if path.len() < 2 || !path.ends_with('/') {
            return target;
        }
        let (method, place) = (method(routed_by), Place::of::<S>(self.own_settings()));
        let bare = with_slash_of("/bare", Cow::Borrowed(&*target));
        let is_found = |target: &str| place.at_target(Facts::new(&method, target)).is_ok();
        if !is_found(&target) && is_found(&bare) { Cow::Owned(bare.into_owned()) } else { target }
    }
}

/// The sentence about a forgotten guard of the handler that has answered.
fn forgotten<S: Scope>(state: &CallerState<S>, request: &Request<'_>) -> Option<String> {
    let look = || checked(request, |_, facts| Ok(state.forgotten(facts))).unwrap_or_default();
    match request.route() {
        Some(route) => state.look(&method(route.method), route.uri.path(), look),
        None => look().sentence,
    }
}

#[rocket::async_trait]
impl<S: Scope> Fairing for Authenticate<S> {
    fn info(&self) -> Info {
        Info { name: "authentication for scopes", kind: Kind::Ignite | Kind::Request | Kind::Response }
    }

    async fn on_ignite(&self, rocket: Rocket<Build>) -> rocket::fairing::Result {
        Ok(super::before_routing::mounted(rocket))
    }

    async fn on_request(&self, request: &mut Request<'_>, _: &mut Data<'_>) {
        let target = super::before_routing::sent_target(request).map_or_else(|| raw_target(request), Cow::Owned);
        let target = self.as_routed(request.method(), target);
        let method = method(request.method());
        let found = self.find(&method, &target);
        let outcome = self.ask_or_later(method.as_str(), &target, &found, request.headers().into());
        let mut stored = outcome.stored().await;
        let judged = before_routing::check(&mut stored, &method, &target, &found);
        let is_first = Outcomes::of(request, |outcomes| {
            let state = stored.insert(outcomes);
            if judged.is_err() {
                // No handler runs, and a renderer may turn the denial into a redirection, which
                // counts as an answer.
                state.owner_check.guarded();
            }
            !super::before_routing::has_refused(outcomes)
        });
        drop(target);
        if judged.is_err() || !is_first {
            let judged = judged.map_err(|denied| with_request(denied, request));
            super::before_routing::judged(request, S::catalogue(), judged);
        }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        let (refused, state): (_, Option<Arc<CallerState<S>>>) = Outcomes::of(request, |outcomes| {
            (outcomes.remove(), outcomes.get::<Stored<S>>().map(|stored| Arc::clone(stored.state())))
        });
        answer(refused, response);
        let (Some(state), Ok(status)) = (state, StatusCode::from_u16(response.status().code)) else { return };
        if let Some(denied) = state.answered(status, || forgotten(&state, request)) {
            // Discards the handler's whole response.
            *response = Response::new();
            return replace(response, denied);
        }
        state.announce(response);
    }
}
