//! Documentation as attributes: what hover and rustdoc show on the catalogue's module, on groups,
//! on a scope's variant, constant and permit marker, and on a route's field. The core writes the
//! texts.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use scopes_core::reference::Reference;
use scopes_core::{Route, ScopeInfo, UntypedCatalogue};

use super::inert::{closing, inert};

/// What is said of one scope. The human text is whole in one place only, because rustdoc reports a
/// mistake in it wherever it stands.
pub(super) struct Docs {
    /// Where the text was written; the name, if there is none.
    span: Span,
    /// For the variant: the whole text, and all that the declaration says.
    whole: String,
    /// For the constant, at which an IDE looks: the beginning of the text, and all that the
    /// declaration says.
    declared: String,
    /// For the marker: the beginning of the text.
    brief: String,
}

impl Docs {
    pub(super) fn new(reference: &Reference<'_>, info: ScopeInfo<'_>, span: Span) -> Self {
        let summary = reference.summary(info);
        // The constant stands in a module for each segment but the last.
        let up = up(info.dotted().matches('.').count());
        Self {
            span,
            whole: joined(inert(info.description()), &reference.scope(info, "")),
            declared: joined(summary.clone(), &reference.scope(info, &up)),
            brief: joined(summary, &reference.name(info)),
        }
    }

    pub(super) fn whole(&self) -> TokenStream {
        attribute(&self.whole, self.span)
    }

    pub(super) fn declared(&self) -> TokenStream {
        attribute(&self.declared, self.span)
    }

    pub(super) fn brief(&self) -> TokenStream {
        attribute(&self.brief, self.span)
    }
}

/// The documentation of a route's field in `Routes`, so many modules below the catalogue's.
pub(super) fn route(reference: &Reference<'_>, route: Route<'_>, depth: usize, span: Span) -> TokenStream {
    let text = joined(reference.endpoint(route), &inert(route.description()));
    attribute(&joined(text, &reference.route(route, &up(depth))), span)
}

/// The page of a group, whose module is so many modules below the catalogue's.
pub(super) fn group(reference: &Reference<'_>, path: &str, depth: usize) -> TokenStream {
    let path = &dotted(path);
    let summary = reference.group_summary(path);
    // What stands on a module is read in the module around it.
    let page = page("", &reference.group(path, &up(depth - 1)));
    quote!(#[doc = #summary] #page)
}

/// The page of the catalogue below the text that its module has.
pub(super) fn catalogue(catalogue: &UntypedCatalogue, reference: &Reference<'_>) -> TokenStream {
    let end = closing(catalogue.description()).unwrap_or_default();
    page(&end, &reference.catalogue(&format!("{}::", catalogue.name())))
}

/// The dotted name that a path of identifiers stands for.
pub(super) fn dotted(path: &str) -> String {
    path.replace("r#", "")
}

/// Documentation of which there is much: only rustdoc sees it, neither rustc nor an IDE.
fn page(end_of_text: &str, text: &str) -> TokenStream {
    if text.is_empty() {
        return TokenStream::new();
    }
    let text = format!("{end_of_text}\n\n{text}");
    quote!(#[cfg_attr(all(doc, not(doctest)), doc = #text)])
}

/// Documentation that holds text of the user's. rustdoc must not run a test from it, even if it
/// looks like code.
fn attribute(text: &str, span: Span) -> TokenStream {
    // The span, so that rustdoc speaks of the user's file.
    let span = span.resolved_at(Span::mixed_site());
    let mut literal = Literal::string(text);
    literal.set_span(span);
    quote_spanned!(span=> #[cfg_attr(not(doctest), doc = #literal)])
}

/// The path of the catalogue's module from one so many modules below, as links have it.
fn up(depth: usize) -> String {
    "super::".repeat(depth)
}

fn joined(mut text: String, more: &str) -> String {
    if !text.is_empty() && !more.is_empty() {
        text.push_str("\n\n");
    }
    text.push_str(more);
    text
}
