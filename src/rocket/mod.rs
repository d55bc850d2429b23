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
//! Put `#[requires]` above the route attribute, whose path it checks too; below it, the handler
//! does not compile. Do not take `Option<Permit<..>>` or `Result<Permit<..>, _>` as a guard,
//! because they ignore the denial. `Option<Grant>` ignores it, too: rocket turns every error into
//! `None`, even bad credentials. A handler for callers with and without credentials takes the
//! catalogue's `Caller`.
//!
//! # The fairing
//!
//! A fairing of rocket cannot answer a request. [`Authenticate`](crate::Authenticate) stores the
//! outcome, like in every framework, and the guard refuses the request. Before rocket routes the
//! request, the fairing also compares the target with the catalogue: the caller must satisfy the
//! route that the catalogue finds for the target as it was sent, and the one that matches its
//! decoded segments. Otherwise the fairing sends the request to a route of its own,
//! `/.scopes/refused`, which answers. Catchers and later response fairings see that URI. So the
//! path of a guarded route never reaches a public handler (`/<page..>`). If a guard refuses a
//! request, rocket's catchers answer. They know only the status. Afterwards the fairing replaces
//! their response by the denial (`WWW-Authenticate`, `Accepted-Scopes`, the body of the
//! [`Renderer`](crate::Renderer)), unless a catcher has chosen another status. Headers that other
//! fairings have added are kept. If a catalogue has several fairings, the last one that was
//! attached counts. With your own authentication, attach [`DenialFairing`], which only answers
//! denials.
//!
//! # What is checked
//!
//! rocket decodes the path and drops empty segments before it matches. Therefore its own match
//! counts: the route that runs, with its mount and its method. The method is the one by which
//! rocket has routed, so a form field `_method` opens only what a request with that method opens.
//! rocket's router serves a path with and without a slash at its end. Its routes cannot have that
//! slash, so rocket does not serve a `#[trailing_slash]` route of the catalogue. The permit refuses
//! a path with empty segments, or with a slash after `<path..>`, with 404, although rocket finds
//! the route. The routes of `GET` serve `HEAD`. Code outside of a route (in a fairing) that asks
//! for a permit gets a 500.
//!
//! # What rocket does itself
//!
//! rocket waits for the first bytes of a body before it runs fairings, routes and guards. So a
//! request whose declared body never comes is not refused but left waiting, whether its route is
//! guarded or not. If the caller is refused, the rest of the body is not read. rocket drops header
//! values that are not UTF-8, so credentials in them count as absent. The local client for tests
//! does not send its cookies as a header; send a token in a cookie with the header `Cookie`.
//!
//! # Routers from the catalogue
//!
//! With `routes;` in the catalogue [`handler`] and [`mount`] build the server from it: see
//! [`routes`](crate::routes). A route without a handler does not compile. The compiler cannot see
//! which permit a rocket handler takes, but `#[requires]` above the route attribute checks that it
//! is the route's. Without `#[requires]`, a handler with another permit answers 500 to every
//! request, and a handler without a permit is open.
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
//! rocket has no gate. Nothing but a route can answer a request, and a fairing runs before the
//! routing, so it cannot know the route. So every handler keeps its own permit.

mod announcement;
mod authenticate;
mod before_routing;
mod denial;
mod extract;
mod facts;
mod outcomes;
mod routes;

pub use authenticate::{DenialFairing, authentication, store};
pub use routes::{MountError, Partial, handler, mount};
