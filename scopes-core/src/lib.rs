//! The part of the [`scopes`](https://docs.rs/scopes) crate that needs no web framework.
//!
//! There is one grammar and one compiler: the same code makes the tables that `scopes!` prints at compile time and those that
//! [`UntypedCatalogue::from_declaration`] (or `UntypedCatalogue::from_json`) builds at run time.
//!
//! | subject | module |
//! |---|---|
//! | route templates, methods, names | [`template`], [`method`], [`name`] |
//! | what was declared, and what is wrong with it | [`declaration`], [`error`] |
//! | the compiled catalogue and its views | [`catalogue`], [`route`] |
//! | scopes, sets, requirements, tenants | [`scope`], [`set`], [`requirement`], [`tenant`] |
//! | the verdict | [`decision`] |
//!
//! Items that are hidden in this documentation are for `scopes` and the code that its macros generate. They are public for
//! these alone, may change in any release, and are exempt from semantic versioning.
//!
//! Of the hidden modules, `compile` makes the tables of a declaration, `matcher` and `target` find the route of a request,
//! `path_rules` holds the strict rules for raw paths, `demands` and `readings` say which other routes a path can be read as,
//! `suggest` finds what a misspelt name may mean.
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

mod by_template;
pub mod catalogue;
#[doc(hidden)]
pub mod compile;
pub mod decision;
pub mod declaration;
#[doc(hidden)]
pub mod demands;
pub mod error;
mod hash;
#[cfg(feature = "json")]
pub mod json;
mod layout;
#[doc(hidden)]
pub mod matcher;
pub mod method;
pub mod name;
#[cfg(test)]
mod oracle;
#[doc(hidden)]
pub mod path_rules;
mod quoted;
#[doc(hidden)]
pub mod readings;
pub mod requirement;
pub mod route;
pub mod scope;
pub mod set;
#[doc(hidden)]
pub mod suggest;
#[doc(hidden)]
pub mod target;
pub mod template;
pub mod tenant;

pub use catalogue::{MethodId, MethodSet, ScopeInfo, UntypedCatalogue};
pub use decision::{Caller, Decision, Denial, Holder};
pub use error::{CatalogueError, CatalogueErrorKind, CatalogueErrors, Note, Overlap};
pub use path_rules::Malformation;
pub use requirement::Requirement;
pub use route::{Access, NoRoute, Parameter, Route, RouteMatch, Tenancy};
pub use scope::{Scope, ScopeId};
pub use set::{ScopeSet, UnknownScope, Words};
pub use target::{DEFAULT_TARGET_LIMIT, MAX_TARGET_LIMIT};
pub use template::Template;
pub use tenant::{TenantError, TenantSet, Tenants};
