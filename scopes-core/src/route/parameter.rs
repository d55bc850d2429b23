//! A parameter of a route, and where its value lies.

use crate::layout::ParameterFields;

/// One parameter of a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter<'c> {
    pub(crate) name: &'c str,
    pub(crate) segment: usize,
    pub(crate) prefix: usize,
    pub(crate) suffix: usize,
    pub(crate) rest: bool,
    pub(crate) raw: bool,
}

impl<'c> Parameter<'c> {
    #[inline(always)]
    pub(super) fn new(name: &'c str, fields: &ParameterFields) -> Self {
        Self {
            name,
            segment: usize::from(fields.segment),
            prefix: usize::from(fields.prefix),
            suffix: usize::from(fields.suffix),
            rest: fields.is_rest,
            raw: fields.is_raw,
        }
    }

    /// The name.
    #[must_use]
    pub const fn name(self) -> &'c str {
        self.name
    }

    /// The segment that the parameter stands in, counted from 0, without the base.
    #[must_use]
    pub const fn segment(self) -> usize {
        self.segment
    }

    /// How many bytes of literal text come before the parameter in its segment.
    #[must_use]
    pub const fn prefix_length(self) -> usize {
        self.prefix
    }

    /// How many bytes of literal text come after the parameter in its segment.
    #[must_use]
    pub const fn suffix_length(self) -> usize {
        self.suffix
    }

    /// Whether the parameter takes the rest of the path: `{*rest}`.
    #[must_use]
    pub const fn is_rest(self) -> bool {
        self.rest
    }

    /// Whether the parameter is `#[raw]`: it takes what the strict rules refuse.
    ///
    /// The value of such a parameter may decode to `../`, a line break or NUL, or not decode at
    /// all. Never join it to a path, put it in a header or split it again.
    #[must_use]
    pub const fn is_raw(self) -> bool {
        self.raw
    }
}
