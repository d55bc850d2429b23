//! actix-web: permits and grants as extractors, authentication as a middleware, denials as errors.
//!
//! ```
//! use actix_web::{App, HttpServer, web};
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
//! async fn users(environment: web::Path<String>) -> String {
//!     format!("the users of {environment}")
//! }
//!
//! async fn serve(verifier: impl Verifier<api::Scope>) -> std::io::Result<()> {
//!     let authenticate = Authenticate::new(verifier);
//!     let app = move || {
//!         let path = "/environments/{environmentId}/users";
//!         let api = web::scope("/api/v0").route(path, web::get().to(users));
//!         App::new().service(api).wrap(authenticate.clone())
//!     };
//!     HttpServer::new(app).bind(("127.0.0.1", 8080))?.run().await
//! }
//! # fn main() {}
//! ```
//!
//! With a route attribute (`#[get("/users")]`), `#[requires]` stands above it, where it checks the
//! attribute's path too, or below it. A permit is there at once, so that no other extractor gets to
//! read the body of a request that is refused. A parameter `Option<Permit<..>>` or
//! `Result<Permit<..>, _>` swallows the denial. So does `Option<Grant>`: actix-web makes `None` of
//! every error, of bad credentials too. A handler for callers with and without credentials takes
//! the catalogue's `Caller`.
//!
//! # What is checked
//!
//! actix-web decodes the path before it matches, all but `%2F`, `%25` and `%2B`. What counts is
//! therefore its own match: the pattern of the resource that runs, whatever its parameters are
//! called, and the values that it has found. The patterns `{name:regex}` are read as parameters,
//! `{name:.*}`, `{name:.+}` and `{name}*` at the end as `{*name}`. A value that is not what stands
//! at the parameter's place in the path is refused, such as several segments for one parameter, or
//! one of the further patterns of `web::resource(["/a/{x}", "/b/{x}"])`, of which actix-web names
//! the first only: register one resource for each. The target is the one that was routed;
//! `NormalizePath` outside of the resources is fine.
//!
//! Before actix-web routes a request, [`Authenticate`](crate::Authenticate) compares the target
//! with the catalogue: the caller must satisfy the route that the catalogue finds for the target as
//! it was sent, and the one that takes its decoded segments. So a public handler, which has no
//! permit, is not reached by the path of a guarded route. A malformed target below the base is
//! answered there, too. Put one layer for a catalogue around the application, not two: each of them
//! judges.
//!
//! A handler that no resource has led to (a default service), and code that runs before routing is
//! done (a middleware of the application or a scope), gets no permit but a 500: the pattern is not
//! known there. `HEAD` is not served by the handler of `GET`, unless the application registers it
//! for both.
//!
//! # Routers from the catalogue
//!
//! With `routes;` in the catalogue, [`handler`] and [`configure`] build the application from it:
//! see [`routes`](crate::routes).
//!
//! ```
//! use actix_web::App;
//! use scopes::actix_web::{Partial, configure, handler};
//! use scopes::requires;
//!
//! scopes::scopes! { pub mod api; routes; users.read { GET "/users" as list_users; } }
//!
//! #[requires(api::users.read)]
//! async fn list_users() -> &'static str {
//!     "[]"
//! }
//!
//! fn users() -> Partial<api::users::Routes> {
//!     api::users::Routes { list_users: handler(list_users) }.partial()
//! }
//!
//! # fn main() {
//! // In the closure that makes the application for each worker:
//! let app = App::new().configure(|config| configure(api::assert_covered!(users()), config));
//! # let _ = app;
//! # }
//! ```
//!
//! # No gate
//!
//! There is no gate for actix-web. A middleware of the application runs before the routing and
//! would have to predict it, with guards, order of registration, scopes and decoding; where the
//! prediction fails, another handler runs than the one that was checked: `/users/%65xport` reaches
//! the handler of `/users/export`, although a guard by the raw path takes it for `/users/{user}`. A
//! middleware of a resource knows the pattern, but is not in front of the resources that lack it.
//! So every handler keeps its own permit.

mod authenticate;
mod denial;
mod extract;
mod facts;
mod outcomes;
mod routes;

pub use authenticate::{AuthenticateFuture, AuthenticateMiddleware, authentication, store};
pub use routes::{Partial, configure, handler};
