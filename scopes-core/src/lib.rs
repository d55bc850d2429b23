//! The part of the [`scopes`](https://docs.rs/scopes) crate that needs no web framework.
//!
//! The macro and the run time share one grammar and one compiler: the same code makes the tables
//! that `scopes!` prints at compile time and the tables that [`UntypedCatalogue::from_declaration`]
//! (or `UntypedCatalogue::from_json`) builds at run time.
//!
//! | subject | items |
//! |---|---|
//! | declarations and their mistakes | [`declaration`], `json`, [`CatalogueErrors`], [`Note`], [`Overlap`] |
//! | the compiled catalogue and its views | [`UntypedCatalogue`], [`ScopeInfo`], [`Route`], [`RouteMatch`], [`Deprecation`], [`Date`] |
//! | links to the documentation of scopes and routes | [`Anchor`] |
//! | scopes and requirements | [`ScopeId`], [`ScopeSet`], [`Requirement`], [`Tenants`] |
//! | the verdict | [`Decision`], [`CallerStatus`], [`Denial`] |
//!
//! # Hidden items
//!
//! Semantic versioning covers the items that this documentation shows. Hidden items are public only
//! for `scopes` and for the code that its macros generate, and may change in any release. The
//! hidden modules:
//!
//! - `template`, `name`, `method`: the grammars of paths, of scope names and of methods;
//! - `compile`: the compiler from a declaration to tables;
//! - `matcher`, `target`, `path_rules`: the search for the route of a request, the strict rules for
//!   raw paths;
//! - `demands`, `readings`: the other routes that a path can be read as;
//! - `suggest`: suggestions for misspelt names;
//! - `markdown`, `reference`: the documentation of a catalogue.
//!
//! ```
//! use scopes_core::{UntypedCatalogue, declaration::Declaration};
//!
//! let mut declaration = Declaration::new("api");
//! declaration.scope("users.read").route("GET", "/users/{id}");
//! let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
//! let found = catalogue.at("GET", b"/users/7?expand=1").unwrap();
//! assert_eq!(found.route().path(), "/users/{id}");
//! assert_eq!(found.parameter("id").as_deref(), Some("7"));
//! ```
#![no_std]
#![cfg_attr(docsrs, feature(doc_cfg))]

extern crate alloc;
#[cfg(test)]
extern crate std;

mod anchor;
mod by_template;
mod catalogue;
#[doc(hidden)]
pub mod compile;
mod coverage;
mod date;
mod decision;
pub mod declaration;
#[doc(hidden)]
pub mod demands;
mod deprecation;
mod error;
mod hash;
#[cfg(feature = "json")]
pub mod json;
mod layout;
mod malformation;
#[doc(hidden)]
pub mod markdown;
#[doc(hidden)]
pub mod matcher;
#[doc(hidden)]
pub mod method;
#[doc(hidden)]
pub mod name;
mod notation;
#[cfg(test)]
mod oracle;
#[doc(hidden)]
pub mod path_rules;
mod quoted;
#[doc(hidden)]
pub mod readings;
#[doc(hidden)]
pub mod reference;
mod requirement;
mod route;
mod scope;
mod set;
#[doc(hidden)]
pub mod suggest;
#[doc(hidden)]
pub mod target;
#[doc(hidden)]
pub mod template;
mod tenant;

pub use anchor::Anchor;
#[doc(hidden)]
pub use catalogue::Parts;
pub use catalogue::{MethodId, MethodSet, MethodSetIter, ScopeInfo, UntypedCatalogue};
pub use coverage::{Uncovered, Undeclared, Unreadable};
pub use date::{Date, DateError};
pub use decision::{CallerStatus, Decision, Denial, Holder};
pub use deprecation::Deprecation;
#[doc(hidden)]
pub use error::CatalogueErrorKind;
pub use error::{CatalogueError, CatalogueErrors, Note, Overlap};
pub use malformation::Malformation;
pub use requirement::{Alternatives, Requirement, Term};
#[doc(hidden)]
pub use requirement::{Expression, ExpressionError, MAX_TERMS, canonical};
pub use route::{Access, NoRoute, Parameter, Route, RouteId, RouteMatch, Tenancy};
pub use scope::{Scope, ScopeId};
pub use set::{LossyScopeSet, Renamed, ScopeSet, ScopeSetIter, UnknownScope, Words};
pub use target::{DEFAULT_TARGET_LIMIT, MAX_TARGET_LIMIT};
pub use tenant::{TenantError, TenantSet, Tenants};
