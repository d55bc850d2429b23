//! salvo 1: permits and grants as extractors, authentication and the gate as hoops, denials as
//! rendered responses.
//!
//! ```
//! use salvo_core::prelude::*;
//! use scopes::salvo::Gate;
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
//! async fn users(request: &mut Request) -> String {
//!     format!("the users of {}", request.param::<String>("environmentId").unwrap_or_default())
//! }
//!
//! fn app(verifier: impl Verifier<api::Scope>) -> Service {
//!     let router = Router::with_path("api/v0/environments/{environmentId}/users").get(users);
//!     Service::new(router)
//!         .hoop(Authenticate::<api::Scope>::new(verifier))
//!         .hoop(Gate::<api::Scope>::new())
//! }
//! # fn main() {}
//! ```
//!
//! Put `#[requires]` above `#[handler]`. Permits are checked before the body is read. In the
//! carrier form `#[grant]` goes on the `&mut Request`, and the function returns
//! `Result<_, Denied>`.
//!
//! # How salvo reads paths
//!
//! salvo decodes a path and drops its empty segments before it matches. A permit takes the route
//! that salvo has matched and compares it with the path as the client sent it. If the two disagree
//! on the positions of segments (`//users`, `/users/`), the request is refused with 404, because it
//! is unknown which segment names the tenant. `/users/%65xport` is the route `/users/export`, and
//! needs its scope. salvo chooses the first route that matches, so register the more specific of
//! two routes first.
//!
//! # Routers from the catalogue
//!
//! With `routes;` in the catalogue [`handler`] and [`router`] build the router from it: see
//! [`routes`](crate::routes). A route without a handler does not compile. The compiler cannot see
//! which permit a salvo handler takes. If a handler takes the permit of another route, it answers
//! 500 to every request. A handler without a permit is guarded by the gate only.
//!
//! ```
//! use salvo_core::prelude::*;
//! use scopes::requires;
//! use scopes::salvo::router;
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
//! let users = api::users::Routes { list_users: scopes::salvo::handler(list_users) };
//! let service = Service::new(router(api::assert_covered!(users)));
//! # let _ = service;
//! # }
//! ```
//!
//! # The gate
//!
//! [`Gate`] is a hoop of the [`Service`](::salvo_core::Service) (or of a router): salvo routes
//! before any hoop runs, so the gate knows the match. Do not put a gate in front of salvo, as a
//! tower layer or in a proxy: it could judge another route than the handler's.
//!
//! For the same reason no hoop may change a request's method or target. Gates and permits refuse a
//! changed target if salvo has found other values than the path has now. They cannot see a changed
//! *method*: the gate judges the route of the new method, while the handler of the old one runs.
//! Only the permit of that handler can notice the change: it refuses the request if its requirement
//! is not the requirement of the judged route. Put method overrides in front of salvo's `Service`.

mod authenticate;
mod denial;
mod extract;
mod facts;
mod gate;
mod routes;

pub use crate::auth::authenticate::Authenticate;
pub use crate::gate::Gate;
pub use routes::{Partial, handler, router};
