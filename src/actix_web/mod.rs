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
//! The verifier is not asked about a target that leads to public routes only, until a handler asks
//! for the `Grant` or the `Caller`. So a slow token store does not slow down `/health`.
//!
//! Put `#[requires]` above a route attribute (`#[get("/users")]`), where it checks the attribute's
//! path too, or below it. A permit is ready at once, so no other extractor reads the body of a
//! request that is refused. Do not take `Option<Permit<..>>` or `Result<Permit<..>, _>`, because
//! they ignore the denial. `Option<Grant>` ignores it, too: actix-web turns every error into
//! `None`, even bad credentials. A handler for callers with and without credentials takes the
//! catalogue's `Caller`.
//!
//! # What is checked
//!
//! actix-web decodes the path before it matches, except `%2F`, `%25` and `%2B`. So the check uses
//! actix-web's own match: the pattern of the resource that runs, whatever its parameters are
//! called, and the values that actix-web has found. The patterns `{name:regex}` are read as
//! parameters; `{name:.*}`, `{name:.+}` and `{name}*` at the end are read as `{*name}`. The check
//! refuses a value that differs from the one in the path: several segments for one parameter, or a
//! match by the second pattern of `web::resource(["/a/{x}", "/b/{x}"])`, because actix-web only
//! reports the first one. Register one resource for each pattern. The check reads the target that
//! actix-web has routed, so `NormalizePath` outside of the resources is allowed.
//!
//! Before actix-web routes a request, [`Authenticate`](crate::Authenticate) compares the target
//! with the catalogue: the caller must satisfy the route that the catalogue finds for the target as
//! the client sent it, and the route that matches its decoded segments. So the path of a guarded
//! route never reaches a public handler, which has no permit. The middleware also answers malformed
//! targets below the base. Put only one layer for each catalogue around the application, because
//! each layer judges the request.
//!
//! Handlers outside of resources (a default service), and code that runs before the routing is
//! complete (a middleware of the application or a scope), get no permit: the answer is 500, because
//! the pattern is unknown there. The handler of `GET` does not serve `HEAD`, unless the application
//! registers it for both.
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
//! actix-web has no gate. A middleware of the application runs before the routing. It would have to
//! predict the routing, with guards, order of registration, scopes and decoding. After a wrong
//! prediction another handler would run than the one that was checked: `/users/%65xport` reaches
//! the handler of `/users/export`, although a guard by the raw path reads it as `/users/{user}`. A
//! middleware of a resource knows the pattern, but does not guard the resources on which it is
//! missing. So every handler keeps its own permit.

mod announcement;
mod authenticate;
mod denial;
mod extract;
mod facts;
mod outcomes;
mod routes;

pub use authenticate::{AuthenticateFuture, AuthenticateMiddleware, authentication, store};
pub use extract::CallerFuture;
pub use routes::{Partial, configure, handler};
