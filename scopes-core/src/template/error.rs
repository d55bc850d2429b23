//! Mistakes in a path, each with what to write instead.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::foreign::Foreign;
use super::{MAX_LENGTH, MAX_PARAMETERS, MAX_SEGMENTS};
use crate::notation::Notation;
use crate::quoted::Quoted;

/// One mistake in a path, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TemplateError {
    pub(super) kind: TemplateErrorKind,
    pub(super) offset: usize,
    pub(super) length: usize,
}

impl TemplateError {
    /// What is wrong with the path.
    #[must_use]
    pub const fn kind(&self) -> &TemplateErrorKind {
        &self.kind
    }

    /// Where the mistake begins in the path, in bytes.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }

    /// How many bytes the mistake covers; 0 if something is missing.
    #[must_use]
    pub const fn length(&self) -> usize {
        self.length
    }

    /// The wrong part of `path`, which must be the text that was parsed.
    ///
    /// ```
    /// use scopes_core::template::Template;
    /// let path = "/users/:id.json";
    /// let errors = Template::parse(path).unwrap_err();
    /// assert_eq!(errors[0].text(path), ":id.json");
    /// assert_eq!(errors[0].to_string(), "`:id.json`: a `:name` is a whole segment, write `{id}.json`");
    /// ```
    #[must_use]
    pub fn text<'p>(&self, path: &'p str) -> &'p str {
        path.get(self.offset..self.offset + self.length).unwrap_or_default()
    }
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl core::error::Error for TemplateError {}

/// All mistakes of a path, in the order of their offsets: the error of `Template`'s `FromStr`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TemplateErrors(pub(super) Vec<TemplateError>);

impl TemplateErrors {
    /// The mistakes; there is at least one.
    #[must_use]
    pub fn as_slice(&self) -> &[TemplateError] {
        &self.0
    }
}

impl From<TemplateErrors> for Vec<TemplateError> {
    fn from(errors: TemplateErrors) -> Self {
        errors.0
    }
}

/// One mistake a line.
impl fmt::Display for TemplateErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, error) in self.0.iter().enumerate() {
            write!(f, "{}{error}", if index > 0 { "\n" } else { "" })?;
        }
        Ok(())
    }
}

impl core::error::Error for TemplateErrors {}

/// The kinds of mistakes in a path, each with the text that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TemplateErrorKind {
    /// The path is an empty text.
    Empty,
    /// The path has more than [`MAX_LENGTH`] bytes.
    TooLong {
        /// The length of the path in bytes.
        length: usize,
    },
    /// The path does not begin with `/`.
    NoLeadingSlash {
        /// The path as it was written.
        path: String,
    },
    /// A whole URL in place of a path.
    Url {
        /// The scheme and authority of the URL.
        origin: String,
        /// Whether the URL has a path.
        has_path: bool,
    },
    /// Two or more `/` in a row.
    EmptySegment {
        /// The slashes as they were written.
        text: String,
    },
    /// Text that no segment can contain.
    NotAllowed {
        /// One character, several characters of one kind, a whole escape, or everything after a `?`
        /// or `#`.
        text: String,
        /// What to write in its place.
        remedy: Remedy,
    },
    /// The path has a segment `.` or `..`.
    DotSegment {
        /// The segment as it was written.
        text: String,
    },
    /// A `{` without the `}` that closes it.
    UnclosedBrace {
        /// The text from the brace to the end of the segment.
        text: String,
        /// What to write in its place.
        instead: String,
    },
    /// A `}` without the `{` that opens it.
    UnopenedBrace {
        /// The text from the start of the segment to the brace.
        text: String,
        /// What to write in its place.
        instead: String,
    },
    /// A pair of braces within another pair.
    NestedBraces {
        /// The outer pair and everything between.
        text: String,
        /// What to write in its place.
        instead: String,
    },
    /// `:` without a name of letters, digits and `_`.
    ColonName {
        /// The segment as it was written.
        text: String,
        /// A name that the path does not have.
        name: String,
    },
    /// A `:name` with text after it.
    ColonText {
        /// The segment as it was written.
        text: String,
        /// The name of the parameter, without `:`.
        name: String,
        /// The name to write in its place, which is another one if the path has it already.
        free: String,
    },
    /// A parameter that has no name: `{}`.
    NoName {
        /// A name that the path does not have.
        name: String,
    },
    /// A catch-all that has no name: `{*}`.
    NoRestName {
        /// A name that the path does not have.
        name: String,
    },
    /// A parameter's name with a character that no name can contain.
    NameCharacter {
        /// The name as it was written.
        name: String,
        /// The first character that is not allowed.
        character: char,
    },
    /// A regular expression in place of a parameter.
    RegularExpression,
    /// Notation that another router reads as a parameter, or as something else.
    Foreign {
        /// The text as it was written.
        text: String,
        /// What the text means to the other router.
        form: Foreign,
        /// What to write in its place; empty if it is to be removed.
        instead: String,
    },
    /// A catch-all `{*rest}` with text before or after it in its segment.
    RestText {
        /// The segment as it was written.
        text: String,
        /// The name of the catch-all parameter.
        name: String,
    },
    /// A catch-all `{*rest}` that is not the last segment.
    RestNotLast {
        /// The name of the catch-all parameter.
        name: String,
    },
    /// A second parameter in one segment.
    TwoParameters {
        /// The second parameter in the segment.
        text: String,
        /// What to write in place of the segment; empty if the intended path is not clear.
        instead: String,
    },
    /// A second parameter with the same name.
    DuplicateName {
        /// The name that both parameters have.
        name: String,
    },
    /// The path has more than [`MAX_PARAMETERS`] parameters.
    TooManyParameters {
        /// The first parameter beyond the limit.
        text: String,
    },
    /// The path has more than [`MAX_SEGMENTS`] segments.
    TooManySegments {
        /// The segments beyond the limit, up to the end of the path.
        text: String,
    },
}

/// What to write in place of characters that a path cannot have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Remedy {
    /// Nothing: the characters are to be removed.
    Nothing,
    /// This text in place of the characters.
    Text(String),
    /// This text in place of the whole segment.
    Segment(String),
}

/// The message about a path in `scopes!`.
impl fmt::Display for TemplateErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f, Notation::Macro)
    }
}

impl TemplateErrorKind {
    /// Writes the message, in terms of the notation of the path.
    pub(crate) fn write(&self, f: &mut fmt::Formatter<'_>, notation: Notation) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the path is empty, write `/` for the root"),
            Self::TooLong { length } => {
                write!(f, "the path has {length} bytes, write at most {MAX_LENGTH}")
            }
            Self::NoLeadingSlash { path } => {
                write!(f, "`{}` does not begin with `/`, write `/{}`", Quoted(path), Quoted(path.trim_start()))
            }
            Self::Url { origin, has_path } => {
                let instead = if *has_path { "what follows it" } else { "`/`" };
                write!(f, "`{}` is not part of a path, write {instead}", Quoted(origin))
            }
            Self::EmptySegment { text } => {
                write!(f, "`{text}` encloses an empty segment, write a single `/`")
            }
            Self::NotAllowed { text, remedy } => not_allowed(f, text, remedy),
            Self::DotSegment { text } => {
                write!(
                    f,
                    "clients resolve the segment `{text}` before they send a request, write the path that it leads to"
                )
            }
            Self::UnclosedBrace { text, instead } if instead.is_empty() => {
                write!(f, "`{}` has a `{{` without its `}}`, remove it: a segment has one parameter", Quoted(text))
            }
            Self::UnclosedBrace { text, instead } => {
                write!(f, "`{}` has a `{{` without its `}}`, write `{instead}`", Quoted(text))
            }
            Self::UnopenedBrace { text, instead } => {
                write!(f, "`{}` has a `}}` without its `{{`, write `{instead}`", Quoted(text))
            }
            Self::NestedBraces { text, instead } => {
                write!(f, "`{}`: braces cannot be nested, write `{instead}`", Quoted(text))
            }
            Self::ColonName { text, name } => {
                write!(
                    f,
                    "`{}`: a name of letters, digits and `_` must follow `:`, write `:{name}`, or `{{{name}}}` for other names",
                    Quoted(text)
                )
            }
            Self::ColonText { text, name, free } => {
                let after = text.get(name.len() + 1..).unwrap_or_default();
                if after.starts_with([')', ']']) {
                    return write!(
                        f,
                        "`{}`: no part of a path may be missing: write two routes, with `{{{free}}}` and without it",
                        Quoted(text)
                    );
                }
                write!(f, "`{}`: a `:name` is a whole segment, write `{{{free}}}{}`", Quoted(text), Quoted(after))?;
                // The whole of `:user-id` may be meant as one name.
                let hyphenated = after.bytes().all(|byte| byte == b'-' || byte == b'_' || byte.is_ascii_alphanumeric());
                if hyphenated && free == name {
                    write!(f, ", or `{{{name}{after}}}` if that is the name")
                } else {
                    Ok(())
                }
            }
            Self::NoName { name } => write!(f, "`{{}}` has no name, write `{{{name}}}`"),
            Self::NoRestName { name } => write!(f, "`{{*}}` has no name, write `{{*{name}}}`"),
            Self::NameCharacter { name, character } => {
                let mut buffer = [0; 4];
                let character = Quoted(character.encode_utf8(&mut buffer));
                write!(
                    f,
                    "`{character}` cannot be in the parameter name `{}`, write letters, digits, `_`, `-`, and `.` between them",
                    Quoted(name)
                )
            }
            Self::RegularExpression => {
                f.write_str("a path is not a pattern: write literals and parameters, such as `/users/{id}`")
            }
            Self::Foreign { text, form, instead } => form.write(f, text, instead, notation),
            Self::RestText { text, name } => {
                let rest = format!("{{*{name}}}");
                let before = text.strip_suffix(&rest).unwrap_or_default();
                let slash = if before.is_empty() { "" } else { "/" };
                write!(f, "`{}`: `{rest}` is a whole segment, write `{}{slash}{rest}`", Quoted(text), Quoted(before))
            }
            Self::RestNotLast { name } => {
                write!(
                    f,
                    "`{{*{name}}}` takes all that follows: end the path with it, or write `{{{name}}}` for one segment"
                )
            }
            Self::TwoParameters { text, instead } => {
                write!(f, "`{}` is the second parameter of its segment, write ", Quoted(text))?;
                match instead.as_str() {
                    "" => f.write_str("a `/` between the two, or one parameter that takes both"),
                    instead => write!(f, "`{}` and let the handler split it", Quoted(instead)),
                }
            }
            Self::DuplicateName { name } => write!(f, "the path has a parameter `{name}` already, write another name"),
            Self::TooManyParameters { text } => {
                write!(f, "`{}` is one parameter too many, write at most {MAX_PARAMETERS}", Quoted(text))
            }
            Self::TooManySegments { text } => {
                write!(f, "`{}` is too much, write at most {MAX_SEGMENTS} segments", Quoted(text))
            }
        }
    }
}

fn not_allowed(f: &mut fmt::Formatter<'_>, text: &str, remedy: &Remedy) -> fmt::Result {
    let first = text.chars().next().unwrap_or_default();
    let quoted = Quoted(text);
    let cut = if *remedy == Remedy::Nothing { "end the path before it" } else { "write `/`" };
    match first {
        '?' if text.len() == 1 => {
            return write!(
                f,
                "`?` begins a query, which takes no part in matching: {cut}, or write a route of its own for an optional segment"
            );
        }
        '?' => return write!(f, "`{quoted}` is a query, which takes no part in matching: {cut}"),
        '#' => return write!(f, "`{quoted}` is a fragment, which is never sent: {cut}"),
        '%' => write!(f, "`{quoted}`: a template is never decoded, ")?,
        '\\' => write!(f, "`{quoted}` separates nothing in a path, ")?,
        ';' => write!(f, "`{quoted}` is refused in requests, ")?,
        _ if first.is_whitespace() => write!(f, "white space `{quoted}` is never sent in a path, ")?,
        _ if first.is_control() => write!(f, "control character `{quoted}` is never sent in a path, ")?,
        _ if !first.is_ascii() => write!(f, "`{quoted}` is never sent unescaped, ")?,
        _ => write!(f, "`{quoted}` is never sent unescaped in a path, ")?,
    }
    match (remedy, first) {
        (Remedy::Nothing, _) => f.write_str("remove it"),
        (Remedy::Text(_), ';') => f.write_str("write another character"),
        (Remedy::Text(instead), _) => write!(f, "write `{}`", Quoted(instead)),
        (Remedy::Segment(instead), _) => {
            write!(f, "write `{}` for the whole segment", Quoted(instead))
        }
    }
}
