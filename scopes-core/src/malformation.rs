//! The reasons why a raw request path is refused. The rules are in
//! [`path_rules`](crate::path_rules).

use core::fmt;

/// Why a raw request path is refused with 400.
///
/// The messages never repeat the path, because the client chose it.
///
/// ```
/// # use scopes_core::{Malformation, NoRoute, UntypedCatalogue, declaration::Declaration};
/// # let mut declaration = Declaration::new("api");
/// declaration.scope("files.read").route("GET", "/files/{name}");
/// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
/// let refused = catalogue.at("GET", b"/files/..%2Fsecrets").unwrap_err();
/// assert_eq!(refused, NoRoute::Malformed(Malformation::ForbiddenEscape));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Malformation {
    /// G2: a byte that is not a `pchar` (RFC 3986, section 3.3).
    NotAPathCharacter,
    /// G2: a raw `|`, `[`, `]` or `^`. It is not a `pchar`, but browsers send it in a path as it
    /// is.
    UnescapedDelimiter,
    /// G3: a `%` without two hexadecimal digits after it.
    BadEscape,
    /// G3: an escape of a control character, `/`, `\`, `%` or `;`.
    ForbiddenEscape,
    /// G3: a segment that is not UTF-8 once decoded.
    InvalidUtf8,
    /// G3: a segment that begins or ends with white space once decoded.
    OuterWhiteSpace,
    /// G4: a `.` or `..` segment, raw or escaped.
    DotSegment,
    /// G5: the path has a raw `;`.
    Semicolon,
    /// G1: a path without a leading `/`.
    NotOriginForm,
}

impl Malformation {
    /// Whether a `#[raw]` parameter accepts a segment with this fault: true for G3, G5, and the
    /// four characters of G2 that browsers do not escape.
    ///
    /// ```
    /// use scopes_core::Malformation;
    ///
    /// assert!(Malformation::ForbiddenEscape.is_taken_raw());
    /// assert!(!Malformation::DotSegment.is_taken_raw());
    /// ```
    #[must_use]
    pub const fn is_taken_raw(self) -> bool {
        match self {
            Self::UnescapedDelimiter
            | Self::BadEscape
            | Self::ForbiddenEscape
            | Self::InvalidUtf8
            | Self::OuterWhiteSpace
            | Self::Semicolon => true,
            Self::NotAPathCharacter | Self::DotSegment | Self::NotOriginForm => false,
        }
    }
}

impl fmt::Display for Malformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAPathCharacter => "the path holds a byte that must be escaped",
            Self::UnescapedDelimiter => "the path holds a `|`, `[`, `]` or `^` that is not escaped",
            Self::BadEscape => "the path holds a `%` without two hexadecimal digits after it",
            Self::ForbiddenEscape => "the path holds an escape of a control character, `/`, `\\`, `%` or `;`",
            Self::InvalidUtf8 => "the path is not valid UTF-8 once decoded",
            Self::OuterWhiteSpace => "a segment of the path begins or ends with white space",
            Self::DotSegment => "the path holds a `.` or `..` segment",
            Self::Semicolon => "the path holds a `;`",
            Self::NotOriginForm => "the path does not begin with `/`",
        })
    }
}

impl core::error::Error for Malformation {}
