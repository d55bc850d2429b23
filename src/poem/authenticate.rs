//! Authentication as a middleware of poem.

use poem::{Endpoint, IntoResponse, Middleware, Request, Response, Result};
use scopes_core::Scope;

use super::facts::{keep_target, sent_uri};
use super::sent::Sent;
use crate::auth::authenticate::Authenticate;
use crate::request::extended_connect::judged_method;
use crate::request::facts::Facts;

impl<S: Scope, E: Endpoint> Middleware<E> for Authenticate<S> {
    type Output = AuthenticateEndpoint<S, E>;

    fn transform(&self, inner: E) -> Self::Output {
        AuthenticateEndpoint { inner, authenticate: self.clone() }
    }
}

/// The endpoint that [`Authenticate`] makes around an inner one.
#[derive(Debug)]
pub struct AuthenticateEndpoint<S: Scope, E> {
    inner: E,
    authenticate: Authenticate<S>,
}

impl<S: Scope, E: Endpoint> Endpoint for AuthenticateEndpoint<S, E> {
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        keep_target(&mut request);
        let sent = Facts::of_uri(request.method(), sent_uri(&request));
        let found = self.authenticate.find(request.method(), sent.raw_target);
        let authentication = self.authenticate.ask_or_later(
            request.method().as_str(),
            sent.raw_target,
            &found,
            request.headers().into(),
        );
        let mut stored = authentication.stored().await;
        stored.judge_ahead(sent, &found);
        let method = judged_method(request.method(), request.extensions());
        let open = self.authenticate.open_route(|| (method, sent.raw_target));
        self.authenticate.sources().hide(request.headers_mut());
        let state = stored.insert(request.extensions_mut());
        if let Some(open) = open {
            state.owner_check.serve(open);
        }
        let sent = Sent::of(&state.identity.settings, &request);
        let mut response = match self.inner.call(request).await {
            Ok(response) => response.into_response(),
            Err(error) => {
                state.noticed(error.status());
                return Err(error);
            }
        };
        match state.answered(response.status(), || sent.forgotten(&state, response.data())) {
            Some(denied) => Err(denied.into()),
            None => {
                state.announce(response.headers_mut());
                Ok(response)
            }
        }
    }
}
