//! What all pages of a catalogue are written from, and its human texts.

use scopes_core::UntypedCatalogue;
use scopes_core::markdown::{Span, first_paragraph, spans};

use crate::reference::Reference;
use crate::shown;

/// The facts about a catalogue and the settings of its pages.
#[derive(Debug)]
pub(super) struct Source<'c> {
    pub(super) reference: Reference<'c>,
    pub(super) title: Option<String>,
    /// Where the Markdown is.
    pub(super) markdown: Option<String>,
}

impl<'c> Source<'c> {
    pub(super) fn new(catalogue: &'c UntypedCatalogue) -> Self {
        Self { reference: Reference::new(catalogue), title: None, markdown: None }
    }

    pub(super) const fn catalogue(&self) -> &'c UntypedCatalogue {
        self.reference.catalogue()
    }

    /// The heading as parts of text and code.
    pub(super) fn heading(&self) -> Vec<Span> {
        match &self.title {
            Some(title) => visible_spans(title),
            None => vec![Span::Text("Permissions of ".to_owned()), Span::Code(shown::line(self.catalogue().name()))],
        }
    }
}

/// A file beside the page or in a folder below, or a page of another server. No character of it can
/// end an attribute or a link, or make it lead to another server or to a script.
#[must_use]
pub fn is_address(address: &str) -> bool {
    let is_inside = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    match address.strip_prefix("https://") {
        Some(rest) => {
            rest.starts_with(|first: char| first.is_ascii_alphanumeric())
                && rest.bytes().all(|byte| is_inside(byte) || byte == b':')
        }
        None => !address.is_empty() && !address.starts_with('/') && address.bytes().all(is_inside),
    }
}

/// The first paragraph of a human text, without characters that cannot be seen.
pub(super) fn summary(text: &str) -> Vec<Span> {
    visible_spans(first_paragraph(text))
}

pub(super) fn visible_spans(text: &str) -> Vec<Span> {
    // A line break is white space and no character to escape.
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    spans(&shown::line(&text))
}
