//! rocket: permits and grants as request guards, authentication as a fairing, denials as
//! responders.
//!
//! ```
//! use rocket::{Build, Rocket, get, routes};
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
//! #[get("/environments/<environment>/users")]
//! fn users(environment: &str) -> String {
//!     format!("the users of {environment}")
//! }
//!
//! fn server(verifier: impl Verifier<api::Scope>) -> Rocket<Build> {
//!     rocket::build().attach(Authenticate::new(verifier)).mount("/api/v0", routes![users])
//! }
//! # fn main() {}
//! ```
//!
//! `#[requires]` stands above the route attribute, whose path it checks too; below it the handler
//! does not compile. A guard `Option<Permit<..>>` or `Result<Permit<..>, _>` swallows the denial. So
//! does `Option<Grant>`: rocket makes `None` of every error, of bad credentials too. A handler for
//! callers with and without credentials takes the catalogue's `Caller`.
//!
//! # The fairing
//!
//! A fairing of rocket cannot answer a request, so [`Authenticate`](crate::Authenticate) stores
//! what it has found out, as everywhere, and the guard refuses. The fairing also compares the
//! target with the catalogue before rocket routes the request: the caller must satisfy the route
//! that the catalogue finds for the target as it was sent, and the one that takes its decoded
//! segments. Otherwise the fairing sends the request to a route of its own, `/.scopes/refused`,
//! which answers; catchers and the response fairings after it see that URI. So a public handler
//! (`/<page..>`) is not reached by the path of a guarded route. What a guard refuses goes to
//! rocket's catchers, which know the status alone: when they have answered, the fairing puts in
//! their place what the denial says (`WWW-Authenticate`, `Accepted-Scopes`, the body of the
//! [`Renderer`](crate::Renderer)), unless a catcher has chosen another status. Headers that other
//! fairings have added are kept. Of several fairings for one catalogue the last one attached
//! counts. [`DenialFairing`] is the half that answers, for an authentication of your own.
//!
//! # What is checked
//!
//! rocket decodes the path and drops empty segments before it matches. What counts is therefore its
//! own match, the route that runs with its mount and its method; the method is the one that was
//! routed, so that a form's field `_method` gets no farther than a request of that method would. A
//! path is served with and without a slash at its end, as rocket's router does it. Its routes cannot
//! have that slash, so a `#[trailing_slash]` route of the catalogue is not served here. A path with
//! empty segments, or with a slash after `<path..>`, is refused by the permit with 404 although
//! rocket finds the route. `HEAD` is served by the routes of `GET`.
//! Outside of a route (in a fairing) the answer to asking for a permit is 500.
//!
//! # What rocket does by itself
//!
//! It waits for the first bytes of a body before it looks at fairings, routes and guards, so that a
//! request whose declared body never comes is not refused but left waiting, whether its route is
//! guarded or not. The body is not read beyond that for a caller who is refused. Header values that
//! are not UTF-8 are dropped: credentials in them count as absent. The local client for tests keeps
//! cookies apart from the headers; a token in a cookie is to be sent there as the header `Cookie`.
//!
//! # Routers from the catalogue
//!
//! With `routes;` in the catalogue [`handler`] and [`mount`] build the server from it: see
//! [`routes`](crate::routes). A route without a handler does not compile. rocket hides what a
//! handler takes: that it demands what its route does is checked by `#[requires]` above its route
//! attribute. Without that, one with another permit answers 500 from its first request on, and one
//! that takes none is open.
//!
//! ```
//! use rocket::{get, routes};
//! use scopes::requires;
//! use scopes::rocket::{handler, mount};
//!
//! scopes::scopes! { pub mod api; routes; base "/api"; users.read { GET "/users" as list_users; } }
//!
//! #[requires(api::users.read)]
//! #[get("/users")]
//! fn list_users() -> &'static str {
//!     "[]"
//! }
//!
//! # fn main() -> Result<(), scopes::rocket::MountError> {
//! let users = api::users::Routes { list_users: handler(routes![list_users]) };
//! let server = mount(rocket::build(), api::assert_covered!(users))?;
//! # let _ = server;
//! # Ok(())
//! # }
//! ```
//!
//! # No gate
//!
//! There is no gate for rocket: nothing but a route can answer, and a fairing runs before the
//! routing, which it would have to predict. So every handler keeps its own permit.

mod authenticate;
mod before_routing;
mod denial;
mod extract;
mod facts;
mod outcomes;
mod routes;

pub use authenticate::{DenialFairing, authentication, store};
pub use routes::{MountError, Partial, handler, mount};
