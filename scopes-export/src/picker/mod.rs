//! `picker.json`: what a page must know to let a person pick the scopes of a token.
//!
//! The file has the scopes in groups, with titles, texts, risks and routes, and the presets. If it
//! is made for an issuer, it also says which scopes the issuer may give. It comes from the
//! catalogue, so that a page cannot forget a scope. [`SCHEMA`] describes the format.
//!
//! [`COMPONENT`] is a field for forms that shows the file: an element `<scopes-picker>` without
//! dependencies. [`Link`] is a link to such a page that chooses scopes beforehand.
//!
//! ```
//! use scopes_core::{UntypedCatalogue, declaration::Declaration};
//! use scopes_export::picker::{Options, Picker};
//!
//! let mut declaration = Declaration::new("api");
//! declaration.scope("users.read").route("GET", "/users");
//! declaration.scope("users.write").route("DELETE", "/users/{id}");
//! let catalogue = UntypedCatalogue::from_declaration(&declaration)?;
//!
//! let options = Options::new().preset("Support desk", ["users.read"]).issuer(["users.read"]);
//! let picker = Picker::new(&catalogue, &options)?;
//! let file = picker.to_json();
//! assert!(file.contains(r#""title": "Support desk""#));
//! assert!(picker.may_give("users.read") && !picker.may_give("users.write"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod document;
mod facts;
mod link;
mod options;

pub use self::document::VERSION;
pub use self::facts::Picker;
pub use self::link::{Choice, Link, LinkError, MAX_LINK_BYTES, MAX_LINK_NAMES};
pub use self::options::{Access, Options, PickerError};

/// The JSON Schema (2020-12) of the format.
///
/// ```
/// assert!(scopes_export::picker::SCHEMA.contains("https://json-schema.org/draft/2020-12/schema"));
/// ```
pub const SCHEMA: &str = include_str!("picker.schema.json");

/// The element `<scopes-picker>`, one JavaScript file of less than 15 kB. The command `scopes
/// picker --component` writes it.
///
/// ```html
/// <script src="scopes-picker.js" defer></script>
/// <form method="post" action="/tokens">
///   <scopes-picker name="scopes" src="picker.json" link required>
///     <!-- Shown if the browser runs no JavaScript. -->
///     <label><input type="checkbox" name="scopes" value="users.read"> Read users</label>
///   </scopes-picker>
/// </form>
/// ```
///
/// | attribute | effect |
/// |---|---|
/// | `name` | the name of the field, `scopes` by default; the form sends it once for each scope |
/// | `src` | the address of `picker.json`; a page may set the property `data` instead |
/// | `link` | the query of the page's own address may choose scopes, see [`Link`] |
/// | `required` | a form without a scope is not sent |
/// | `documentation` | the address of the [permission page](crate::page): each scope links to its place there; `picker.json` may have the address instead |
///
/// The search finds a scope by its name, by words, or by a request such as `GET /users/7`. It finds
/// the route that the catalogue finds (`CATALOGUE.at`), and says so if the server refuses the path.
///
/// A link to the documentation opens a new tab, so that the choice stays. The address is relative,
/// or begins with `http:` or `https:`; the element ignores any other and writes a message to the
/// console. An empty attribute switches the links off.
///
/// The element works under a strict policy: `script-src` and `connect-src` must allow the two
/// files, and nothing else is needed. It has the events `input` and `change`, and the property
/// `value`, a list of names. Its colours are the page's; the custom properties `--scopes-accent`,
/// `--scopes-risk`, `--scopes-dim`, `--scopes-line`, `--scopes-soft`, `--scopes-card` and
/// `--scopes-note` set others. Only a server decides what an issuer may give: the element is a
/// convenience.
///
/// ```
/// assert!(scopes_export::picker::COMPONENT.contains("customElements.define"));
/// ```
pub const COMPONENT: &str = include_str!("scopes-picker.js");
