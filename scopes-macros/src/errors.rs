//! The list of all mistakes in an input.
//!
//! No stage stops at the first mistake: each one reports its mistakes here and continues. At the
//! end, every mistake is printed as a `compile_error!`.

use std::fmt::Display;

use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};
use quote::quote_spanned;

use crate::places::Extent;

/// The mistakes found so far.
#[derive(Default)]
#[must_use = "mistakes that are not printed are lost"]
pub(crate) struct Errors {
    found: Vec<Mistake>,
    /// Items that could not be read, so that they seem to be missing.
    lost: Lost,
}

/// The kinds of items that could not be read.
#[derive(Clone, Copy, Default)]
pub(crate) struct Lost {
    pub(crate) scope: bool,
    pub(crate) route: bool,
}

enum Mistake {
    At(Extent, String),
    Syntax(syn::Error),
}

impl Errors {
    /// Runs `work` with an empty list and returns its mistakes as `compile_error!` items.
    pub(crate) fn gather<T>(work: impl FnOnce(&mut Self) -> T) -> (T, TokenStream) {
        let mut errors = Self::default();
        let outcome = work(&mut errors);
        (outcome, errors.each().collect())
    }

    /// Whether nothing has been reported so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Reports a mistake at these tokens.
    pub(crate) fn at(&mut self, extent: impl Into<Extent>, message: impl Display) {
        self.found.push(Mistake::At(extent.into(), message.to_string()));
    }

    /// Reports a syntax error.
    pub(crate) fn syntax(&mut self, error: &syn::Error) {
        self.found.push(Mistake::Syntax(error.clone()));
    }

    /// Notes that a scope, or a block, could not be read.
    pub(crate) const fn lose_scope(&mut self) {
        self.lost = Lost { scope: true, route: true };
    }

    /// Notes that a route could not be read.
    pub(crate) const fn lose_route(&mut self) {
        self.lost.route = true;
    }

    /// The kinds of items that could not be read. A reference to such an item is not a mistake.
    pub(crate) const fn lost(&self) -> Lost {
        self.lost
    }

    /// Adds the mistakes of another list.
    pub(crate) fn append(&mut self, mut others: Self) {
        self.found.append(&mut others.found);
    }

    /// Prints one `compile_error!` for each mistake.
    pub(crate) fn each(&self) -> impl Iterator<Item = TokenStream> + '_ {
        self.found.iter().map(|mistake| match mistake {
            Mistake::At(extent, message) => compile_error(*extent, message),
            Mistake::Syntax(error) => error.to_compile_error(),
        })
    }

    #[cfg(test)]
    pub(crate) fn messages(&self) -> Vec<String> {
        let text = |mistake: &Mistake| match mistake {
            Mistake::At(_, message) => message.clone(),
            Mistake::Syntax(error) => error.to_string(),
        };
        self.found.iter().map(text).collect()
    }
}

/// Prints `::core::compile_error! { ".." }`. With braces it can stand in the place of a statement,
/// an item or a type. rustc underlines from the span of its first token to the span of its last.
pub(crate) fn compile_error(extent: impl Into<Extent>, message: &str) -> TokenStream {
    let Extent { start, end } = extent.into();
    let mut message = Literal::string(message);
    message.set_span(end);
    let mut group = Group::new(Delimiter::Brace, TokenTree::Literal(message).into());
    group.set_span(end);
    quote_spanned! {start=> ::core::compile_error! #group }
}
