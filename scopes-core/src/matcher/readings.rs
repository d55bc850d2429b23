//! The trie that matches paths after their segments are decoded: the table. The walk over it is in
//! [`readings`](crate::readings).

use alloc::borrow::Cow;

use crate::path_rules;

/// The catalogue's templates as a trie. Printed by `scopes!`, not for writing by hand.
#[doc(hidden)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readings {
    /// Four numbers for each node, each a pair with its second half in the upper bits: the first
    /// literal and the number of literals; the first text and the number of texts; the node after a
    /// bare parameter and the row of paths that end here; the row of paths that end here with a
    /// slash and the row of a `{*rest}`.
    pub nodes: Cow<'static, [[u64; 4]]>,
    /// A literal and the node after it. The literals of one node are sorted by their bytes.
    pub literals: Cow<'static, [[u64; 2]]>,
    /// The text before and after a parameter and the node after it. The texts of one node are
    /// sorted by precedence.
    pub texts: Cow<'static, [[u64; 3]]>,
    /// The bytes of all literals and texts, one bit each.
    pub bytes: [u64; 4],
    /// Whether some literal equals the text of a parameter with an empty value, such as `v` beside
    /// `v{n}`.
    pub literal_is_text: bool,
    /// Whether some text after a parameter begins with a hexadecimal digit. In a raw path it may
    /// then be the end of an escape, such as `data` in `%4data`.
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

    /// Whether some escape of a raw segment stands for a byte of a literal or a text, or may itself
    /// be part of a text. Otherwise the decoded segment fits the same templates as the raw one.
    pub(crate) fn escapes_text(&self, segment: &[u8]) -> bool {
        let is_in_text = |byte: u8| self.text_ends_escape || self.bytes[usize::from(byte >> 6)] >> (byte & 63) & 1 == 1;
        path_rules::escapes(segment).any(is_in_text)
    }
}
