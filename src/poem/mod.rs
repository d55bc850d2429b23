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
//!     Route::new().nest("/api/v0/environments", environments).with(Authenticate::<api::Scope>::new(verifier))
//! }
//! # fn main() {}
//! ```
//!
//! `#[requires]` stands above `#[handler]`. Permits are checked before the body is read. In poem-openapi they are extractors
//! as well, but its methods have to name the parameter themselves: `_permit: Permit<api::permits::..>`.
//! `Option<Permit<..>>` and `poem::Result<Permit<..>>` swallow the denial.
//!
//! # The gate
//!
//! poem tells which route it has matched only *inside* of the route. A [`Gate`] is therefore put around the handlers, one by
//! one, and not around the `Route`, where it would answer 500:
//!
//! ```
//! # use poem::{EndpointExt, IntoEndpoint, Route, get, handler};
//! # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
//! # #[handler] fn users() -> &'static str { "[]" }
//! use scopes::poem::Gate;
//!
//! let app = Route::new().at("/users", get(users).with(Gate::<api::Scope>::new().strict()));
//! # let _ = app.into_endpoint();
//! ```

mod authenticate;
mod extract;
mod gate;
mod matched;

pub use authenticate::AuthenticateEndpoint;
pub use gate::GateEndpoint;

pub use crate::authenticate::Authenticate;
pub use crate::tower::Gate;
