//! The one sink for everything that is wrong with an input.
//!
//! No stage stops at the first mistake: it reports here and goes on. The sink exists only inside [`Errors::gather`],
//! so that its contents cannot be forgotten.

use std::fmt::Display;

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, TokenStream, TokenTree};

use crate::places::Extent;

/// The mistakes found so far.
#[derive(Default)]
pub(crate) struct Errors {
    tokens: TokenStream,
}

impl Errors {
    /// Runs `work` with a fresh sink; what it reported comes back as `compile_error!` items.
    pub(crate) fn gather<T>(work: impl FnOnce(&mut Self) -> T) -> (T, TokenStream) {
        let mut errors = Self::default();
        let outcome = work(&mut errors);
        (outcome, errors.tokens)
    }

    /// Whether nothing has been reported so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.tokens.is_empty()
    }

    /// Reports a mistake at these tokens.
    pub(crate) fn at(&mut self, extent: Extent, message: impl Display) {
        // Not generic below this line: one copy of the printing code serves all callers.
        self.print(extent, &message.to_string());
    }

    /// Reports a syntax error.
    pub(crate) fn syntax(&mut self, error: &syn::Error) {
        self.tokens.extend(error.to_compile_error());
    }

    /// `::core::compile_error! { ".." }`: rustc underlines from the span of its first token to that of its last.
    fn print(&mut self, extent: Extent, message: &str) {
        let punct = |character, spacing| {
            let mut punct = Punct::new(character, spacing);
            punct.set_span(extent.start);
            TokenTree::Punct(punct)
        };
        let mut literal = proc_macro2::Literal::string(message);
        literal.set_span(extent.end);
        let mut group = Group::new(Delimiter::Brace, TokenTree::Literal(literal).into());
        group.set_span(extent.end);
        self.tokens.extend([
            punct(':', Spacing::Joint),
            punct(':', Spacing::Alone),
            Ident::new("core", extent.start).into(),
            punct(':', Spacing::Joint),
            punct(':', Spacing::Alone),
            Ident::new("compile_error", extent.start).into(),
            punct('!', Spacing::Alone),
            group.into(),
        ]);
    }
}
