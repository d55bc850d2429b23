//! Which template wins if several match one path: the most specific one (G10).

use alloc::vec::Vec;
use core::cmp::{Ordering, Reverse};

use super::pieces::{Piece, pieces};
use super::{Segment, Template};

/// How specific a segment is, the most specific first: its kind, the length of its literal text,
/// and how much of that text comes before the parameter.
type Rank = (u8, Reverse<usize>, Reverse<usize>);

/// How specific a template is. If two templates match one path, the smaller one wins.
///
/// ```
/// use scopes_core::template::Specificity;
/// assert!(Specificity::of("/users/me") < Specificity::of("/users/{id}"));
/// assert!(Specificity::of("/users/{id}") < Specificity::of("/users/{*rest}"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Specificity(Vec<Rank>);

impl Specificity {
    /// Returns how specific a template in brace form is.
    #[must_use]
    pub fn of(template: &str) -> Self {
        Self(pieces(template).map(Piece::rank).collect())
    }
}

impl Template {
    /// How specific the template is, compared with others.
    #[doc(hidden)]
    #[must_use]
    pub fn specificity(&self) -> Specificity {
        let slash = self.trailing_slash().then_some(Piece::Literal(""));
        Specificity(self.segments().iter().map(Segment::as_piece).chain(slash).map(Piece::rank).collect())
    }
}

impl Piece<'_> {
    const fn rank(self) -> Rank {
        let (kind, literal, prefix) = match self {
            Self::Literal(_) => (0, 0, 0),
            Self::Parameter { prefix, suffix, .. } => (1, prefix.len() + suffix.len(), prefix.len()),
            Self::Rest(_) => (2, 0, 0),
        };
        (kind, Reverse(literal), Reverse(prefix))
    }
}

/// Compares two segments at the same place; `Less` is the more specific one, which wins.
///
/// Literal text comes first, then a parameter within literal text (more text first, then the longer
/// prefix), then a bare parameter, then `{*rest}`. Two segments that can match the same text are
/// `Equal` only if they have the same [shape](Segment::same_shape). Two different literals are
/// `Equal`, but no path matches both.
#[must_use]
pub fn compare_segments(a: &Segment, b: &Segment) -> Ordering {
    a.as_piece().rank().cmp(&b.as_piece().rank())
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "an unwrap that fails is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_first() {
        let ordered = ["/a/b", "/a/v{x}z", "/a/v{x}", "/a/{x}v", "/a/{x}", "/a/{*x}", "/{x}/b", "/{x}/b/"];
        let mut sorted = ordered;
        sorted.reverse();
        sorted.sort_by_key(|template| Specificity::of(template));
        assert_eq!(sorted, ordered);
        for template in ordered {
            assert_eq!(Template::parse(template).unwrap().specificity(), Specificity::of(template), "{template}");
        }
    }
}
