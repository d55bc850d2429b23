//! Route templates: `/environments/:environmentId/users/{userId}:replay`.
//!
//! | segment | written | matches |
//! |---|---|---|
//! | literal | `users`, `users:batch` | these bytes, never decoded |
//! | parameter | `:id` or `{id}` | one non-empty segment |
//! | parameter in literal text | `{id}:cancel`, `v{n}` | one segment that begins and ends so, with something between |
//! | rest | `{*rest}`, last only | one or more segments |
//!
//! A parameter's name consists of letters, digits, `_` and `-`, with `.` between them. After `:` it
//! consists of letters, digits and `_`. Notations of other routers, such as `{path...}` or
//! `{id<int>}`, are errors, and the message says what to write instead.
//!
//! The names of parameters do not affect matching: `/a/{b}` and `/a/:c` have the same
//! [shape](Template::same_shape).

mod advice;
mod boundaries;
mod characters;
mod error;
mod foreign;
mod parse;
mod pieces;
mod precedence;
mod remedy;
pub(crate) mod shape;

pub use crate::layout::MAX_SEGMENTS;
pub use error::{Remedy, TemplateError, TemplateErrorKind, TemplateErrors};
pub use foreign::Foreign;
#[doc(hidden)]
pub use pieces::{Piece, is_template_with_text, lies_within, pieces};
#[doc(hidden)]
pub use precedence::Specificity;
pub use precedence::compare_segments;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

/// The greatest number of parameters of a template.
pub const MAX_PARAMETERS: usize = 16;
/// The greatest length of a template, in bytes.
pub const MAX_LENGTH: usize = 4096;

/// The path of a route, parsed.
///
/// ```
/// use scopes_core::template::Template;
/// let template = Template::parse("/users/:userId").unwrap();
/// assert_eq!(template.to_string(), "/users/{userId}");
/// assert_eq!(Template::parse("users//:id.json").unwrap_err().len(), 3);
/// ```
#[derive(Default, Clone, Debug, PartialEq, Eq, Hash)]
pub struct Template {
    segments: Vec<Segment>,
    trailing_slash: bool,
}

/// One segment of a template: the part between two slashes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Segment {
    /// The segment is exactly this text.
    Literal(String),
    /// Any non-empty text, between a `prefix` and a `suffix`, which may be empty.
    Parameter {
        /// The literal text before the parameter.
        prefix: String,
        /// The name of the parameter, without braces.
        name: String,
        /// The literal text after the parameter.
        suffix: String,
    },
    /// All segments to the end of the path, at least one.
    Rest {
        /// The name of the catch-all parameter.
        name: String,
    },
}

/// A parameter of a [`Template`] and the text around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct TemplateParameter<'t> {
    /// The index of its segment, counted from 0.
    pub segment: usize,
    /// The literal text before it in its segment.
    pub prefix: &'t str,
    /// The name of the parameter, without braces.
    pub name: &'t str,
    /// The literal text after it in its segment.
    pub suffix: &'t str,
    /// Whether it is a catch-all: `{*rest}`.
    pub is_rest: bool,
}

impl Template {
    /// Parses a path as it is written in a catalogue.
    ///
    /// The grammar allows a trailing slash; the caller decides whether a route may have one.
    ///
    /// # Errors
    /// All mistakes of the path, each once, in the order of their offsets.
    pub fn parse(text: &str) -> Result<Self, Vec<TemplateError>> {
        parse::template(text)
    }

    /// The segments from left to right; none for `/`.
    #[must_use]
    pub fn segments(&self) -> &[Segment] {
        &self.segments
    }

    /// Whether the path ends with a slash. The path `/` has no trailing slash.
    #[must_use]
    pub fn trailing_slash(&self) -> bool {
        self.trailing_slash
    }

    /// Whether the template has no parameter.
    #[must_use]
    pub fn is_literal(&self) -> bool {
        self.segments.iter().all(|segment| matches!(segment, Segment::Literal(_)))
    }

    /// The parameters, from left to right.
    ///
    /// ```
    /// use scopes_core::template::Template;
    /// let template = Template::parse("/users/:userId/v{n}").unwrap();
    /// let names: Vec<_> = template.parameters().map(|parameter| parameter.name).collect();
    /// assert_eq!(names, ["userId", "n"]);
    /// ```
    pub fn parameters(&self) -> impl Iterator<Item = TemplateParameter<'_>> + '_ {
        self.segments.iter().enumerate().filter_map(|(index, segment)| match segment.as_piece() {
            Piece::Literal(_) => None,
            Piece::Parameter { prefix, name, suffix } => {
                Some(TemplateParameter { segment: index, prefix, name, suffix, is_rest: false })
            }
            Piece::Rest(name) => {
                Some(TemplateParameter { segment: index, prefix: "", name, suffix: "", is_rest: true })
            }
        })
    }

    /// Whether a parameter has this name.
    #[must_use]
    pub fn has_parameter(&self, name: &str) -> bool {
        self.parameters().any(|parameter| parameter.name == name)
    }

    /// Whether both match the same paths by the same segments: only the names of parameters may
    /// differ.
    #[must_use]
    pub fn same_shape(&self, other: &Self) -> bool {
        self.trailing_slash == other.trailing_slash
            && self.segments.len() == other.segments.len()
            && self.segments.iter().zip(&other.segments).all(|(a, b)| a.same_shape(b))
    }

    /// Puts this template before `other`; joining `/` changes nothing. The result has a trailing
    /// slash if `other` has one.
    ///
    /// The result can break a rule that both templates keep, such as that names are unique: use
    /// [`Template::validate`].
    ///
    /// ```
    /// use scopes_core::template::Template;
    /// let [base, path] = ["/api/v0", "/users/{id}"].map(|path| Template::parse(path).unwrap());
    /// assert_eq!(base.join(&path).to_string(), "/api/v0/users/{id}");
    /// ```
    #[must_use]
    pub fn join(&self, other: &Self) -> Self {
        if other.segments.is_empty() {
            return self.clone();
        }
        Self { segments: [&*self.segments, &*other.segments].concat(), trailing_slash: other.trailing_slash }
    }

    /// Checks a [joined](Template::join) template against the rules for whole templates.
    ///
    /// # Errors
    /// The errors of [`Template::parse`]; their offsets are positions in the printed form.
    pub fn validate(&self) -> Result<(), Vec<TemplateError>> {
        Self::parse(&alloc::string::ToString::to_string(self)).map(drop)
    }

    /// A path of this template, with `values(name)` for each parameter. The values are not escaped.
    ///
    /// ```
    /// use scopes_core::template::Template;
    /// let template = Template::parse("/users/:userId/{n}:cancel").unwrap();
    /// assert_eq!(template.example(str::to_uppercase), "/users/USERID/N:cancel");
    /// ```
    pub fn example(&self, mut values: impl FnMut(&str) -> String) -> String {
        let mut path = String::new();
        for segment in &self.segments {
            path.push('/');
            match segment {
                Segment::Literal(literal) => path.push_str(literal),
                Segment::Parameter { prefix, name, suffix } => {
                    path.push_str(prefix);
                    path.push_str(&values(name));
                    path.push_str(suffix);
                }
                Segment::Rest { name } => path.push_str(&values(name)),
            }
        }
        if self.trailing_slash || path.is_empty() {
            path.push('/');
        }
        path
    }
}

/// Writes the canonical form, with every parameter in braces; it parses to the same template.
impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.segments {
            write!(f, "/{segment}")?;
        }
        f.write_str(if self.trailing_slash || self.segments.is_empty() { "/" } else { "" })
    }
}

/// Like [`Template::parse`], but with all mistakes in one error.
///
/// ```
/// use scopes_core::template::Template;
/// let template: Template = "/users/:userId".parse()?;
/// assert!(template.has_parameter("userId"));
/// assert_eq!("users//:id.json".parse::<Template>().unwrap_err().as_slice().len(), 3);
/// # Ok::<(), scopes_core::template::TemplateErrors>(())
/// ```
impl FromStr for Template {
    type Err = TemplateErrors;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).map_err(TemplateErrors)
    }
}

impl Segment {
    /// Whether both match the same text: only the names of parameters may differ.
    #[must_use]
    pub fn same_shape(&self, other: &Self) -> bool {
        self.as_piece().same_shape(other.as_piece())
    }

    /// The same segment, borrowed.
    pub(crate) fn as_piece(&self) -> Piece<'_> {
        match self {
            Self::Literal(text) => Piece::Literal(text),
            Self::Parameter { prefix, name, suffix } => Piece::Parameter { prefix, name, suffix },
            Self::Rest { name } => Piece::Rest(name),
        }
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(literal) => f.write_str(literal),
            Self::Parameter { prefix, name, suffix } => write!(f, "{prefix}{{{name}}}{suffix}"),
            Self::Rest { name } => write!(f, "{{*{name}}}"),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]
mod tests;
