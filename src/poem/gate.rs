//! The gate as a middleware of single endpoints.

use poem::{Endpoint, IntoResponse, Middleware, Request, Response, Result};
use scopes_core::Scope;

use super::facts::Match;
use crate::auth::stored::Stored;
use crate::denial::{Denied, default_settings};
use crate::gate::{Gate, Ruling, admit};

impl<S: Scope, E: Endpoint> Middleware<E> for Gate<S> {
    type Output = GateEndpoint<S, E>;

    fn transform(&self, inner: E) -> Self::Output {
        GateEndpoint { inner, gate: self.clone() }
    }
}

/// The endpoint that [`Gate`] makes around an inner one.
#[derive(Debug)]
pub struct GateEndpoint<S: Scope, E> {
    inner: E,
    gate: Gate<S>,
}

impl<S: Scope, E: Endpoint> Endpoint for GateEndpoint<S, E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let matched = Match::of(&request);
        if !matched.is_some() {
            return Err(outside_of_a_route::<S>().into());
        }
        if let Some(caller) = Stored::<S>::unverified_in(request.extensions())
            && self.gate.needs_caller(&caller.identity.settings, matched.facts(&request))
        {
            caller.identity.verified().await;
        }
        let caller = match self.gate.ruling(request.extensions(), matched.facts(&request)) {
            Ruling::Denied(denied) => return Err(denied.with_request(request.method(), request.headers()).into()),
            Ruling::Outside => None,
            Ruling::Passed(route, reported) => admit::<S>(request.extensions_mut(), route, reported),
        };
        let mut response = self.inner.call(request).await?.into_response();
        let Some(caller) = caller else { return Ok(response) };
        match caller.owner_checked(response.status()) {
            Some(denied) => Err(denied.into()),
            None => {
                caller.announce(response.headers_mut());
                Ok(response)
            }
        }
    }
}

fn outside_of_a_route<S: Scope>() -> Denied {
    Denied::misconfigured(
        default_settings(),
        S::catalogue(),
        format_args!(
            "the gate of `{}` lies outside of poem's `Route`, where it is not known yet which handler will run: put it around \
             the endpoints, `.at(path, get(handler).with(gate))`",
            S::catalogue().name()
        ),
    )
}
