//! Catalogues from JSON, at run time: the same declarations and the same errors as in `scopes!`.
//!
//! | member | meaning |
//! |---|---|
//! | `version` | 1, the version of the format; it may be missing |
//! | `name`, `description`, `base`, `tenant`, `strict` | as in `scopes!`; only `name` is needed |
//! | `scopes` | `[{scope, dotted, was, title, description, deprecated, includes, global, unbound, routes}]` |
//! | `requirements` | `[{route, any_of: [["a", "b"], ["c"]]}]`: (a AND b) OR c, *instead of* what the scopes' lists say of that route |
//! | `public`, `authenticated`, `external` | `[{reason, global, unbound, routes}]` |
//! | `open` | routes, a short form of `public` |
//! | `deprecated` | `[["GET", "/x"]]`: routes declared elsewhere in the document |
//! | `$schema`, `source`, `notes`, `templates` | ignored |
//! | `removed`, `accepted` | the history in a lock file, ignored here |
//!
//! A route is a pair such as `["GET", "/users/{id}"]` or an object
//! `{method, path, name, description, deprecated, global, unbound, raw, trailing_slash, overlaps}`;
//! `overlaps` is a reason or an array of reasons. `deprecated` of a scope or a route is a reason or
//! an object `{note, since, sunset, use}` with two dates and the name of the scope to use instead;
//! `was` is an array of the names that the scope had before. A pair cannot have `trailing_slash`,
//! so a slash at the end of its path counts as intended. Any other member is an error.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::catalogue::UntypedCatalogue;
use crate::declaration::Declaration;
use crate::error::CatalogueError;

mod format;
mod reader;
mod requirements;
#[cfg(test)]
mod tests;

pub use format::VERSION;
use reader::Reader;

/// Why a JSON text does not declare a catalogue.
///
/// ```
/// use scopes_core::{UntypedCatalogue, json::JsonError};
///
/// let error = UntypedCatalogue::from_json(r#"{"name": "api", "scopes": [{"scope": "a b"}]}"#);
/// let Err(JsonError::Catalogue(errors)) = error else { panic!() };
/// assert_eq!(errors[0].0, "/scopes/0/scope");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonError {
    /// The text is not JSON, or does not have the format's structure.
    Syntax {
        /// The line of the mistake, counted from 1.
        line: usize,
        /// The column of the mistake, counted from 1.
        column: usize,
        /// What is wrong at this place.
        message: String,
    },
    /// Parts of the document contradict one another. Holds JSON pointers (RFC 6901) and the
    /// mistakes there.
    Content(Vec<(String, ContentError)>),
    /// The document has mistakes that `scopes!` would refuse as well. Holds JSON pointers (RFC
    /// 6901) and the mistakes there.
    Catalogue(Vec<(String, CatalogueError)>),
}

/// How parts of a JSON catalogue contradict one another.
///
/// ```
/// use scopes_core::{UntypedCatalogue, json::{ContentError, JsonError}};
///
/// let error = UntypedCatalogue::from_json(r#"{"name": "api", "tenant": "account", "scopes": [
///     {"scope": "a", "routes": [["GET", "/a"]], "global": "shared", "unbound": "compared"}
/// ]}"#);
/// let Err(JsonError::Content(errors)) = error else { panic!("{error:?}") };
/// assert_eq!(errors[0].1, ContentError::GlobalAndUnbound);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContentError {
    /// `global` and `unbound` in one object.
    GlobalAndUnbound,
    /// Two entries of `requirements` for one route.
    RepeatedRequirement,
    /// An entry of `deprecated` for a route that is not declared.
    UndeclaredRoute,
}

impl fmt::Display for ContentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::GlobalAndUnbound => "`global` and `unbound` exclude one another",
            Self::RepeatedRequirement => "a second requirement of one route",
            Self::UndeclaredRoute => "no such route is declared",
        })
    }
}

impl core::error::Error for ContentError {}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn lines<E: fmt::Display>(f: &mut fmt::Formatter<'_>, errors: &[(String, E)]) -> fmt::Result {
            for (index, (pointer, error)) in errors.iter().enumerate() {
                let separator = if index > 0 { "\n" } else { "" };
                write!(f, "{separator}`{pointer}`: {error}")?;
            }
            Ok(())
        }
        match self {
            Self::Syntax { line, column, message } => write!(f, "line {line}, column {column}: {message}"),
            Self::Content(errors) => lines(f, errors),
            Self::Catalogue(errors) => lines(f, errors),
        }
    }
}

impl core::error::Error for JsonError {}

impl From<serde_json::Error> for JsonError {
    fn from(error: serde_json::Error) -> Self {
        let mut message = error.to_string();
        // serde_json writes the position after the message; here it has fields of its own.
        if let Some(end) = message.rfind(" at line ") {
            message.truncate(end);
        }
        Self::Syntax { line: error.line(), column: error.column(), message }
    }
}

impl UntypedCatalogue {
    /// Compiles a catalogue from JSON, in the format described in [`json`](self).
    ///
    /// ```
    /// use scopes_core::UntypedCatalogue;
    ///
    /// let catalogue = UntypedCatalogue::from_json(r#"{
    ///     "name": "api",
    ///     "scopes": [
    ///         {"scope": "users.read", "routes": [["GET", "/users/{id}"]]},
    ///         {"scope": "users.write", "routes": [{"method": "PUT", "path": "/users/{id}", "name": "put_user"}]}
    ///     ],
    ///     "public": [{"reason": "liveness probe", "routes": [["GET", "/health"]]}]
    /// }"#)?;
    /// assert_eq!(catalogue.routes().len(), 3);
    /// # Ok::<(), scopes_core::json::JsonError>(())
    /// ```
    ///
    /// # Errors
    /// If the text has mistakes. The error has all mistakes of one kind.
    pub fn from_json(text: &str) -> Result<Self, JsonError> {
        let (reader, mut errors) = Reader::read(text)?;
        match Self::from_declaration(&reader.declaration) {
            Ok(catalogue) if errors.is_empty() => return Ok(catalogue),
            Ok(_) => {}
            Err(found) => errors.extend(found.0),
        }
        errors.sort_by_key(|error| error.place);
        Err(reader.located(errors))
    }
}

/// Reads a catalogue's declaration without compiling it, with a JSON pointer (RFC 6901) for every
/// [`Place`](crate::declaration::Place) in it, such as `/scopes/3/routes/1`.
///
/// ```
/// use scopes_core::json::declaration_from_json;
///
/// let (declaration, pointers) =
///     declaration_from_json(r#"{"name": "api", "scopes": [{"scope": "users.read"}]}"#)?;
/// assert_eq!(declaration.items.len(), 1);
/// assert!(pointers.contains(&"/scopes/0/scope".to_owned()));
/// # Ok::<(), scopes_core::json::JsonError>(())
/// ```
///
/// # Errors
/// Those of [`UntypedCatalogue::from_json`] that are found without compiling.
pub fn declaration_from_json(text: &str) -> Result<(Declaration, Vec<String>), JsonError> {
    let (reader, errors) = Reader::read(text)?;
    if errors.is_empty() { Ok((reader.declaration, reader.places)) } else { Err(reader.located(errors)) }
}
