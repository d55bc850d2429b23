//! Human texts for pages that are not Markdown: plain text and inline code.

use alloc::string::String;
use alloc::vec::Vec;

use super::{code_at, link, marks, one_line};

/// A part of a human text on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Plain text. It may hold any character.
    Text(String),
    /// Inline code, without the backticks around it. It may hold any character.
    Code(String),
}

/// Splits a text, which becomes one line, into plain text and inline code. A link becomes its
/// label. No other mark of Markdown has a meaning.
///
/// ```
/// use scopes_core::markdown::{Span, spans};
/// let found = spans("Read [`users`](x) &\n**see** [the manual](https://example.com).");
/// let expected = [
///     Span::Text("Read ".into()),
///     Span::Code("users".into()),
///     Span::Text(" & **see** the manual.".into()),
/// ];
/// assert_eq!(found, expected);
/// ```
#[must_use]
pub fn spans(text: &str) -> Vec<Span> {
    let mut spans = Vec::new();
    split(&one_line(text), &mut spans);
    spans
}

fn split(text: &str, spans: &mut Vec<Span>) {
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let length = if let Some((inner, length)) = code_at(rest).filter(|_| character == '`') {
            spans.push(Span::Code(inner.into()));
            length
        } else if let Some((label, length)) = link(rest) {
            split(label, spans);
            length
        } else {
            // A run of backticks that does not begin code is text as a whole.
            let length = if character == '`' { marks(rest) } else { character.len_utf8() };
            let (taken, _) = rest.split_at(length);
            match spans.last_mut() {
                Some(Span::Text(text)) => text.push_str(taken),
                _ => spans.push(Span::Text(taken.into())),
            }
            length
        };
        rest = rest.split_at(length).1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::borrow::ToOwned;
    use std::vec;

    #[test]
    fn backticks_and_links() {
        let text = |text: &str| Span::Text(text.to_owned());
        let code = |text: &str| Span::Code(text.to_owned());
        for (given, expected) in [
            ("", vec![]),
            ("a ` b", vec![text("a ` b")]),
            ("``a`b``", vec![code("a`b")]),
            ("``a`", vec![text("``a`")]),
            ("`a``b`", vec![code("a``b")]),
            ("[a `b`](javascript:x) c", vec![text("a "), code("b"), text(" c")]),
            ("<b>`<i>`", vec![text("<b>"), code("<i>")]),
            ("[a] [b]", vec![text("[a] [b]")]),
        ] {
            assert_eq!(spans(given), expected, "{given}");
        }
    }

    proptest! {
        /// Without backticks and brackets, the text stays as it is.
        #[test]
        fn plain_text_stays(given in "[^`\\[\\]]{0,40}") {
            let expected = one_line(&given);
            let found: String = spans(&given).into_iter().map(|span| match span {
                Span::Text(text) | Span::Code(text) => text,
            }).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
