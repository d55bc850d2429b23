//! The gate as a layer.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

#[cfg(not(feature = "_axum"))]
use http::{Extensions, StatusCode};
use http::{Request, Response};
use pin_project_lite::pin_project;
use scopes_core::Scope;
use tower_layer::Layer;
use tower_service::Service;

use super::outcome;
use crate::auth::stored::CallerState;
#[cfg(feature = "_axum")]
use crate::axum::GateRecord;
use crate::carrier::facts;
use crate::gate::{DenyBody, Form, FromString, Gate, Ruling, admit};

impl<S: Scope, D: Clone, I> Layer<I> for Gate<S, D> {
    type Service = GateService<S, I, D>;

    fn layer(&self, inner: I) -> Self::Service {
        GateService { inner, gate: self.clone() }
    }
}

/// The service that [`Gate`] makes around an inner service.
pub struct GateService<S: Scope, I, D = FromString> {
    inner: I,
    gate: Gate<S, D>,
}

impl<S: Scope, I: Clone, D: Clone> Clone for GateService<S, I, D> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), gate: self.gate.clone() }
    }
}

impl<S: Scope, I: fmt::Debug, D> fmt::Debug for GateService<S, I, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GateService").field("inner", &self.inner).field("gate", &self.gate).finish()
    }
}

impl<S, I, D, B, R> Service<Request<B>> for GateService<S, I, D>
where
    S: Scope,
    I: Service<Request<B>, Response = Response<R>>,
    D: DenyBody<R>,
{
    type Response = Response<R>;
    type Error = I::Error;
    type Future = GateFuture<S, I::Future, R, D>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let form = Form::of(request.method(), request.headers());
        let record = GateRecord::of(request.extensions());
        let ruling = {
            let extensions = request.extensions();
            self.gate.ruling(extensions, facts(request.method(), request.uri(), extensions))
        };
        let caller = match ruling {
            Ruling::Denied(denied) => {
                record.refused(denied.status());
                let denied = denied.with_request(request.method(), request.headers());
                let response = Some(self.gate.answer(denied, form));
                return GateFuture { state: State::Denied { response } };
            }
            Ruling::Outside => None,
            Ruling::Passed(passed, reported) => admit::<S>(request.extensions_mut(), passed, reported),
        };
        record.passed();
        let after = caller.map(|caller| After { gate: self.gate.clone(), caller, record, form });
        GateFuture { state: State::Answering { response: self.inner.call(request), after } }
    }
}

pin_project! {
    /// The future that [`GateService`] returns for a request.
    pub struct GateFuture<S: Scope, F, R, D> {
        #[pin]
        state: State<S, F, R, D>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<S: Scope, F, R, D> {
        /// Empty once it was taken.
        Denied { response: Option<Response<R>> },
        Answering { #[pin] response: F, after: Option<After<S, D>> },
    }
}

/// The check after the handler of an `#[unbound]` route has answered.
struct After<S: Scope, D> {
    gate: Gate<S, D>,
    caller: Arc<CallerState<S>>,
    record: GateRecord,
    form: Form,
}

impl<S, F, R, E, D> Future for GateFuture<S, F, R, D>
where
    S: Scope,
    F: Future<Output = Result<Response<R>, E>>,
    D: DenyBody<R>,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().state.project() {
            StateProjection::Denied { response } => {
                // If a caller polls the future after its end, which breaks the contract of futures,
                // it stays pending.
                response.take().map_or(Poll::Pending, |response| Poll::Ready(Ok(response)))
            }
            StateProjection::Answering { response, after } => {
                let mut polled = response.poll(context);
                if let (Poll::Ready(Ok(response)), Some(after)) = (&mut polled, after) {
                    after.check(response);
                }
                polled
            }
        }
    }
}

impl<S: Scope, D> After<S, D> {
    /// Replaces the response if the handler had to compare the owner and did not.
    fn check<R>(&self, response: &mut Response<R>)
    where
        D: DenyBody<R>,
    {
        if let Some(denied) = self.caller.owner_checked(outcome(response)) {
            self.record.refused(denied.status());
            *response = self.gate.answer(denied, self.form);
        } else {
            self.caller.announce(response.headers_mut());
        }
    }
}

impl<S: Scope, F, R, D> fmt::Debug for GateFuture<S, F, R, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GateFuture(..)")
    }
}

/// The record for axum's router around the gate. Without axum it is empty.
#[cfg(not(feature = "_axum"))]
struct GateRecord;

#[cfg(not(feature = "_axum"))]
impl GateRecord {
    const fn of(_: &Extensions) -> Self {
        Self
    }

    const fn passed(&self) {}

    const fn refused(&self, _: StatusCode) {}
}
