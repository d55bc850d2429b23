//! Authentication as a layer.

use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use pin_project_lite::pin_project;
use scopes_core::{RouteId, Scope};
use tower_layer::Layer;
use tower_service::Service;

use super::sent::Sent;
use super::{denial, outcome};
use crate::auth::answered::is_answer;
use crate::auth::authenticate::{Asked, Authenticate, sent};
use crate::auth::stored::{CallerState, Identity, Stored};
use crate::auth::verification::Running;
use crate::settings::Settings;

impl<S: Scope, I> Layer<I> for Authenticate<S> {
    type Service = AuthenticateService<S, I>;

    fn layer(&self, inner: I) -> Self::Service {
        AuthenticateService { inner, authenticate: self.clone() }
    }
}

/// The service that [`Authenticate`] makes as a layer.
#[derive(Clone, Debug)]
pub struct AuthenticateService<S: Scope, I> {
    inner: I,
    authenticate: Authenticate<S>,
}

impl<S, I, B, R> Service<Request<B>> for AuthenticateService<S, I>
where
    S: Scope,
    I: Service<Request<B>, Response = Response<R>> + Clone,
    R: 'static,
{
    type Response = Response<R>;
    type Error = I::Error;
    type Future = AuthenticateFuture<S, I, B>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        #[cfg(feature = "tonic")]
        crate::tonic::keep_target(&mut request);
        let asked = self.authenticate.read(&mut request);
        #[cfg(feature = "warp")]
        crate::warp::keep_headers_if_seen(self.authenticate.own_settings(), &mut request);
        let state = match asked.or_poll_once() {
            Asked::Ready(identity) => {
                let state = Stored::new(identity).insert(request.extensions_mut());
                if let Some(open) = self.authenticate.open_route(|| sent(&request)) {
                    state.owner_check.serve(open);
                }
                let sent = Sent::of(&state.identity.settings, &request);
                State::Answering { response: self.inner.call(request), state, sent }
            }
            Asked::Waiting(running, settings) => {
                // Only the service that was polled until it was ready may be called. The new clone
                // takes its place.
                let fresh = self.inner.clone();
                let inner = mem::replace(&mut self.inner, fresh);
                if let Some(open) = self.authenticate.open_route(|| sent(&request)) {
                    request.extensions_mut().insert(Open::<S>(open, PhantomData));
                }
                State::Waiting { running, settings, request: Some(request), inner }
            }
        };
        AuthenticateFuture { state }
    }
}

/// The route of a request that waits for the verifier although the route needs no caller. Its
/// answers tell of a deprecation.
#[derive(Clone)]
struct Open<S>(RouteId, PhantomData<fn() -> S>);

pin_project! {
    /// The future that [`AuthenticateService`] returns for a request.
    pub struct AuthenticateFuture<S: Scope, I: Service<Request<B>>, B> {
        #[pin]
        state: State<S, I, B>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<S: Scope, I: Service<Request<B>>, B> {
        /// The verifier has to wait. The request is taken out when the verifier has answered.
        Waiting { running: Running<S>, settings: Arc<Settings>, request: Option<Request<B>>, inner: I },
        /// The inner service answers. `sent` keeps the request if the layer checks it afterwards.
        Answering { #[pin] response: I::Future, state: Arc<CallerState<S>>, sent: Option<Sent> },
    }
}

impl<S, I, B, R> Future for AuthenticateFuture<S, I, B>
where
    S: Scope,
    I: Service<Request<B>, Response = Response<R>>,
    R: 'static,
{
    type Output = Result<Response<R>, I::Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut current = self.project().state;
        loop {
            match current.as_mut().project() {
                StateProjection::Waiting { running, settings, request, inner } => {
                    let Poll::Ready(authentication) = Pin::new(running).poll(context) else { return Poll::Pending };
                    let Some(mut request) = request.take() else { return Poll::Pending };
                    let identity = Identity::new(authentication, Arc::clone(settings));
                    let state = Stored::new(identity).insert(request.extensions_mut());
                    if S::catalogue().has_announcements()
                        && let Some(Open(open, _)) = request.extensions_mut().remove::<Open<S>>()
                    {
                        state.owner_check.serve(open);
                    }
                    let sent = Sent::of(&state.identity.settings, &request);
                    let response = inner.call(request);
                    current.set(State::Answering { response, state, sent });
                }
                StateProjection::Answering { response, state, sent } => {
                    let mut polled = response.poll(context);
                    if let Poll::Ready(Ok(response)) = &mut polled {
                        let is_unguarded = sent.is_some() && !state.owner_check.is_guarded();
                        if (is_unguarded || state.needs_look() || S::catalogue().has_announcements())
                            && !look(response, state, sent.as_ref())
                        {
                            state.announce(response.headers_mut());
                        }
                    }
                    return polled;
                }
            }
        }
    }
}

/// Checks the request after the handler has answered. Replaces the answer if the handler lacks its
/// guard, or did not compare the owner. Returns whether it has done so.
fn look<S: Scope, R: 'static>(response: &mut Response<R>, state: &CallerState<S>, sent: Option<&Sent>) -> bool {
    let is_unguarded = is_answer(response.status()) && !state.owner_check.is_guarded();
    let forgotten = sent.filter(|_| is_unguarded).and_then(|sent| sent.forgotten(state));
    if forgotten.is_none() && !state.needs_look() {
        return false;
    }
    let status = outcome(response);
    let Some(response_of) = denial::maker::<R>() else {
        state.noticed(status);
        state.guard_noticed(status, || forgotten);
        return false;
    };
    let Some(denied) = state.answered(status, || forgotten) else { return false };
    *response = response_of(denied);
    true
}

impl<S: Scope, I: Service<Request<B>>, B> fmt::Debug for AuthenticateFuture<S, I, B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AuthenticateFuture(..)")
    }
}
