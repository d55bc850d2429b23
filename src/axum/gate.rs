//! A router with the gate around all of it.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Bytes, HttpBody};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::{IntoMakeService, Route, Router, RouterIntoService};
use http::Method;
use scopes_core::Scope;
use tower_layer::Layer;
use tower_service::Service;

use crate::tower::{Gate, Level, UnknownRoute};

/// Puts the gate around a whole router, fallbacks included, where axum's own match is visible to it. `api::gate(router)` is
/// this for one catalogue.
pub fn gate<S: Scope>(router: Router) -> Gated<S> {
    let gate = Gate::new();
    Gated { built: router.clone().layer(gate.clone()), ungated: router, gate, outer: Vec::new() }
}

/// A router behind its gate. It has no `route`, `nest` or `merge`, so that nothing is added behind the gate's back.
///
/// Layers added with [`layer`](Self::layer) lie outside of the gate, the last one outermost: first `Authenticate`, then CORS,
/// whose preflight requests carry no credentials.
///
/// It is a [`Service`]: `axum::serve` takes [`into_make_service`](Self::into_make_service), another router takes it with
/// `fallback_service` or `nest_service`, and where the client's address is wanted, axum's extension trait does it:
///
/// ```ignore
/// axum::serve(listener, axum::ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(app)).await?;
/// ```
#[must_use = "a gated router serves nothing by itself"]
pub struct Gated<S: Scope> {
    ungated: Router,
    gate: Gate<S>,
    outer: Vec<Wrap>,
    /// All of the above put together.
    built: Router,
}

type Wrap = Arc<dyn Fn(Router) -> Router + Send + Sync>;

impl<S: Scope> Gated<S> {
    /// Adds a layer outside of the gate and of all earlier layers.
    pub fn layer<L>(mut self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        let wrap: Wrap = Arc::new(move |router: Router| router.layer(layer.clone()));
        self.built = wrap(self.built);
        self.outer.push(wrap);
        self
    }

    /// Changes the gate, whatever lies outside of it already.
    pub fn with_gate(self, change: impl FnOnce(Gate<S>) -> Gate<S>) -> Self {
        let Self { ungated, gate, outer, .. } = self;
        let gate = change(gate);
        let built = outer.iter().fold(ungated.clone().layer(gate.clone()), |router, wrap| wrap(router));
        Self { ungated, gate, outer, built }
    }

    /// Guards every path of the router, and not only what lies below the catalogue's base.
    pub fn everywhere(self) -> Self {
        self.with_gate(Gate::guarding_everything)
    }

    /// As [`Gate::report_only`].
    pub fn report_only(self, level: Level) -> Self {
        self.with_gate(|gate| gate.report_only(level))
    }

    /// As [`Gate::report_only_scope`].
    pub fn report_only_scope(self, scope: S) -> Self {
        self.with_gate(|gate| gate.report_only_scope(scope))
    }

    /// As [`Gate::report_only_route`].
    ///
    /// # Errors
    /// If the catalogue has no such route.
    pub fn report_only_route(self, method: &Method, template: &str) -> Result<Self, UnknownRoute> {
        let gate = self.gate.clone().report_only_route(method, template)?;
        Ok(self.with_gate(|_| gate))
    }

    /// As [`Gate::strict`].
    pub fn strict(self) -> Self {
        self.with_gate(Gate::strict)
    }

    /// For `axum::serve`.
    pub fn into_make_service(self) -> IntoMakeService<Router> {
        self.built.into_make_service()
    }

    /// A service for requests with bodies of one type.
    pub fn into_service<B>(self) -> RouterIntoService<B> {
        self.built.into_service()
    }
}

impl<S: Scope> Clone for Gated<S> {
    fn clone(&self) -> Self {
        Self {
            ungated: self.ungated.clone(),
            gate: self.gate.clone(),
            outer: self.outer.clone(),
            built: self.built.clone(),
        }
    }
}

impl<S: Scope> fmt::Debug for Gated<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gated")
            .field("router", &self.ungated)
            .field("gate", &self.gate)
            .field("layers", &self.outer.len())
            .finish_non_exhaustive()
    }
}

impl<S, B> Service<http::Request<B>> for Gated<S>
where
    S: Scope,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<axum::BoxError>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = <Router as Service<http::Request<B>>>::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        <Router as Service<http::Request<B>>>::poll_ready(&mut self.built, cx)
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        self.built.call(request)
    }
}
