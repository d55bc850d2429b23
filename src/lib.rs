//! Guards the endpoints of an HTTP API by the permissions of the caller's token.
//!
//! You declare each scope with the routes that it opens. This one declaration generates the guard
//! of every handler, the route matcher, the scope type, the error answers and the documentation. A
//! misspelt scope does not compile, and a request for an undeclared route is refused.
//!
//! ```no_run
//! # #[cfg(feature = "axum")] mod program {
//! use axum::{Router, routing::get};
//! use scopes::{VerifyError, requires, verifier_fn};
//!
//! scopes::scopes! {
//!     pub mod api;
//!     users.read { GET "/users"; }
//!     public("liveness probe") { GET "/health"; }
//! }
//!
//! #[requires(api::users.read)]
//! async fn list_users() -> &'static str { "[]" }
//!
//! async fn verify(token: String) -> Result<Option<api::Grant>, VerifyError> {
//!     Ok((token == "secret").then(|| api::Grant::new(api::Scope::UsersRead)))
//! }
//!
//! #[tokio::main]
//! # pub
//! async fn main() -> std::io::Result<()> {
//!     let router = Router::new()
//!         .route("/users", get(list_users))
//!         .route("/health", get(|| async { "ok" }));
//!     let app = api::gate(router).authenticate(verifier_fn(verify));
//!     axum::serve(tokio::net::TcpListener::bind("127.0.0.1:3000").await?, app).await
//! }
//! # }
//! ```
//!
//! A typo is one error, at the wrong segment:
//!
//! ```text
//! error: unknown scope `users.reed`, did you mean `users.read`?
//!        after `users.` this catalogue has: `read`
//!   --> src/main.rs:10:23
//!    |
//! 10 | #[requires(api::users.reed)]
//!    |                       ^^^^
//! ```
//!
//! # What next
//!
//! The library has three parts: [`Authenticate`] finds out who the caller is, the gate
//! ([`axum::gate`], [`tower::Gate`]) finds the route of the request, and [`requires`] decides
//! whether the handler may run.
//!
//! | to | see |
//! |---|---|
//! | declare scopes, tenants, public routes | [`scopes!`] |
//! | protect a handler, know its caller | [`requires`], [`Permit`] |
//! | say what a caller may do | [`Grant`], [`Verifier`], [`verifier_fn`] |
//! | take API keys, cookies, passwords, or no credentials | [`Authenticate`], [`TokenSource`], [`Caller`] |
//! | refuse what is not declared | [`axum::gate`], [`tower::Gate`] |
//! | build the router from the declaration | [`routes`] |
//! | observe first, change what denials look like | [`Settings`], [`Renderer`] |
//! | read the scopes of a JWT | [`from_claims`] |
//! | issue tokens | [`tokens`] |
//! | test handlers | [`test`] |
//! | attack a server of yours | the crate [`scopes-conformance`](https://docs.rs/scopes-conformance) |
//! | look at the declaration at run time | [`Catalogue`] |
//!
//! The pages of the guide:
//!
//! - [How to use it in a server][guide]: state and nesting, the order of layers, API keys and
//!   sessions, callers without credentials, accounts from a database, error bodies of your own.
//! - [How to adopt it in an existing service][adopting]: import an OpenAPI document, compare it
//!   with the router, observe, replace the old checks, lock the result.
//! - [How to test][testing]: handlers as functions, routers with a caller of your choice, attacks
//!   on a running server.
//! - [How to change a catalogue][changes]: a lock file, the difference of two catalogues, a linter.
//! - [Least privilege from evidence][evidence]: record which routes each token uses, and take away
//!   the scopes that it does not need.
//! - [Security model][security]: what is checked, in which order, and what is not covered.
//! - [Comparison][comparison] with other libraries, [performance], and the [compilers] that each
//!   feature needs.
//!
//! # Features
//!
//! None is on by default.
//!
//! | feature | gives |
//! |---|---|
//! | [`actix-web`] | `Permit` and `Grant` as extractors of actix-web 4, `Authenticate` as its middleware |
//! | [`axum`] | `Permit` and `Grant` as axum extractors, `api::gate(router)`, `guard(handler)`; includes `tower` |
//! | `axum-without-tokio` | the same as [`axum`] for targets on which tokio's network does not compile; `axum::serve` does not take the gated router |
//! | [`aide`] | `Permit` and `Grant` in the API documents that aide 0.15 generates for axum handlers |
//! | [`tower`] | the layers `Authenticate` and `Gate` |
//! | [`poem`] | `Permit` and `Grant` as extractors of poem 3, `Authenticate` and `Gate` as its middlewares |
//! | [`salvo`] | `Permit` and `Grant` as extractors of salvo 1, `Authenticate` and `Gate` as its hoops |
//! | [`rocket`] | `Permit` and `Grant` as request guards of rocket 0.5, `Authenticate` as its fairing |
//! | [`warp`] | `permit()` and `guarded()` as filters of warp 0.4, `Denied` as its rejection |
//! | [`tonic`] | `#[requires]` on methods of tonic 0.14 services, by their `#[grant] request`; `Denied` as tonic's `Status` |
//! | `http2` | a WebSocket over HTTP/2 (RFC 8441): an extended `CONNECT` is judged by the `GET` route of its path |
//! | [`serde`] | scopes as wire names, [`from_claims`], catalogues from JSON |
//! | [`tokens`] | API tokens: issue, check, digest |
//! | [`export`] | the catalogue as a file: JSON with a schema, semantic diff, lock file, linter |
//! | [`usage`] | a recorder of the routes that each token uses |
//! | [`tracing`](#the-log) | an event for every decision; [the log](#the-log) goes to its subscriber |
//! | [`log`](#the-log) | [the log](#the-log) goes to the logger of the `log` crate |
//! | [`test-util`] | permits and authentication for handler tests |
//!
//! # The log
//!
//! The library logs mistakes that developers or operators must correct, under the target `scopes`:
//! a handler without its layer or its guard, a router's path that is not declared, a handler that
//! demands another scope than its route, a grant without tenants, a wrong mount, a verifier that
//! fails. Each message goes to exactly one sink, the first of these that is available:
//!
//! 1. the subscriber of `tracing`, if that feature is on and a subscriber is installed;
//! 2. the logger of the `log` crate, if that feature is on and a logger is installed
//!    (`log::max_level()` is not `Off`);
//! 3. the standard error.
//!
//! If a subscriber or logger filters the target out, the message is not logged elsewhere. For each
//! [`Settings`] (clones count as one), a mistake of the set-up is logged once: when the first
//! request meets it. Failures of the verifier are logged each time. No line holds a token, a path
//! or a header that a client has sent. The library logs the verifier's own errors with control
//! characters escaped, so these errors must not hold the token.
//!
//! Every decision, allowed or denied, goes to [`Settings::on_decision`] and, as an event, to
//! `tracing`, at level `DEBUG` for allowed requests, `INFO` for denied ones, and `WARN` for denials
//! that are reported but not enforced. Decisions do not go to the other sinks.
#![doc = ""]
#![cfg_attr(feature = "actix-web", doc = "[`actix-web`]: crate::actix_web")]
#![cfg_attr(feature = "_axum", doc = "[`axum`]: crate::axum", doc = "[`axum::gate`]: crate::axum::gate")]
#![cfg_attr(feature = "aide", doc = "[`aide`]: crate::aide")]
#![cfg_attr(feature = "tower", doc = "[`tower`]: crate::tower", doc = "[`tower::Gate`]: crate::tower::Gate")]
#![cfg_attr(feature = "poem", doc = "[`poem`]: crate::poem")]
#![cfg_attr(feature = "salvo", doc = "[`salvo`]: crate::salvo")]
#![cfg_attr(feature = "rocket", doc = "[`rocket`]: crate::rocket")]
#![cfg_attr(feature = "warp", doc = "[`warp`]: crate::warp")]
#![cfg_attr(feature = "tonic", doc = "[`tonic`]: crate::tonic")]
#![cfg_attr(feature = "tokens", doc = "[`tokens`]: crate::tokens")]
#![cfg_attr(feature = "export", doc = "[`export`]: crate::export")]
#![cfg_attr(
    all(feature = "export", feature = "_axum", feature = "tokens", feature = "test-util"),
    doc = "[adopting]: crate::guide::adopting",
    doc = "[changes]: crate::guide::changes"
)]
#![cfg_attr(
    all(feature = "export", feature = "usage", feature = "_axum", feature = "tokens", feature = "test-util"),
    doc = "[evidence]: crate::guide::evidence"
)]
#![cfg_attr(feature = "usage", doc = "[`usage`]: crate::usage")]
#![cfg_attr(feature = "serde", doc = "[`serde`]: crate::from_claims", doc = "[`from_claims`]: crate::from_claims")]
#![cfg_attr(feature = "test-util", doc = "[`test`]: crate::test", doc = "[`test-util`]: crate::test")]
#![cfg_attr(
    all(feature = "_axum", feature = "tokens", feature = "test-util"),
    doc = "[guide]: crate::guide",
    doc = "[testing]: crate::guide::testing",
    doc = "[security]: crate::guide::security",
    doc = "[comparison]: crate::guide::comparison",
    doc = "[performance]: crate::guide::performance",
    doc = "[compilers]: crate::guide::compilers"
)]
// These definitions are for features that are off. If a link has two definitions, rustdoc takes the
// first.
#![doc = include_str!("docs/links.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod announcement;
mod auth;
mod caller;
mod carrier;
mod catalogue;
pub mod check;
mod denial;
mod events;
#[cfg(test)]
mod fixture;
#[cfg(feature = "_gate")]
mod gate;
mod grant;
#[cfg(all(any(doc, doctest), feature = "_axum", feature = "tokens", feature = "test-util"))]
pub mod guide;
mod into_scopes;
mod log;
#[cfg(not(feature = "_axum"))]
mod missing;
mod parameter;
mod permit;
mod principal;
mod report_only;
mod request;
mod required;
pub mod routes;
mod settings;
mod words;

#[cfg(feature = "actix-web")]
pub mod actix_web;
#[cfg(feature = "aide")]
pub mod aide;
#[cfg(feature = "_axum")]
pub mod axum;
#[cfg(feature = "poem")]
pub mod poem;
#[cfg(feature = "rocket")]
pub mod rocket;
#[cfg(feature = "salvo")]
pub mod salvo;
#[cfg(feature = "test-util")]
pub mod test;
#[cfg(feature = "tokens")]
pub mod tokens;
#[cfg(feature = "tonic")]
pub mod tonic;
#[cfg(feature = "tower")]
pub mod tower;
#[cfg(feature = "usage")]
pub mod usage;
#[cfg(feature = "warp")]
pub mod warp;

#[cfg(feature = "export")]
#[doc(inline)]
pub use scopes_export as export;

/// The version of the `http` crate whose types this crate's interface uses.
#[doc(no_inline)]
pub use http;
pub use scopes_core::{
    Access, Alternatives, Anchor, CallerStatus, Date, DateError, Decision, Denial, Deprecation, Holder, LossyScopeSet,
    MAX_TARGET_LIMIT, Malformation, MethodSet, NoRoute, Note, Overlap, Parameter, Renamed, Requirement, Route,
    RouteMatch, Scope, ScopeId, ScopeInfo, ScopeSet, ScopeSetIter, Tenancy, TenantError, TenantSet, Tenants, Term,
    Uncovered, Undeclared, UnknownScope, Unreadable, UntypedCatalogue,
};
#[doc = include_str!("docs/requires.md")]
pub use scopes_macros::requires;

pub use crate::auth::authenticate::Authenticate;
#[cfg(feature = "serde")]
pub use crate::auth::claims::{Claim, ClaimScopes, IgnoredClaim, from_claims};
pub use crate::auth::credentials::{Credentials, MAX_CREDENTIAL_LENGTH};
pub use crate::auth::outcome::Authentication;
pub use crate::auth::sources::basic::Password;
pub use crate::auth::sources::request_headers::RequestHeaders;
pub use crate::auth::sources::{TokenSource, bearer};
pub use crate::auth::verifier::{
    ByPrefix, DynVerifier, Verifier, VerifierFn, VerifierWith, VerifyError, verifier_fn, verifier_with,
};
pub use crate::caller::Caller;
pub use crate::carrier::{Carrier, FromDenied, GrantSource};
pub use crate::catalogue::Catalogue;
pub use crate::denial::{Denied, DeniedRequest, JsonRenderer, ProblemRenderer, Rendered, Renderer};
pub use crate::events::{DecidedBy, DecisionEvent, DecisionOutcome};
pub use crate::grant::Grant;
pub use crate::into_scopes::IntoScopes;
pub use crate::parameter::{ParameterError, ParameterErrorKind};
pub use crate::permit::Permit;
pub use crate::principal::PrincipalOf;
pub use crate::report_only::{ReportOnly, UnknownRoute};
pub use crate::required::{All, Any, Required, Stricter};
pub use crate::settings::{Settings, SettingsError};

#[doc = include_str!("docs/scopes.md")]
#[macro_export]
macro_rules! scopes {
    ($($tokens:tt)*) => { $crate::__private::scopes_inner! { ($crate) $($tokens)* } };
}

/// Compares a catalogue with its lock file, for a test.
///
/// The file is relative to the folder of the crate. Its name says which catalogue it locks:
/// `assert_locked!("api.scopes.json")` is about the module `api` where the macro is called.
/// `assert_locked!(crate::rights::api, "locks/rights.json")` names the module.
///
/// The macro never writes. It panics if the file is missing or cannot be read, if anything but a
/// text for humans differs, if a removed name is declared again with another meaning, and if a
/// difference was accepted until a day that has passed. The message has the command that updates
/// the file. [`export::lock`] describes the file.
///
/// ```
/// scopes::scopes! {
///     pub mod api;
///     users.read { GET "/users"; }
/// }
///
/// # let folder = std::env::temp_dir().join(format!("scopes-assert-locked-{}", std::process::id()));
/// # std::fs::create_dir_all(&folder).unwrap();
/// # // What `scopes lock` writes.
/// # let lock = scopes::export::lock::Lock::new(api::CATALOGUE.untyped().clone());
/// # std::fs::write(folder.join("api.scopes.json"), lock.to_json()).unwrap();
/// # let written = folder.join("api.scopes.json");
/// # let file = written.to_str().unwrap();
/// // In a test of your crate: `scopes::assert_locked!("api.scopes.json")`.
/// scopes::assert_locked!(api, file);
/// # std::fs::remove_dir_all(&folder).unwrap();
/// ```
#[cfg(feature = "export")]
#[macro_export]
macro_rules! assert_locked {
    ($file:literal $(,)?) => { $crate::__private::assert_locked_file! { ($crate) $file } };
    ($($module:ident)::+, $file:expr $(,)?) => {
        $crate::export::lock::assert_locked(
            $($module)::+::CATALOGUE.untyped(),
            $file,
            $crate::__private::core::env!("CARGO_MANIFEST_DIR"),
        )
    };
}

/// Defines a macro for each feature. Generated code wraps tokens in it, because a `cfg` in the
/// user's crate cannot ask for the features of this crate.
macro_rules! if_feature {
    ($dollar:tt $($feature:literal $name:ident)*) => {$(
        #[doc(hidden)]
        #[cfg(feature = $feature)]
        #[macro_export]
        macro_rules! $name {
            ($dollar($dollar tokens:tt)*) => { $dollar($dollar tokens)* };
        }

        #[doc(hidden)]
        #[cfg(not(feature = $feature))]
        #[macro_export]
        macro_rules! $name {
            ($dollar($dollar tokens:tt)*) => {};
        }
    )*};
}

if_feature! { $
    "_axum" __if_axum
    "serde" __if_serde
    "test-util" __if_test_util
}

#[doc(hidden)]
#[cfg(feature = "_axum")]
#[macro_export]
macro_rules! __if_no_axum {
    ($($tokens:tt)*) => {};
}

#[doc(hidden)]
#[cfg(not(feature = "_axum"))]
#[macro_export]
macro_rules! __if_no_axum {
    ($($tokens:tt)*) => { $($tokens)* };
}

/// For generated code only, and not part of the interface.
#[doc(hidden)]
pub mod __private {
    pub extern crate alloc;
    pub use ::{core, scopes_core};
    #[cfg(feature = "serde")]
    pub use ::serde;
    pub use scopes_core::matcher::Tables;
    pub use scopes_core::{Parts, RouteId, ScopeId, UntypedCatalogue, Words};
    #[cfg(feature = "export")]
    pub use scopes_macros::assert_locked_file;
    pub use scopes_macros::{requires_route, requires_type, scopes_inner, table};

    pub use crate::caller::Caller;
    pub use crate::carrier::{Carrier, FromDenied, GrantSource};
    pub use crate::catalogue::Catalogue;
    pub use crate::check::{TenantWithoutRequest, check_grant};
    #[cfg(not(feature = "_axum"))]
    pub use crate::missing::NeedsAxum;
    pub use crate::principal::{DeclaresPrincipal, PrincipalType};
    pub use crate::required::{All, Any, Required, ScopeMarker, Stricter};

    /// The words of both macros, for IDEs. The module `crate::words` explains them.
    pub mod words {
        pub use crate::words::*;
    }
}

/// Compiles the examples of README.md, and runs those that say so.
#[cfg(all(doctest, feature = "_axum", feature = "tokens", feature = "test-util", feature = "export"))]
#[doc = include_str!("../README.md")]
mod readme {}
