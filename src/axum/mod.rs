//! axum: permits and grants as extractors, the gated router, and a guard for handlers without a
//! permit parameter.
//!
//! ```
//! use axum::{Router, extract::Path, routing::get};
//! use scopes::axum::Gated;
//! use scopes::{Verifier, requires};
//!
//! scopes::scopes! {
//!     pub mod api;
//!     base "/api/v0";
//!     tenant environmentId;
//!     environment.users.read { GET "/environments/:environmentId/users"; }
//! }
//!
//! #[requires(api::environment.users.read)]
//! async fn users(Path(environment): Path<String>) -> String {
//!     format!("the users of {environment}")
//! }
//!
//! fn app(verifier: impl Verifier<api::Scope>) -> Gated<api::Scope> {
//!     let path = "/api/v0/environments/{environmentId}/users";
//!     let router = Router::new().route(path, get(users));
//!     api::gate(router).authenticate(verifier) // .layer(CorsLayer::permissive())
//! }
//! // axum::serve(listener, app(verifier)).await?;
//! # fn main() {}
//! ```
//!
//! A handler for callers with and without credentials takes the catalogue's
//! [`Caller`](crate::Caller) or `Option<Grant>`, which is `None` only for callers without
//! credentials:
//!
//! ```
//! # scopes::scopes! { pub mod api; public("the feed of all") { GET "/feed"; } }
//! async fn feed(caller: Option<api::Grant>) -> String {
//!     match caller {
//!         Some(grant) => format!("for {}", grant.subject().unwrap_or("?")),
//!         None => "public".to_owned(),
//!     }
//! }
//! # fn main() {
//! # let _: axum::Router = axum::Router::new().route("/feed", axum::routing::get(feed));
//! # }
//! ```
//!
//! With `routes;` in the catalogue, [`handler`] and [`router`] build the router from it: see
//! [`routes`](crate::routes).
//!
//! A WebSocket over HTTP/2 is opened with `CONNECT`, for which axum's `get(..)` has no handler:
//! route its handler with `any(..)`. With the feature `http2`, gate and permit judge such a request
//! by the route of `GET`. [`handler`] registers the handler of a `GET` route for `CONNECT` as well,
//! and axum then lists `CONNECT` in `Allow`.
//!
//! axum checks a permit before it extracts the later arguments, so the body is not read for a
//! caller who is refused. A denial is the extractor's rejection. `Option<Permit<..>>` would ignore
//! it and does not compile:
//!
//! ```compile_fail,E0277
//! # use scopes::{Permit, Required};
//! fn routed<R: Required>() -> axum::Router {
//!     async fn handler<R: Required>(_: Option<Permit<R>>) {}
//!     axum::Router::new().route("/", axum::routing::get(handler::<R>))
//! }
//! ```
//!
//! while the permit itself does:
//!
//! ```
//! # use scopes::{Permit, Required};
//! fn routed<R: Required>() -> axum::Router {
//!     async fn handler<R: Required>(_: Permit<R>) {}
//!     axum::Router::new().route("/", axum::routing::get(handler::<R>))
//! }
//! ```

mod allow;
mod authenticate;
mod denial;
mod dispatch;
mod extract;
mod facts;
mod gate;
mod guard;
mod misplaced;
mod routes;

#[doc(no_inline)]
pub use ::axum::Router;
pub(crate) use allow::GateRecord;
pub use authenticate::IntoAuthenticate;
#[doc(hidden)]
pub use authenticate::{OfVerifier, WithSettings};
pub(crate) use facts::facts;
pub use gate::{Gated, GatedFuture, Ungated, gate};
pub use guard::{Guarded, GuardedFuture, guard};
pub use routes::{Partial, guarded, handler, router};
