//! The gated router: a router with the gate around all of its routes.

use std::any::Any;
use std::convert::Infallible;
use std::fmt;
use std::future::Future;
#[cfg(feature = "axum")]
use std::future::{Ready, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::ServiceExt;
use axum::body::{Bytes, HttpBody};
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use axum::routing::future::RouteFuture;
use axum::routing::{IntoMakeService, Route, Router};
#[cfg(feature = "axum")]
use axum::serve::{IncomingStream, Listener};
use scopes_core::Scope;
use tower_layer::Layer;
use tower_service::Service;

mod fused;

use super::allow::{Dispatched, GateRecord, Refused};
use crate::auth::authenticate::Authenticate;
use crate::axum::authenticate::IntoAuthenticate;
use crate::gate::Gate;
use fused::Fused;

/// Puts the gate around a whole router, fallbacks included. There the gate sees axum's own match.
/// `api::gate(router)` calls it for one catalogue.
///
/// The gate refuses everything that the catalogue does not declare, also outside of its `base`: see
/// [`Gated::also_serve_outside_base`].
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// use axum::{Router, body::Body, routing::get};
/// use http::Request;
/// use scopes::{axum::gate, verifier_fn};
/// use tower::ServiceExt;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let router = Router::new().route("/users", get(|| async { "[]" }));
/// let verifier = verifier_fn(async |_| Ok(Some(api::Grant::new(api::Scope::UsersRead))));
/// let app = gate::<api::Scope>(router).authenticate(verifier);
/// let answer = app.oneshot(Request::get("/users").body(Body::empty())?).await?;
/// assert_eq!(answer.status(), 401);
/// # Ok(()) }
/// ```
pub fn gate<S: Scope>(router: impl Ungated) -> Gated<S> {
    Parts { ungated: router.router(), gate: Gate::new(), authenticate: None, outer: Vec::new() }.assembled()
}

/// A router that [`gate`] takes: axum's `Router` after `with_state`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be gated",
    label = "expected a `Router` that has its state",
    note = "if it is a `Router` whose handlers take `State`, give the state first: `api::gate(router.with_state(state))`"
)]
pub trait Ungated {
    #[doc(hidden)]
    fn router(self) -> Router;
}

impl Ungated for Router {
    fn router(self) -> Router {
        self
    }
}

/// A router with a gate around it. It has no `route`, `nest` or `merge`, so the gate judges
/// everything that the router serves.
///
/// [`authenticate`](Self::authenticate) sets the verifier. Layers that are added with
/// [`layer`](Self::layer) lie outside of the gate and of the authentication, the last one
/// outermost. Add CORS in this way, because preflight requests carry no credentials.
///
/// If you nest the gated router under a prefix, set `Settings::mounted_at` to the full path. Until
/// you do, every route that needs a caller is refused: see [`Gate`](crate::tower::Gate#the-mount).
/// Do not pass a gated router to another router's `route_service`: axum joins the two templates,
/// and the catalogue does not have the joined template.
///
/// A layer that changes the request's *method* does not belong here. axum has chosen the handler
/// by the method before any layer runs, and the gate answers 404 if the two differ. Put such a
/// layer around the whole `Gated`.
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// use axum::{Router, body::Body, routing::get};
/// use http::Request;
/// use scopes::{axum::Gated, verifier_fn};
/// use tower::ServiceExt;
///
/// fn app() -> Gated<api::Scope> {
///     let router = Router::new().route("/users", get(|| async { "[]" }));
///     let verifier = verifier_fn(async |_| Ok(Some(api::Grant::new(api::Scope::UsersRead))));
///     api::gate(router).authenticate(verifier)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let answer = app().oneshot(Request::get("/undeclared").body(Body::empty())?).await?;
/// assert_eq!(answer.status(), 401);
/// # Ok(()) }
/// ```
///
/// # `Allow`
///
/// If axum has handlers for a path under other methods only, it adds `Allow` to every response,
/// outside of all layers, also to a 401. The gated router keeps `Allow` on the gate's own 405, and
/// on responses of the router and its handlers if the gate has let the request through. It removes
/// `Allow` from all other responses: from the gate's other denials, from responses that a layer
/// outside of the gate makes, and from responses to a request that such a layer has built itself. A
/// router *around* this one adds its own `Allow` if it has a method for the path, like
/// `get(page).fallback_service(gated)`. Mount with `nest_service` or the router's
/// `fallback_service` instead.
///
/// # Serving it
///
/// `axum::serve(listener, gated)` serves it. With the feature `axum-without-tokio` in place of
/// `axum` that does not compile; pass [`into_make_service`](Self::into_make_service) then. Another
/// router takes it with `fallback_service` or `nest_service`. If handlers need the client's
/// address, use axum's extension trait:
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
    /// In an `Arc`, because servers clone the service for every request.
    parts: Arc<Parts<S>>,
    layered: Router,
}

/// The parts of a gated router. Adding a part assembles the router again.
#[derive(Clone)]
struct Parts<S: Scope> {
    ungated: Router,
    gate: Gate<S>,
    /// The authentication, which forms one layer with the gate.
    authenticate: Option<Authenticate<S>>,
    outer: Vec<Wrap>,
}

type Wrap = Arc<dyn Fn(Router) -> Router + Send + Sync>;

impl<S: Scope> Parts<S> {
    /// Assembles the router, its gate and the layers, from the inside out.
    fn assembled(self) -> Gated<S> {
        let (router, gate, is_outermost) = (self.ungated.clone(), self.gate.clone(), self.outer.is_empty());
        let gated = match self.authenticate.clone() {
            Some(authenticate) => router.layer(Fused::new(authenticate, gate, is_outermost)),
            None => router.layer(gate),
        };
        let layered = self.outer.iter().fold(gated, |router, wrap| wrap(router));
        // Handlers become services here, once, and not for each request.
        let layered = layered.with_state(());
        Gated { parts: Arc::new(self), layered }
    }

    /// Whether a layer lies between axum's choice of the handler and the gate. Then the request
    /// must carry the method of that choice and the gates' verdicts.
    fn is_layered(&self) -> bool {
        self.authenticate.is_none() || !self.outer.is_empty()
    }
}

impl<S: Scope> Gated<S> {
    /// Sets the authentication: a verifier, or [`Authenticate`] with its settings. It runs in one
    /// layer with the gate, inside of all layers that [`layer`](Self::layer) adds, whichever is
    /// called first. A second call replaces the first.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use axum::{Router, body::Body, routing::get};
    /// use http::Request;
    /// use scopes::{Authenticate, Settings, verifier_fn};
    /// use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let router = Router::new().route("/users", get(|| async { "[]" }));
    /// let verifier = verifier_fn(async |_| Ok(Some(api::Grant::new(api::Scope::UsersRead))));
    /// let settings = Settings::new().realm("users")?;
    /// let app = api::gate(router).authenticate(Authenticate::new(verifier).settings(settings));
    /// let request = Request::get("/users").header("authorization", "Bearer secret");
    /// assert_eq!(app.oneshot(request.body(Body::empty())?).await?.status(), 200);
    /// # Ok(()) }
    /// ```
    pub fn authenticate<Kind>(self, authenticate: impl IntoAuthenticate<S, Kind>) -> Self {
        let mut parts = Arc::unwrap_or_clone(self.parts);
        parts.authenticate = Some(authenticate.into_authenticate());
        parts.assembled()
    }

    /// Adds a layer outside of the gate and of all earlier layers. [`Authenticate`] as the first
    /// one is the same as [`authenticate`](Self::authenticate).
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use axum::{Router, body::Body, routing::get};
    /// use http::{Request, header};
    /// use scopes::verifier_fn;
    /// use tower::ServiceExt;
    /// use tower_http::cors::CorsLayer;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let router = Router::new().route("/users", get(|| async { "[]" }));
    /// let verifier = verifier_fn(async |_| Ok(Some(api::Grant::new(api::Scope::UsersRead))));
    /// let app = api::gate(router).authenticate(verifier).layer(CorsLayer::permissive());
    /// // A preflight request has no credentials, and needs none.
    /// let preflight = Request::options("/users")
    ///     .header(header::ORIGIN, "https://app.example.com")
    ///     .header(header::ACCESS_CONTROL_REQUEST_METHOD, "GET");
    /// assert_eq!(app.oneshot(preflight.body(Body::empty())?).await?.status(), 200);
    /// # Ok(()) }
    /// ```
    pub fn layer<L>(self, layer: L) -> Self
    where
        L: Layer<Route> + Clone + Send + Sync + 'static,
        L::Service: Service<Request> + Clone + Send + Sync + 'static,
        <L::Service as Service<Request>>::Response: IntoResponse + 'static,
        <L::Service as Service<Request>>::Error: Into<Infallible> + 'static,
        <L::Service as Service<Request>>::Future: Send + 'static,
    {
        let mut parts = Arc::unwrap_or_clone(self.parts);
        match (&layer as &dyn Any).downcast_ref::<Authenticate<S>>() {
            Some(authenticate) if parts.authenticate.is_none() && parts.outer.is_empty() => {
                parts.authenticate = Some(authenticate.clone());
            }
            _ => parts.outer.push(Arc::new(move |router: Router| router.layer(layer.clone()))),
        }
        parts.assembled()
    }

    /// Changes the gate. Layers that were added already stay outside of it.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; base "/api"; users.read { GET "/users"; } }
    /// use axum::{Router, body::Body, routing::get};
    /// use http::Request;
    /// use scopes::verifier_fn;
    /// use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let router = Router::new().route("/", get(|| async { "the web site" }));
    /// let app = api::gate(router)
    ///     .authenticate(verifier_fn(async |_| Ok(None)))
    ///     .with_gate(|gate| gate.also_serve_outside_base("the web site is public"));
    /// assert_eq!(app.oneshot(Request::get("/").body(Body::empty())?).await?.status(), 200);
    /// # Ok(()) }
    /// ```
    pub fn with_gate(self, change: impl FnOnce(Gate<S>) -> Gate<S>) -> Self {
        let parts = Arc::unwrap_or_clone(self.parts);
        Parts { gate: change(parts.gate), ..parts }.assembled()
    }

    /// Serves everything outside of the catalogue's base without a check, although the gate covers
    /// the whole router. See [`Gate::also_serve_outside_base`].
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; base "/api"; users.read { GET "/users"; } }
    /// use axum::{Router, body::Body, routing::get};
    /// use http::Request;
    /// use scopes::verifier_fn;
    /// use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let router = Router::new().route("/", get(|| async { "the web site" }));
    /// let verifier = verifier_fn(async |_| Ok(None));
    /// let app = api::gate(router).also_serve_outside_base("the web site is public");
    /// let app = app.authenticate(verifier);
    /// assert_eq!(app.oneshot(Request::get("/").body(Body::empty())?).await?.status(), 200);
    /// # Ok(()) }
    /// ```
    pub fn also_serve_outside_base(self, reason: &str) -> Self {
        self.with_gate(|gate| gate.also_serve_outside_base(reason))
    }

    /// Makes the service that `axum::serve` takes.
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
            .field("authenticate", &self.parts.authenticate)
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
    type Future = GatedFuture;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        <Router as Service<http::Request<B>>>::poll_ready(&mut self.layered, cx)
    }

    fn call(&mut self, mut request: http::Request<B>) -> GatedFuture {
        let is_layered = self.parts.is_layered();
        let is_observed = is_layered || Dispatched::is_in(request.extensions());
        let gates = is_observed.then(|| Dispatched::begin(request.method().clone(), request.extensions_mut()));
        GatedFuture { response: self.layered.call(request), gates, is_layered }
    }
}

/// For `axum::serve(listener, gated)`: each connection gets a clone.
#[cfg(feature = "axum")]
impl<S: Scope, L: Listener> Service<IncomingStream<'_, L>> for Gated<S> {
    type Response = Self;
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: IncomingStream<'_, L>) -> Self::Future {
        ready(Ok(self.clone()))
    }
}

/// The future of [`Gated`] as a service.
pub struct GatedFuture {
    response: RouteFuture<Infallible>,
    gates: Option<GateRecord>,
    is_layered: bool,
}

impl Future for GatedFuture {
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut polled = Pin::new(&mut self.response).poll(context);
        if let Poll::Ready(Ok(response)) = &mut polled {
            match &self.gates {
                Some(gates) => {
                    if !self.is_layered {
                        Refused::tell(response, gates);
                    }
                    gates.restrict(response);
                    gates.mark(response);
                }
                None => Refused::restrict(response),
            }
        }
        polled
    }
}

impl fmt::Debug for GatedFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GatedFuture").finish_non_exhaustive()
    }
}
