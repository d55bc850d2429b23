//! The gate as a layer.

use std::fmt;
use std::task::{Context, Poll};

#[cfg(not(feature = "axum"))]
use http::{Extensions, StatusCode};
use http::{HeaderMap, Method, Request, Response};
use scopes_core::Scope;
use tower_layer::Layer;
use tower_service::Service;

use super::{ResponseFuture, outcome};
#[cfg(feature = "axum")]
use crate::axum::GateRecord;
use crate::carrier::facts;
use crate::denial::Denied;
use crate::gate::{DenyBody, FromString, Gate, Ruling, admit};

impl<S: Scope, D: Clone, I> Layer<I> for Gate<S, D> {
    type Service = GateService<S, I, D>;

    fn layer(&self, inner: I) -> Self::Service {
        GateService { inner, gate: self.clone() }
    }
}

/// The service that [`Gate`] makes.
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
    I::Future: Send + 'static,
    I::Error: Send + 'static,
    D: DenyBody<R>,
    R: Send + 'static,
{
    type Response = Response<R>;
    type Error = I::Error;
    type Future = ResponseFuture<R, I::Error>;

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
        match &ruling {
            Ruling::Denied(denied) => record.refused(denied.status()),
            Ruling::Outside | Ruling::Passed(_) => record.passed(),
        }
        match ruling {
            Ruling::Denied(denied) => Box::pin(std::future::ready(Ok(self.gate.answer(denied, form)))),
            Ruling::Outside => Box::pin(self.inner.call(request)),
            Ruling::Passed(matched) => {
                let unbound = admit::<S>(request.extensions_mut(), matched);
                let response = self.inner.call(request);
                let Some(stored) = unbound else { return Box::pin(response) };
                let gate = self.gate.clone();
                Box::pin(async move {
                    let response = response.await?;
                    let Some(denied) = gate.owner_checked(outcome(&response), &stored) else { return Ok(response) };
                    record.refused(denied.status());
                    Ok(gate.answer(denied, form))
                })
            }
        }
    }
}

impl<S: Scope, D> Gate<S, D> {
    fn answer<R>(&self, denied: Denied, form: Form) -> Response<R>
    where
        D: DenyBody<R>,
    {
        let response = match form {
            Form::Http => denied.into_http_response::<String>(),
            #[cfg(feature = "tonic")]
            Form::Grpc => crate::tonic::refusal(denied),
        };
        response.map(|text| self.body.body(text))
    }
}

/// What kind of answer the client understands.
#[derive(Clone, Copy, Debug)]
enum Form {
    Http,
    #[cfg(feature = "tonic")]
    Grpc,
}

impl Form {
    #[cfg_attr(not(feature = "tonic"), allow(unused_variables, reason = "only gRPC looks at them"))]
    fn of(method: &Method, headers: &HeaderMap) -> Self {
        #[cfg(feature = "tonic")]
        if crate::tonic::is_call(method, headers) {
            return Self::Grpc;
        }
        Self::Http
    }
}

/// What axum's router around the gate has to know. No other asks.
#[cfg(not(feature = "axum"))]
struct GateRecord;

#[cfg(not(feature = "axum"))]
impl GateRecord {
    const fn of(_: &Extensions) -> Self {
        Self
    }

    const fn passed(&self) {}

    const fn refused(&self, _: StatusCode) {}
}
