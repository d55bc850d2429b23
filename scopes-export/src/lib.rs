//! The catalogue of the [`scopes`](https://docs.rs/scopes) crate as a file.
//!
//! | module | gives |
//! |---|---|
//! | [`block`] | the text of a `scopes!` block that declares the catalogue |
//! | [`diff`] | which requests two catalogues answer differently, and for whom |
//! | [`json`] | the catalogue as JSON, with a schema; the same bytes on every machine |
//! | [`lint`] | what is worth a second look in a catalogue |
//! | [`openapi`] | the catalogue as an OpenAPI document, and in documents that exist |
//! | [`lock`] | the lock file: what was reviewed last, removed names, accepted findings |
//! | [`picker`] | `picker.json` and a field for pages that make tokens: groups, risks, presets, links |
//! | [`page`] | the permission reference as Markdown, HTML and `llms.txt` |
//! | [`mod@reference`] | what a reader must know about scopes and routes: level, risks, demands in words |
//! | [`served`] | the routes in an `OpenAPI` document, to be compared with the catalogue |
//! | [`usage`] | which scopes a token needs for what it does: evidence, minimum, what is unused |
//!
//! The macro [`catalogue_file!`] defines a test that writes the JSON of a catalogue.
//!
//! `scopes` shows this crate as `scopes::export` under the feature `export`. The command `scopes`
//! of the crate `scopes-cli` reads and writes the files.
//!
//! ```
//! use scopes_core::{UntypedCatalogue, declaration::Declaration};
//! use scopes_export::json;
//!
//! let mut declaration = Declaration::new("api");
//! declaration.scope("users.read").route("GET", "/users/{id}");
//! let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
//! let text = json::to_json(&catalogue);
//! assert_eq!(json::from_json(&text)?, catalogue);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod block;
pub mod diff;
#[doc(hidden)]
pub mod file;
pub mod json;
pub mod lint;
pub mod lock;
pub mod openapi;
pub mod page;
pub mod picker;
pub mod reference;
pub mod served;
#[doc(hidden)]
pub mod shown;
pub mod usage;

/// Runs the example of README.md.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
