//! Writes HTML. Every text goes through [`Html::text`], so none can be read as markup.

use std::fmt::Write as _;

use scopes_core::markdown::Span;
use scopes_core::{Anchor, ScopeInfo};

/// The number of bytes from which a name may be broken.
const LONG_NAME: usize = 24;

/// A piece of HTML that is complete in itself.
#[derive(Default)]
pub(super) struct Html {
    text: String,
}

impl Html {
    /// Adds markup that this crate wrote.
    pub(super) fn raw(&mut self, markup: &str) -> &mut Self {
        self.text.push_str(markup);
        self
    }

    /// Adds a text.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        escape(text, &mut self.text);
        self
    }

    /// Adds the name of a scope. A long one may be broken after its marks and not within a word.
    pub(super) fn name(&mut self, name: &str) -> &mut Self {
        if name.len() < LONG_NAME {
            return self.text(name);
        }
        for part in name.split_inclusive(['.', '/', ':']) {
            self.text(part).raw("<wbr>");
        }
        self
    }

    /// Adds a number.
    pub(super) fn number(&mut self, number: usize) -> &mut Self {
        let _ = write!(self.text, "{number}");
        self
    }

    /// Adds an element whose content is text.
    pub(super) fn element(&mut self, open: &str, text: &str, close: &str) -> &mut Self {
        self.raw(open).text(text).raw(close)
    }

    /// Adds a human text.
    pub(super) fn spans(&mut self, spans: &[Span]) -> &mut Self {
        for span in spans {
            match span {
                Span::Text(text) => self.text(text),
                Span::Code(code) => self.element("<code>", code, "</code>"),
            };
        }
        self
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
}

/// The address of an anchor on the same page. Its alphabet needs no escape.
pub(super) fn link(anchor: &Anchor) -> String {
    format!("<a href=\"{anchor}\">")
}

/// A link to the card of a scope.
pub(super) fn scope_link(scope: ScopeInfo<'_>) -> String {
    let mut html = Html::default();
    html.raw(&link(&scope.anchor())).raw("<code>").name(scope.name()).raw("</code></a>");
    html.finish()
}

fn escape(text: &str, into: &mut String) {
    for character in text.chars() {
        match character {
            '&' => into.push_str("&amp;"),
            '<' => into.push_str("&lt;"),
            '>' => into.push_str("&gt;"),
            '"' => into.push_str("&quot;"),
            '\'' => into.push_str("&#39;"),
            _ => into.push(character),
        }
    }
}
