//! poem 3: permits and grants as extractors, authentication as a middleware, denials as errors.
//!
//! ```
//! use poem::{EndpointExt, IntoEndpoint, Route, get, handler, web::Path};
//! use scopes::{Authenticate, Verifier, requires};
//!
//! scopes::scopes! {
//!     pub mod api;
//!     base "/api/v0";
//!     tenant environmentId;
//!     environment.users.read { GET "/environments/:environmentId/users"; }
//! }
//!
//! #[requires(api::environment.users.read)]
//! #[handler]
//! async fn users(Path(environment): Path<String>) -> String {
//!     format!("the users of {environment}")
//! }
//!
//! fn app(verifier: impl Verifier<api::Scope>) -> impl IntoEndpoint {
//!     let environments = Route::new().at("/:environmentId/users", get(users));
//!     let router = Route::new().nest("/api/v0/environments", environments);
//!     router.with(Authenticate::<api::Scope>::new(verifier))
//! }
//! # fn main() {}
//! ```
//!
//! Put `#[requires]` above `#[handler]`. Permits are checked before the body is read. In
//! poem-openapi they are extractors as well, but its methods have to name the parameter themselves:
//! `_permit: Permit<api::permits::..>`. Do not take `Option<Permit<..>>` or
//! `poem::Result<Permit<..>>`, because they ignore the denial. `Option<Grant>` ignores it, too:
//! poem turns every error into `None`, even bad credentials. A handler for callers with and without
//! credentials takes the catalogue's `Caller`.
//!
//! # Routers from the catalogue
//!
//! With `routes;` in the catalogue [`handler`](crate::poem::handler()) and [`route`] build poem's
//! `Route` from it: see [`routes`](crate::routes). A route without a handler does not compile. The
//! compiler cannot see which permit a poem handler takes. A handler that takes the permit of
//! another route answers 500 to every request; a handler without a permit is guarded by the gate
//! only.
//!
//! ```
//! use poem::handler;
//! use scopes::poem::route;
//! use scopes::requires;
//!
//! scopes::scopes! { pub mod api; routes; users.read { GET "/users" as list_users; } }
//!
//! #[requires(api::users.read)]
//! #[handler]
//! async fn list_users() -> &'static str {
//!     "[]"
//! }
//!
//! # fn main() {
//! let users = api::users::Routes { list_users: scopes::poem::handler(list_users) };
//! let app = route(api::assert_covered!(users));
//! # let _ = app;
//! # }
//! ```
//!
//! # The gate
//!
//! Only code *inside* of a route can see which route poem has matched. Therefore put a [`Gate`]
//! around each handler, and not around the `Route`, where it would answer 500:
//!
//! ```
//! # use poem::{EndpointExt, IntoEndpoint, Route, get, handler};
//! # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
//! # #[handler] fn users() -> &'static str { "[]" }
//! use scopes::poem::Gate;
//!
//! let app = Route::new().at("/users", get(users).with(Gate::<api::Scope>::new()));
//! # let _ = app.into_endpoint();
//! ```

mod authenticate;
mod denial;
mod extract;
mod facts;
mod gate;
mod routes;
mod sent;

pub use authenticate::AuthenticateEndpoint;
pub use gate::GateEndpoint;

pub use crate::auth::authenticate::Authenticate;
pub use crate::gate::Gate;
pub use routes::{Partial, Registered, handler, route};
