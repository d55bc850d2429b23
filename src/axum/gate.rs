//! A router with the gate around all of it.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::ServiceExt;
use axum::body::{Bytes, HttpBody};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::{IntoMakeService, Route, Router};
use http::Method;
use scopes_core::Scope;
use tower_layer::Layer;
use tower_service::Service;

use super::allow::Dispatched;
use crate::gate::{Gate, ReportOnly, UnknownRoute};

/// Puts the gate around a whole router, fallbacks included, where axum's own match is visible to it. `api::gate(router)` is
/// this for one catalogue.
pub fn gate<S: Scope>(router: Router) -> Gated<S> {
    Parts { ungated: router, gate: Gate::new(), outer: Vec::new() }.assembled()
}

/// A router behind its gate. It has no `route`, `nest` or `merge`, so that nothing is added behind the gate's back.
///
/// Layers added with [`layer`](Self::layer) lie outside of the gate, the last one outermost: first `Authenticate`, then CORS,
/// whose preflight requests carry no credentials.
///
/// Nested below a prefix, say the whole path in `Settings::mounted_at`; until then everything is refused that needs a caller: see
/// [`Gate`](crate::tower::Gate#the-mount). A layer that changes
/// the request's *method* does not belong here: axum has chosen the handler by the method before, and the gate answers 404 to
/// what no longer agrees. Put it around the whole `Gated`. Another router's `route_service` is no place for it either: axum
/// joins the two templates, and what they make is no route.
///
/// # `Allow`
///
/// axum adds `Allow` to every response for a path that it has under other methods, outside of all layers, also to a 401. Here it
/// stays only on what the router or a handler answers once the gate has let the request through, and on the gate's own 405.
/// From everything else it is removed: the gate's other denials, and what a layer outside of the gate answers by itself or with
/// a request that it has built anew. A router *around* this one adds its own `Allow` where it has a method for the path, as
/// `get(page).fallback_service(gated)` does: mount with `nest_service` or `fallback_service` of the router instead.
///
/// # Serving it
///
/// It is a [`Service`]: `axum::serve` takes [`into_make_service`](Self::into_make_service), another router takes it with
/// `fallback_service` or `nest_service`, and where the client's address is wanted, axum's extension trait does it:
///
/// ```no_run
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// use std::net::SocketAddr;
/// use axum::{ServiceExt, extract::Request};
///
/// # async fn serve(listener: tokio::net::TcpListener, router: axum::Router) -> std::io::Result<()> {
/// let app = api::gate(router);
/// axum::serve(listener, ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(app)).await
/// # }
/// ```
#[must_use = "a gated router serves nothing by itself"]
pub struct Gated<S: Scope> {
    /// Behind a pointer, for a server clones the service with every request.
    parts: Arc<Parts<S>>,
    layered: Router,
}

/// What a gated router is put together from, each time that something is added.
#[derive(Clone)]
struct Parts<S: Scope> {
    ungated: Router,
    gate: Gate<S>,
    outer: Vec<Wrap>,
}

type Wrap = Arc<dyn Fn(Router) -> Router + Send + Sync>;

impl<S: Scope> Parts<S> {
    /// From the inside out: the router, its gate, the layers.
    fn assembled(self) -> Gated<S> {
        let gated = self.ungated.clone().layer(self.gate.clone());
        let layered = self.outer.iter().fold(gated, |router, wrap| wrap(router));
        Gated { parts: Arc::new(self), layered }
    }
}

impl<S: Scope> Gated<S> {
    /// Adds a layer outside of the gate and of all earlier layers.
    pub fn layer<L>(self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        let mut parts = Arc::unwrap_or_clone(self.parts);
        parts.outer.push(Arc::new(move |router: Router| router.layer(layer.clone())));
        parts.assembled()
    }

    /// Changes the gate, whatever lies outside of it already.
    pub fn with_gate(self, change: impl FnOnce(Gate<S>) -> Gate<S>) -> Self {
        let parts = Arc::unwrap_or_clone(self.parts);
        Parts { gate: change(parts.gate), ..parts }.assembled()
    }

    /// Guards every path of the router, and not only what lies below the catalogue's base.
    pub fn everywhere(self) -> Self {
        self.with_gate(Gate::everywhere)
    }

    /// As [`Gate::report_only`].
    pub fn report_only(self, level: ReportOnly) -> Self {
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
        let gate = self.parts.gate.clone().report_only_route(method, template)?;
        Ok(self.with_gate(|_| gate))
    }

    /// As [`Gate::strict`].
    pub fn strict(self) -> Self {
        self.with_gate(Gate::strict)
    }

    /// For `axum::serve`.
    pub fn into_make_service(self) -> IntoMakeService<Self> {
        ServiceExt::<Request>::into_make_service(self)
    }
}

impl<S: Scope> Clone for Gated<S> {
    fn clone(&self) -> Self {
        Self { parts: Arc::clone(&self.parts), layered: self.layered.clone() }
    }
}

impl<S: Scope> fmt::Debug for Gated<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gated")
            .field("router", &self.parts.ungated)
            .field("gate", &self.parts.gate)
            .field("layers", &self.parts.outer.len())
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
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        <Router as Service<http::Request<B>>>::poll_ready(&mut self.layered, cx)
    }

    fn call(&mut self, mut request: http::Request<B>) -> Self::Future {
        let gates = Dispatched::begin(request.method().clone(), request.extensions_mut());
        let answer = self.layered.call(request);
        Box::pin(async move {
            let mut response = answer.await?;
            gates.restrict(&mut response);
            Ok(response)
        })
    }
}
