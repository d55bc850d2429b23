//! Attacks on a server of your own: give them an address, the catalogue and some tokens, and they
//! report which handlers ran that should not have.
//!
//! This crate is a development dependency. It speaks HTTP to the server, so the server may use any
//! framework. The feature `command`, which is on by default, adds a command for servers in any
//! language; a test does without it by `default-features = false`.
//!
//! For every route of the catalogue it sends the request as declared without credentials, with
//! unknown and malformed tokens, and with every given token that lacks the scope or is another
//! tenant's. Then it spells the path in some two hundred ways that routers, proxies and checks are
//! known to read differently: encoded letters and slashes, dot segments, semicolons, control bytes,
//! absolute forms, other methods and their overrides, other versions, hosts and content types,
//! rewriting headers, tokens in headers, queries and bodies where none belongs, tokens and tenants
//! in another case, two tenants in one path. At last it sends the request with the tokens that may,
//! and each time without a token, with an unknown one and with every token that may not: what the
//! answer has left in caches and connections must not serve others. What must hold is one sentence:
//! **a handler runs only if the token holds its scopes and its tenant is the path's.** Which
//! refusal it is does not matter.
//!
//! A test that tries less than it seems to is not clean either: a misspelled name, a token that
//! opens nothing, a limit that turns the attacks away are each a [`Problem`] of the report.
//!
//! ```
//! use axum::{Router, http::HeaderName, routing::get};
//! use scopes_conformance::Conformance;
//! use scopes::{VerifyError, requires, tower::Authenticate, verifier_fn};
//!
//! scopes::scopes! {
//!     pub mod api;
//!     tenant account;
//!     users.read { GET "/accounts/:account/users"; }
//!     users.write { DELETE "/accounts/:account/users/:user"; }
//! }
//!
//! #[requires(api::users.read)]
//! async fn list() -> &'static str {
//!     "[]"
//! }
//!
//! #[requires(api::users.write)]
//! async fn delete() {}
//!
//! fn grant(token: &str) -> Option<api::Grant> {
//!     let (scopes, account) = token.split_once(" of ")?;
//!     api::Grant::new(scopes.parse::<api::Scopes>().ok()?).for_tenant(account).ok()
//! }
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let router = Router::new()
//!     .route("/accounts/{account}/users", get(list))
//!     .route("/accounts/{account}/users/{user}", axum::routing::delete(delete));
//! let verifier = verifier_fn(|token: String| async move {
//!     Ok::<_, VerifyError>(grant(&token.replace('-', " ")))
//! });
//! let app = api::gate(router).layer(Authenticate::<api::Scope>::new(verifier));
//! let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
//! let address = listener.local_addr()?;
//! tokio::spawn(async move { axum::serve(listener, app.into_make_service()).await });
//!
//! // It blocks: a thread of its own where the server shares the runtime.
//! let report = tokio::task::spawn_blocking(move || {
//!     let mut conformance = Conformance::new(address, &api::CATALOGUE);
//!     for token in ["users.read-of-A1", "users.write-of-A1", "users.write-of-A2"] {
//!         conformance = conformance.token(token, grant(&token.replace('-', " ")).unwrap());
//!     }
//!     conformance.run()
//! });
//! report.await?.assert_complete();
//! # Ok(()) }
//! ```
//!
//! # Routes within routes
//!
//! A path of one route may be a path of a wider route, too: `/users/export` of `/users/{id}`,
//! `/avatars/7.orig` of `/avatars/{name}`, `/pages/reports/q3` of the public `/pages/{*page}`.
//! Callers who may reach only the wider route must be refused there: the request needs what the
//! narrower route needs, whichever of the two the router has found. Three classes of requests try
//! that.
//!
//! - `narrower routes`: the path as declared.
//! - `text beside`: the text beside a parameter as declared, with an escaped letter
//!   (`/users/7%3Acancel`), and without a value (`/avatars/.orig`). Any success is a breach.
//! - `escaped literals`: the literal with an escaped letter (`/users/%65xport`). A router that
//!   compares raw paths may rightly take that for a user. It is a breach if the handler that names
//!   itself is the narrower route's, or if the answer has the body that the narrower route gives to
//!   callers who may and that no other route gives.
//!
//! Callers who may reach both routes are not used, and a refusal is never a breach: a server may
//! answer 404 to every escape.
//!
//! # What it cannot see
//!
//! From outside an answer does not tell which handler gave it. Without more, a success counts as a
//! handler that ran. To a path as it is declared that is a breach if the caller lacks what its
//! route needs. To a path spelled otherwise it is one only if by *no* reading of the target the
//! caller may reach anything: `/users/%65xport` by a caller who may read `/users/{id}` is not held
//! against a server that decodes, although it may have run `/users/export`. Let handlers name
//! themselves ([`handler_header`](Conformance::handler_header), best from a layer around each in
//! your tests), or ask your test's own records ([`reached`](Conformance::reached)), and the
//! judgement is exact.
//!
//! A body proves an escaped literal only if it is the same each time. A timestamp or a request id
//! in it hides the breach, and so does a narrower route that no token may reach in the caller's
//! tenant.
//!
//! What the catalogue does not declare is not tried: a route that only the router has, a directory
//! below a public route, a name that a file system takes for another one. Nor is a value that only
//! your handlers understand, such as a separator within a parameter: the texts that are tried are
//! those of the catalogue's other routes.
//!
//! A target with `#` is sent as it is, but the `http` crate drops `#` and what follows before a
//! guard or a handler on hyper sees the target. Such a request tests the proxy in front of the
//! server, and not the guard.
//!
//! A token that is taken from the query or the body is found by the names that servers are known to
//! use, not by a name of your own. A cache is found if it serves the very next requests.
//!
//! Nor does an error tell whether a handler gave it: a handler that runs for every caller and finds
//! no user `1`, or nothing it needs in the body `{}`, looks like a refusal. Callers who may get the
//! same answer, and so the route is in the report as not reached:
//! [`assert_complete`](Report::assert_complete) fails then. Say what is there, by
//! [`value`](Conformance::value), [`values`](Conformance::values),
//! [`query_of`](Conformance::query_of) and [`body_of`](Conformance::body_of), restore what requests
//! delete by [`reset`](Conformance::reset), or let handlers name themselves.
//!
//! A header that replaces the path *in front of a public route* is seen only where handlers name
//! themselves: without, the public route may have given the answer. A caller of a made-up tenant is
//! refused by a server that looks tenants up, whatever it checks: give tokens of two tenants.
//!
//! It says nothing about what handlers do: on `#[unbound]` routes they compare the owner
//! themselves, after they have run.
//!
//! # How many requests
//!
//! [`Report::requests`] has the number. A route costs some 240 requests for each caller who must be
//! refused (the one without a token, and each token that lacks the scope or the tenant), some 50
//! for each token that may, and one for each pair of a token that may and one that may not. A route
//! that lies within others costs at most 16 more for each caller, and 16 for a foreign tenant,
//! however many those others are. Nothing else grows: twice the routes are twice the requests. 15
//! routes and three tokens are some 13,000.
//!
//! # Where tokens are sent
//!
//! Tokens are sent as `Authorization: Bearer`, unless [`tokens_in`](Conformance::tokens_in) names a
//! header, a cookie or `Basic`. Unknown, malformed and misplaced tokens follow from that. Two
//! cookies of one name are not tried, because a server may take the first. Two headers are: what
//! stands in front of the server may look at the other one. If your server takes one of two on
//! purpose, leave out the class `repeated tokens`.
//!
//! Browsers send cookies and `Basic` credentials by themselves, whichever page causes the request.
//! The class `other sites` sends requests that change something as a page of another site would. If
//! your server checks something else than `Sec-Fetch-Site` and `Origin`, leave the class out.
//!
//! If callers without credentials may do something, say what:
//! [`anonymous`](Conformance::anonymous).
//!
//! # Use
//!
//! Only ever point it at a server made for the test. Requests by callers who may do run their
//! handlers, `DELETE` among them. It speaks HTTP/1.1 without TLS.

mod bodies;
mod builder;
mod classes;
mod client;
mod corpus;
mod credentials;
mod detours;
mod escapes;
mod fits;
mod judge;
mod limits;
mod mistakes;
mod overlaps;
mod place;
mod plan;
mod presented;
mod problem;
mod reached;
mod readings;
mod report;
mod request;
mod rightful;
mod run;
mod setup;
mod spelled;
mod state;
#[cfg(test)]
mod tests;
mod tricks;
mod untyped;

use std::fmt;
use std::marker::PhantomData;

use self::setup::Setup;

pub use self::classes::CLASSES;
pub use self::client::Answer;
pub use self::corpus::ATTACKS;
pub use self::place::TokenPlace;
pub use self::problem::{Problem, TokenProblem};
pub use self::reached::Reached;
pub use self::report::{Breach, Class, OfRoute, Report, Unreached, Untried};
pub use self::untyped::UnknownScopeName;

/// Attacks on one server: see the [module](self).
#[must_use = "nothing is sent before `run`"]
///
/// `S` is the scope type of the catalogue. A catalogue that was read at run time has none: see
/// [`untyped`](Self::untyped).
///
/// ```
#[doc = include_str!("docs/server.txt")]
/// use scopes_conformance::Conformance;
///
/// let report = Conformance::new(server(), &api::CATALOGUE)
///     .token("reader", reader)
///     .token("writer", writer)
///     .run();
/// assert!(report.is_complete(), "{report}");
/// # Ok(()) }
/// ```
pub struct Conformance<S = Untyped> {
    setup: Setup,
    scope: PhantomData<fn() -> S>,
}

/// In place of a scope type, where the catalogue has none.
///
/// ```
/// use scopes::UntypedCatalogue;
/// use scopes_conformance::{Conformance, Untyped};
///
/// /// A command takes any catalogue.
/// fn attack(catalogue: &'static UntypedCatalogue) -> Conformance<Untyped> {
///     Conformance::untyped(([127, 0, 0, 1], 9).into(), catalogue)
/// }
/// # let declaration = scopes_core::declaration::Declaration::new("api");
/// # let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
/// println!("{:?}", attack(Box::leak(Box::new(catalogue))));
/// # Ok::<(), scopes_core::CatalogueErrors>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Untyped {}

/// Shows no token.
impl<S> fmt::Debug for Conformance<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conformance")
            .field("address", &self.setup.address)
            .field("catalogue", &self.setup.catalogue.name())
            .field("base", &self.setup.base)
            .field("tokens", &self.setup.tokens.len())
            .field("values", &self.setup.values)
            .field("limit", &self.setup.limit)
            .finish_non_exhaustive()
    }
}

/// The examples of README.md are compiled and run.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
