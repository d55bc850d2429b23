//! Attacks a server of your own. Give an address, the catalogue and some tokens: the report lists
//! the handlers that ran although they should not have.
//!
//! This crate is a development dependency. It speaks HTTP to the server, so the server may use any
//! framework. The default feature `command` adds a command for servers in any language. A test does
//! not need it and can set `default-features = false`.
//!
//! For every route of the catalogue a run sends the request as declared: without credentials, with
//! unknown and malformed tokens, and with every given token that lacks the scope or belongs to
//! another tenant. Then it spells the path in some two hundred ways that routers, proxies and
//! checks are known to read differently: encoded letters and slashes, dot segments, semicolons,
//! control bytes, absolute forms, other methods and their overrides, other versions, hosts and
//! content types, rewriting headers, tokens in headers, queries and bodies where none belongs,
//! tokens and tenants in another case, two tenants in one path. Finally it sends the request with
//! the tokens that may reach the route. After each of these it repeats the request without a token,
//! with an unknown token and with every token that may not reach the route, because an answer in a
//! cache or the state of a connection must not serve other callers. One rule must hold: **a handler
//! runs only if the token holds the route's scopes and its tenant is the path's tenant.** It does
//! not matter how the server refuses.
//!
//! A test that tries too little is not clean either. A misspelled name, a token that opens no
//! route, and a rate limit that rejects the attacks are each a [`Problem`] in the report.
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
//! // It blocks, so it needs its own thread if the server shares the runtime.
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
//! A wider route may match the path of another route, too: `/users/{id}` matches `/users/export`,
//! `/avatars/{name}` matches `/avatars/7.orig`, the public `/pages/{*page}` matches
//! `/pages/reports/q3`. The server must refuse callers who may reach only the wider route: the
//! request needs the scopes of the narrower route, whichever of the two the router finds. Three
//! classes of requests try this.
//!
//! - `narrower routes`: the path as declared.
//! - `text beside`: the text beside a parameter as declared, with an escaped letter
//!   (`/users/7%3Acancel`), and without a value (`/avatars/.orig`). Any success is a breach.
//! - `escaped literals`: the literal with an escaped letter (`/users/%65xport`). A router that
//!   compares raw paths may rightly read that as the id of a user. It is a breach if the narrower
//!   route's handler names itself, or if the answer has a body that only the narrower route gives
//!   to authorized callers.
//!
//! Callers who may reach both routes do not send these requests. A refusal is never a breach: a
//! server may answer 404 to every escape.
//!
//! # What it cannot see
//!
//! An answer alone does not tell which handler gave it. By default, a success means that some
//! handler ran. If the path is as declared, the success is a breach if the caller lacks what the
//! route needs. If the path is spelled otherwise, the success is a breach only if *no* reading of
//! the target is a route that the caller may reach. For example, a caller who may read
//! `/users/{id}` sends `/users/%65xport`: a success is not a breach, although the server may have
//! decoded the path and run `/users/export`. For an exact judgement, let handlers name themselves
//! ([`handler_header`](Conformance::handler_header), best set by a layer around each handler in
//! your tests), or ask your test's own records ([`reached`](Conformance::reached)).
//!
//! A body proves a breach by an escaped literal only if the handler gives the same body each time.
//! A timestamp or a request id in it hides the breach. The breach is also hidden if no token may
//! reach the narrower route in the caller's tenant.
//!
//! A run tries only what the catalogue declares. It does not find a route that only the router has,
//! a directory below a public route, or a name that a file system treats as another one. It does
//! not try values that only your handlers understand, such as a separator within a parameter: it
//! takes its texts from the catalogue's other routes.
//!
//! A target with `#` is sent unchanged, but on hyper the `http` crate drops `#` and the text after
//! it before a guard or a handler sees the target. There, such a request tests the proxy in front
//! of the server, not the guard.
//!
//! A run finds a server that takes tokens from the query or the body only if the server uses one of
//! the well-known names. It finds a cache only if the cache serves the very next requests.
//!
//! An error, too, does not tell whether a handler gave it. If a handler runs for every caller, but
//! finds no user `1` or no fields in the body `{}`, its error looks like a refusal. Authorized
//! callers get the same error, so the report lists the route as not reached, and
//! [`assert_complete`](Report::assert_complete) fails. In that case name values that exist with
//! [`value`](Conformance::value), [`values`](Conformance::values),
//! [`query_of`](Conformance::query_of) and [`body_of`](Conformance::body_of), restore deleted
//! values with [`reset`](Conformance::reset), or let handlers name themselves.
//!
//! If a header replaces the path *of a public route*, the breach is seen only if handlers name
//! themselves: otherwise the public route may have given the answer. If all tokens are of one
//! tenant, the other tenant is made up. A server that looks tenants up refuses it whatever else it
//! checks, so give tokens of two tenants.
//!
//! A run does not test what handlers do. So it does not test how the handler of an `#[unbound]`
//! route compares the owner.
//!
//! # How many requests
//!
//! [`Report::requests`] has the number. A route costs some 240 requests for each caller that the
//! server must refuse (the one without a token, and each token that lacks the scope or the tenant).
//! It costs some 50 for each token that may reach it, and one more for each pair of a token that
//! may reach it and a token that may not. If wider routes match its path too, it costs at most 16
//! more for each caller and 16 for a foreign tenant, whatever the number of wider routes. So twice
//! the routes need twice the requests. 15 routes and three tokens need some 13,000.
//!
//! # Where tokens are sent
//!
//! Tokens are sent as `Authorization: Bearer`, unless [`tokens_in`](Conformance::tokens_in) names a
//! header, a cookie or `Basic`. Unknown, malformed and misplaced tokens are made for that place.
//! Two cookies of one name are not tried, because a server may take the first. Two headers are
//! tried, because a proxy in front of the server may look at the other one. If your server takes
//! one of two on purpose, leave out the class `repeated tokens`.
//!
//! Browsers send cookies and `Basic` credentials by themselves, whichever page causes the request.
//! The class `other sites` sends requests that change something, with the headers of a page of
//! another site. If your server checks other headers than `Sec-Fetch-Site` and `Origin`, leave the
//! class out.
//!
//! If callers without credentials have a grant, set it with [`anonymous`](Conformance::anonymous).
//!
//! # Use
//!
//! Only point it at a server made for the test. Requests of authorized callers run the handlers,
//! including the handlers of `DELETE`. It speaks HTTP/1.1 without TLS.

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

/// Attacks on one server: see the [crate](self).
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

/// The scope type of a test whose catalogue was read at run time.
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
