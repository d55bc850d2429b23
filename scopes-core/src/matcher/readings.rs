//! The templates as a trie for paths whose segments are decoded before they are compared: the
//! table. The walk over it is in [`readings`](crate::readings).

use alloc::borrow::Cow;

use crate::path_rules;

/// The catalogue's templates as a trie; printed by `scopes!`, not for hand-writing.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readings {
    /// Per node: the first of its literals and their number, the first of its texts and their
    /// number, the node after a bare parameter and the row of paths that end here, the rows of
    /// paths that end with a slash here and of a `{*rest}`. Each pair is one number; the second of
    /// the pair is its upper half.
    pub nodes: Cow<'static, [[u64; 4]]>,
    /// A literal and the node after it. The literals of one node are sorted by their bytes.
    pub literals: Cow<'static, [[u64; 2]]>,
    /// The text before and after a parameter and the node after it. The texts of one node are
    /// sorted by precedence.
    pub texts: Cow<'static, [[u64; 3]]>,
    /// The bytes of all literals and texts, a bit each.
    pub bytes: [u64; 4],
    /// Whether some literal is what is left of a parameter with text if its value is empty, such as
    /// `v` beside `v{n}`.
    pub literal_is_text: bool,
    /// Whether some text after a parameter begins with a hexadecimal digit. In a raw path it may be
    /// the end of an escape, such as `data` in `%4data`.
    pub text_ends_escape: bool,
    /// Whether some route ends in `{*rest}`.
    pub has_rest: bool,
}

impl Readings {
    /// A trie of no templates.
    pub(crate) const EMPTY: Self = Self {
        nodes: Cow::Borrowed(&[]),
        literals: Cow::Borrowed(&[]),
        texts: Cow::Borrowed(&[]),
        bytes: [0; 4],
        literal_is_text: false,
        text_ends_escape: false,
        has_rest: false,
    };

    /// Whether some escape of a raw segment stands for a byte that occurs in a literal or a text,
    /// or may itself be a part of a text. If none does, the decoded segment fits the same templates
    /// as the raw one.
    pub(crate) fn escapes_text(&self, segment: &[u8]) -> bool {
        let is_in_text = |byte: u8| self.text_ends_escape || self.bytes[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1;
        path_rules::escapes(segment).any(is_in_text)
    }
}
