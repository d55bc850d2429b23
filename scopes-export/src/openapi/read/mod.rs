//! OpenAPI documents in: 2.0, 3.0, 3.1 and 3.2, as JSON or, with the feature `yaml`, as YAML.
//!
//! [`import`] makes a catalogue of the operations and what their `security` demands, and a list of
//! [findings](Finding) with positions in the document. Nothing is dropped silently: an operation or
//! an alternative that a catalogue cannot say is a finding of the kind [`Kind::LeftOut`]; a demand
//! of which a catalogue cannot say all is one of the kind [`Kind::Inexact`].
//!
//! | the document says | the catalogue has |
//! |---|---|
//! | `security: [{a: [x, y]}, {b: [z]}]` | (x AND y) OR z |
//! | `security: []`, or `{}` beside others | a public route |
//! | `security: [{a: []}]` only | an `authenticated` route |
//! | `{a: []}` beside `{b: [x]}` | x; the other alternative is reported and left out |
//! | no `security`, and none of the document | nothing, unless [`Options::undeclared`] decides |
//!
//! An operation inherits the document's `security` if it has none of its own. It is served below
//! the path of its own first server, else of the path item's, else of the document's. A note says
//! where this path is not certain: several servers with different paths, variables with several
//! values, relative URLs, and members that only other tools know. [`Options::base`] decides it.
//! Callbacks and webhooks are not routes.
//!
//! `$ref`s are followed within the document and to files that [`Files`] gives, never to URLs.
//! Bytes, files, values, aliases and depth are bounded; a document beyond a bound is refused.

mod declare;
mod demand;
mod documents;
mod exported;
mod extension;
mod fault;
mod files;
mod finding;
mod import;
mod importer;
mod json;
mod kinds;
mod names;
mod near;
mod node;
mod operations;
mod options;
mod paths;
mod reference;
mod routes;
mod schemes;
mod security;
mod servers;
mod version;
#[cfg(feature = "yaml")]
mod yaml;

pub use files::{Files, Folder, NoFiles};
pub use finding::{DocumentError, Finding, Kind, Position};
pub use import::Import;
pub use options::{Options, Undeclared};

/// Makes a catalogue of an OpenAPI document. `label` is the name of the document in positions, such
/// as the path of its file; `files` gives the files that its `$ref`s name.
///
/// ```
/// use scopes_export::openapi::read::{NoFiles, Options, import};
///
/// let text = r#"{
///   "openapi": "3.1.0",
///   "servers": [{"url": "https://api.example.com/v1"}],
///   "security": [{"OAuth2": ["users.read"]}],
///   "paths": {
///     "/users": {
///       "get": {"operationId": "listUsers"},
///       "post": {"security": [{"OAuth2": ["users.read", "users.write"]}, {"OAuth2": ["admin"]}]}
///     }
///   }
/// }"#;
/// let import = import(text, "api.json", &mut NoFiles, &Options::new())?;
/// assert!(import.is_complete());
/// let catalogue = import.catalogue();
/// let post = catalogue.route_by_template("POST", "/v1/users").unwrap();
/// assert_eq!(post.requirement().display(catalogue).to_string(), "admin; users.read users.write");
/// assert_eq!(catalogue.base(), "/v1");
/// # Ok::<(), scopes_export::openapi::read::DocumentError>(())
/// ```
///
/// # Errors
/// If the text is not an OpenAPI document that can be read, or is beyond a bound.
pub fn import(text: &str, label: &str, files: &mut dyn Files, options: &Options) -> Result<Import, DocumentError> {
    importer::run(text, label, files, options)
}
