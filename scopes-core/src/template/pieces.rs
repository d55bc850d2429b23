//! Templates in brace form, read segment by segment without a copy.
//!
//! Only for templates that are known to be valid: the catalogue's, and the templates that a router
//! reports. [`Template::parse`](super::Template::parse) reads what people write.

/// One segment of a template in brace form: the borrowed form of [`Segment`](super::Segment).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Literal text. A trailing slash is an empty literal.
    Literal(&'t str),
    /// A parameter and the literal text around it.
    Parameter {
        /// The literal text before the parameter.
        prefix: &'t str,
        /// The name of the parameter, without braces.
        name: &'t str,
        /// The literal text after the parameter.
        suffix: &'t str,
    },
    /// A catch-all `{*rest}`, with its name.
    Rest(&'t str),
}

/// The segments of a template in brace form, from left to right.
///
/// ```
/// use scopes_core::template::{Piece, pieces};
/// let mut pieces = pieces("/users/{id}:replay");
/// assert_eq!(pieces.next(), Some(Piece::Literal("users")));
/// assert_eq!(pieces.next(), Some(Piece::Parameter { prefix: "", name: "id", suffix: ":replay" }));
/// assert_eq!(pieces.next(), None);
/// ```
pub fn pieces(template: &str) -> impl Iterator<Item = Piece<'_>> + Clone {
    template.split('/').skip(1).map(Piece::of)
}

impl<'t> Piece<'t> {
    fn of(segment: &'t str) -> Self {
        let Some((prefix, parameter)) = segment.split_once('{') else { return Self::Literal(segment) };
        let (name, suffix) = parameter.split_once('}').unwrap_or((parameter, ""));
        match name.strip_prefix('*') {
            Some(name) => Self::Rest(name),
            None => Self::Parameter { prefix, name, suffix },
        }
    }

    /// Whether both match the same text: only the names of parameters may differ.
    #[must_use]
    pub fn same_shape(self, other: Self) -> bool {
        match (self, other) {
            (Self::Literal(a), Self::Literal(b)) => a == b,
            (Self::Parameter { prefix: a, suffix: b, .. }, Self::Parameter { prefix: c, suffix: d, .. }) => {
                a == c && b == d
            }
            (Self::Rest(_), Self::Rest(_)) => true,
            _ => false,
        }
    }

    /// The name of the parameter; `None` for literal text.
    #[must_use]
    pub const fn parameter(self) -> Option<&'t str> {
        match self {
            Self::Literal(_) => None,
            Self::Parameter { name, .. } | Self::Rest(name) => Some(name),
        }
    }

    /// Whether a segment of a path, compared byte for byte, matches this one. `{*rest}` matches any
    /// segment that is not empty.
    #[must_use]
    pub fn takes(self, segment: &[u8]) -> bool {
        match self {
            Self::Literal(text) => segment == text.as_bytes(),
            Self::Parameter { prefix, suffix, .. } => {
                segment.len() > prefix.len() + suffix.len()
                    && segment.starts_with(prefix.as_bytes())
                    && segment.ends_with(suffix.as_bytes())
            }
            Self::Rest(_) => !segment.is_empty(),
        }
    }
}

/// Whether a router's template matches every path of a route, judged by whole segments.
///
/// Literals must be equal. A parameter of the router's template matches one segment of any kind,
/// and its `{*rest}` matches all that follow.
#[must_use]
pub fn lies_within(route: &str, template: &str) -> bool {
    let (mut routes, mut templates) = (pieces(route), pieces(template));
    loop {
        let (mine, theirs) = match (routes.next(), templates.next()) {
            (Some(mine), Some(theirs)) => (mine, theirs),
            (None, None) => return true,
            _ => return false,
        };
        let alike = match (mine, theirs) {
            (mine, Piece::Rest(_)) => return mine != Piece::Literal(""),
            (Piece::Rest(_) | Piece::Literal(""), Piece::Parameter { .. }) => false,
            (_, Piece::Parameter { .. }) => true,
            (mine, Piece::Literal(_)) => mine == theirs,
        };
        if !alike {
            return false;
        }
    }
}

/// Whether a template differs from another one only by literal text beside parameters.
///
/// Many routers do not support such text: they serve `/users/{id}:replay` under `/users/{id}`.
#[must_use]
pub fn is_template_with_text(template: &str, without: &str) -> bool {
    let (mut all, mut others) = (pieces(template), pieces(without));
    loop {
        match (all.next(), others.next()) {
            (None, None) => return true,
            (Some(Piece::Parameter { .. }), Some(Piece::Parameter { prefix: "", suffix: "", .. })) => {}
            (Some(piece), Some(other)) if piece == other => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]
mod tests {
    use super::*;
    use std::vec;
    use std::vec::Vec;

    const fn parameter<'t>(prefix: &'t str, name: &'t str, suffix: &'t str) -> Piece<'t> {
        Piece::Parameter { prefix, name, suffix }
    }

    #[test]
    fn segments() {
        for (template, expected) in [
            ("", vec![]),
            ("/", vec![Piece::Literal("")]),
            ("/users/", vec![Piece::Literal("users"), Piece::Literal("")]),
            ("/users/{id}", vec![Piece::Literal("users"), parameter("", "id", "")]),
            ("/v{n}/{id}:replay", vec![parameter("v", "n", ""), parameter("", "id", ":replay")]),
            ("/files/{*rest}", vec![Piece::Literal("files"), Piece::Rest("rest")]),
        ] {
            assert_eq!(pieces(template).collect::<Vec<_>>(), expected, "{template}");
        }
    }

    #[test]
    fn what_a_segment_takes() {
        for (piece, segment, taken) in [
            (Piece::Literal("me"), "me", true),
            (Piece::Literal("me"), "Me", false),
            (Piece::Literal(""), "", true),
            (parameter("", "id", ""), "7", true),
            (parameter("", "id", ""), "", false),
            (parameter("v", "n", ".x"), "v1.x", true),
            (parameter("v", "n", ".x"), "v.x", false),
            (parameter("ab", "n", "ba"), "aba", false),
            (Piece::Rest("rest"), "a", true),
            (Piece::Rest("rest"), "", false),
        ] {
            assert_eq!(piece.takes(segment.as_bytes()), taken, "{piece:?} {segment}");
        }
    }

    #[test]
    fn templates_without_text_beside_parameters() {
        for (template, without, expected) in [
            ("/users/{id}:replay", "/users/{x}", true),
            ("/users/v{n}/a", "/users/{x}/a", true),
            ("/users/{id}:replay", "/users/{x}:cancel", false),
            ("/users/{id}:replay", "/users/{x}-{y}", false),
            ("/users/{id}:replay", "/users/{*x}", false),
            ("/users/{id}:replay", "/users/{x}/a", false),
            ("/users/{id}:replay", "/{x}", false),
            ("/users/{id}:replay", "/{a}/{x}", false),
            ("/users/me", "/users/{x}", false),
            ("/users/{*rest}", "/users/{x}", false),
            ("/users/{*rest}", "/users/{*rest}", true),
            ("/users/{id}", "/users/me", false),
            ("/users/{id}", "/users/{x}/", false),
            ("/", "", false),
        ] {
            assert_eq!(is_template_with_text(template, without), expected, "{template} {without}");
        }
    }

    #[test]
    fn shapes() {
        for (a, b, expected) in [
            ("/a", "/a", true),
            ("/a", "/b", false),
            ("/{a}", "/{b}", true),
            ("/v{a}", "/{b}", false),
            ("/v{a}.x", "/v{b}.x", true),
            ("/{*a}", "/{*b}", true),
            ("/{*a}", "/{b}", false),
        ] {
            let first = |template| pieces(template).next().unwrap();
            assert_eq!(first(a).same_shape(first(b)), expected, "{a} {b}");
        }
    }

    #[test]
    fn routes_within_templates() {
        for (route, template, within) in [
            ("/users/me", "/users/{id}", true),
            ("/users/{id}:replay", "/users/{id}", true),
            ("/users/{id}", "/users/me", false),
            ("/users/{id}", "/users/{name}", true),
            ("/users/", "/users/{id}", false),
            ("/users/{*rest}", "/users/{id}", false),
            ("/users/{id}/keys", "/users/{*rest}", true),
            ("/users/", "/users/{*rest}", false),
            ("/users", "/users/{*rest}", false),
            ("/users/{id}/keys", "/users/{id}", false),
            ("/", "/", true),
        ] {
            assert_eq!(lies_within(route, template), within, "{route} within {template}");
        }
    }
}
