//! The machinery behind the [`scopes`](https://docs.rs/scopes) crate, without a web framework.
//!
//! One grammar, one compiler: the tables that `scopes!` prints at compile time and those that
//! [`Catalogue::from_declaration`] (or `Catalogue::from_json`) builds at run time are made by the same code.
//!
//! | subject | module |
//! |---|---|
//! | route templates, methods, names | [`template`], [`method`], [`name`] |
//! | what was declared, and what is wrong with it | [`declaration`], [`error`] |
//! | from declaration to tables | [`compile`] |
//! | the compiled catalogue and its views | [`catalogue`], [`route`] |
//! | finding the route of a request | [`matcher`], [`target`], [`path_rules`] |
//! | scopes, sets, requirements, tenants | [`scope`], [`set`], [`requirement`], [`tenant`] |
//! | the verdict | [`decision`] |
//! | which routes a request must satisfy | [`demands`] |
//!
//! ```
//! use scopes_core::{Catalogue, declaration::Declaration};
//!
//! let mut declaration = Declaration::new("api");
//! declaration.scope("users.read").route("GET", "/users/{id}");
//! let catalogue = Catalogue::from_declaration(&declaration).unwrap();
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
pub mod compile;
pub mod decision;
pub mod declaration;
pub mod demands;
pub mod error;
mod hash;
#[cfg(feature = "json")]
pub mod json;
mod layout;
pub mod matcher;
pub mod method;
pub mod name;
#[cfg(test)]
mod oracle;
pub mod path_rules;
mod quoted;
#[doc(hidden)]
pub mod readings;
pub mod requirement;
pub mod route;
pub mod scope;
pub mod set;
pub mod suggest;
pub mod target;
pub mod template;
pub mod tenant;

pub use catalogue::{Catalogue, MethodId, MethodSet, ScopeInfo};
pub use decision::{Caller, Decision, Denial, Holder};
pub use error::{CatalogueError, CatalogueErrorKind, CatalogueErrors, Note, Overlap};
pub use path_rules::Malformation;
pub use requirement::Requirement;
pub use route::{Access, NoRoute, Parameter, Route, RouteMatch, Tenancy};
pub use scope::{Scope, ScopeId};
pub use set::{ScopeSet, UnknownScope, Words};
pub use template::Template;
pub use tenant::{TenantError, TenantSet, Tenants};
