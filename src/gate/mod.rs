//! The gate: the check of the whole catalogue in front of the handlers, for every framework.

use std::fmt;
use std::sync::Arc;

use http::Extensions;
use scopes_core::Scope;

#[cfg(feature = "_axum")]
use crate::auth::stored::Identity;
use crate::log;
use crate::request::facts::Facts;
#[cfg(any(feature = "_axum", feature = "poem", feature = "salvo"))]
use crate::settings::Settings;

#[cfg(feature = "tower")]
mod answer;
#[cfg(feature = "tower")]
mod body;
mod enforcement;
mod mount;
mod ruling;
mod sight;

#[cfg(feature = "tower")]
pub(crate) use answer::Form;
#[cfg(feature = "tower")]
pub use body::{BodyWith, DenyBody};
use enforcement::Enforcement;
#[cfg(feature = "_axum")]
pub(crate) use ruling::Verdict;
pub(crate) use ruling::{Ruling, admit};
#[cfg(any(feature = "_axum", feature = "poem", feature = "salvo"))]
pub(crate) use sight::Arrival;
#[cfg(feature = "_axum")]
use sight::Sight;

/// Lets a request through only if the catalogue allows it for this caller.
///
/// Everything undeclared is refused, below the catalogue's `base` and outside of it. To serve pages
/// beside the API, put another router around the gated one, or let everything outside of the base
/// pass and [give the reason](Self::also_serve_outside_base). The gate is a second line of defence:
/// handlers keep their permits, which are checked independently of the gate. It runs after
/// [`Authenticate`](crate::Authenticate), whose settings say where the API is mounted. Without that
/// layer only public routes are served; every other request is answered with 500.
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// use std::convert::Infallible;
/// use http::{Request, Response};
/// use scopes::tower::{Authenticate, Gate};
/// use scopes::verifier_fn;
/// use tower::{Layer, ServiceExt, service_fn};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let handler = async |_: Request<()>| Ok::<_, Infallible>(Response::new(String::new()));
/// let verifier = verifier_fn(async |_| Ok(Some(api::Grant::new(api::Scope::UsersRead))));
/// let gate = Gate::<api::Scope>::new();
/// let service = Authenticate::new(verifier).layer(gate.layer(service_fn(handler)));
///
/// let answer = service.clone().oneshot(Request::get("/users").body(())?).await?;
/// assert_eq!(answer.status(), 401);
/// let request = Request::get("/users").header("authorization", "Bearer secret").body(())?;
/// assert_eq!(service.oneshot(request).await?.status(), 200);
/// # Ok(()) }
/// ```
///
/// # The mount
///
/// An API that is not mounted at its `base` needs
/// [`Settings::mounted_at`](crate::Settings::mounted_at). Without it, or with a wrong path, the
/// gate refuses every request that looks like a route of the catalogue below some mount prefix. It
/// recognises such a request by the end of the router's template, by the rest of the path after a
/// mount, or by the path itself if no router tells what it has matched. The gate logs this once.
/// Routes that need no caller are let through. A request for a page `/users/{id}` beside the API's
/// `/api/users/{id}` looks like a request that the gate refuses. So such a page belongs outside of
/// the gate, on the router that has the gated one as its `fallback_service`. The gate does not see
/// whether a service inside of it cuts the path. Nest such a service below the base, or put a gate
/// inside it.
///
/// # The route
///
/// The request's own route is the one that the router has matched, if the router reports it (axum
/// inside of `api::gate(router)`, poem, salvo), otherwise the one that the catalogue finds for the
/// raw target. If the path can also be read as another route of the catalogue, the caller must
/// satisfy that route, too: see [`scopes_core::demands`]. Never put a gate in front of a router or
/// layer that decodes or normalises paths and routes by the result: `NormalizePathLayer`, salvo,
/// rocket, actix-web. Such a router could run another handler than the one that the gate has
/// checked. For the same reason no layer between the routing and the gate, or inside of the gate,
/// may change a request's method or path.
///
/// # Limits
///
/// - A handler of a public route takes no permit. Without a gate, nothing judges its requests.
/// - Without a router's template (a bare tower service), a route that is declared but not
///   registered is judged by its own demand, whichever handler runs. An undeclared literal in the
///   place of a declared parameter (`/users/undeclared` beside `/users/{id}`) is judged as the
///   parameter's value and reaches the handler of the literal. Mount such routers with `nest` or
///   `merge` inside of `api::gate`, or let the handlers take permits.
/// - A service that is mounted on one route must serve that route's paths only.
/// - A router without text beside parameters gives one handler every value: the handler of
///   `/users/{id}` also runs for `/users/7.csv` if the caller satisfies both routes.
/// - `HEAD` is judged by its own route, although the handler of `GET` may run.
/// - A WebSocket over HTTP/2 is opened with an extended `CONNECT` (RFC 8441). With the feature
///   `http2` the route of `GET` judges it, by gate and permit alike. Any other `CONNECT` is
///   refused; without the feature, every `CONNECT` is. The router must give the handler `CONNECT`,
///   as axum's `any(..)` does. salvo's HTTP/3 marks such requests in its own way, so that they are
///   refused.
/// - On axum and poem, routes that differ only in text beside a parameter have one handler. Such a
///   route cannot be served if it is `external`, or if it is `#[unbound]` and the other route is
///   not scoped, because no permit could compare the owner. The gate answers it with 404 and logs
///   that once.
/// - If a `{*rest}` has a router inside, the gate demands all routes that match the path. For
///   example, if a public `/{*page}` is registered, but `/b` (public) and `/{tenant}` are not, then
///   `/b` without credentials is 401. Register the routes directly, or nest the router.
/// - File systems treat more paths as equal than the gate does (letter case, Unicode forms,
///   trailing dots). So does a router that decodes `%2F` in a `#[raw]` parameter before it splits
///   the path. Keep guarded files outside of a public directory.
///
/// `api::gate(router)` puts the gate around axum's router. With `Router::layer` it would run after
/// axum has chosen the handler, by a method that the gate does not know. There it answers 500 to
/// every request that it should judge.
#[must_use = "a gate protects only what it is layered onto"]
pub struct Gate<S: Scope, D = FromString> {
    enforcement: Arc<Enforcement<S>>,
    pub(crate) body: D,
}

impl<S: Scope> Gate<S> {
    /// Guards every path, below the catalogue's base and outside of it.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// let gate = scopes::tower::Gate::<api::Scope>::new();
    /// println!("{gate:?}");
    /// ```
    pub fn new() -> Self {
        Self { enforcement: Arc::default(), body: FromString }
    }
}

impl<S: Scope, D> Gate<S, D> {
    /// Lets everything outside of the catalogue's base pass without a check, although the gate
    /// covers it: pages of a site, static files.
    ///
    /// The reason documents the decision, and `Debug` shows it. If it is empty, the gate still
    /// refuses these paths and logs an error. Without a base, no path lies outside. The gate still
    /// judges paths that some software may read as paths below the base, and paths that look like a
    /// route of the catalogue below another mount (see [the mount](#the-mount)).
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; base "/api"; users.read { GET "/users"; } }
    /// use axum::{Router, body::Body, routing::get};
    /// use http::Request;
    /// use scopes::{Authentication, test::TestAuthenticate};
    /// use tower::ServiceExt;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let router = Router::new().route("/", get(|| async { "the web site" }));
    /// let absent = TestAuthenticate::with(Authentication::<api::Scope>::Absent);
    /// let app = api::gate(router).layer(absent);
    /// let request = || Request::get("/").body(Body::empty());
    /// assert_eq!(app.clone().oneshot(request()?).await?.status(), 401);
    ///
    /// let app = app.with_gate(|gate| gate.also_serve_outside_base("the web site is public"));
    /// assert_eq!(app.oneshot(request()?).await?.status(), 200);
    /// # Ok(()) }
    /// ```
    pub fn also_serve_outside_base(self, reason: &str) -> Self {
        if reason.trim().is_empty() {
            log::error(format_args!(
                "the gate of `{}` serves nothing outside of the base: `also_serve_outside_base` needs the reason why every caller \
                 may call the handlers there",
                S::catalogue().name()
            ));
            return self;
        }
        self.changed(|enforcement| enforcement.outside = Some(reason.into()))
    }

    /// Decides about a request from the facts that a framework's adapter knows.
    pub(crate) fn ruling(&self, extensions: &Extensions, facts: Facts<'_>) -> Ruling {
        self.enforcement.ruling(extensions, facts)
    }

    /// Whether the answer to a request depends on its caller.
    #[cfg(any(feature = "poem", feature = "salvo"))]
    pub(crate) fn needs_caller(&self, settings: &Settings, facts: Facts<'_>) -> bool {
        match self.enforcement.arrival(Some(settings), facts) {
            Arrival::Inside(sight) => sight.needs_caller(),
            Arrival::Outside => false,
        }
    }

    /// The part of the verdict that does not need the caller.
    #[cfg(feature = "_axum")]
    pub(crate) fn arrival<'a>(&self, settings: &'a Settings, facts: Facts<'a>) -> Arrival<'a> {
        self.enforcement.arrival(Some(settings), facts)
    }

    /// Decides about a request from this caller.
    #[cfg(feature = "_axum")]
    pub(crate) fn verdict(&self, sight: &Sight<'_>, identity: &Identity<S>) -> Verdict {
        self.enforcement.verdict(sight, Some(identity))
    }

    fn changed(mut self, change: impl FnOnce(&mut Enforcement<S>)) -> Self {
        change(Arc::make_mut(&mut self.enforcement));
        self
    }
}

impl<S: Scope> Default for Gate<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Scope, D: Clone> Clone for Gate<S, D> {
    fn clone(&self) -> Self {
        Self { enforcement: Arc::clone(&self.enforcement), body: self.body.clone() }
    }
}

impl<S: Scope, D> fmt::Debug for Gate<S, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Gate").field(&self.enforcement).finish()
    }
}

/// Makes bodies of denials with `From<String>`: the default of a [`Gate`].
#[derive(Clone, Copy, Debug, Default)]
pub struct FromString;
