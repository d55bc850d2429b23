//! Documentation as attributes: what hover and rustdoc show on the catalogue's module, on groups,
//! on a scope's variant, constant and permit marker, and on a route's field. The core writes the
//! texts.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{quote, quote_spanned};
use scopes_core::reference::Reference;
use scopes_core::{Route, ScopeInfo, UntypedCatalogue};

use super::inert::{closing, inert};

/// The documentation of one scope. Only one place has the whole human text, because rustdoc reports
/// a mistake in it at every place.
pub(super) struct Docs {
    /// The span of the text; without a text, the span of the name.
    span: Span,
    /// For the variant: the whole text, and the full declaration.
    whole: String,
    /// For the constant, which an IDE shows: the beginning of the text, and the full declaration.
    declared: String,
    /// For the marker: the beginning of the text.
    brief: String,
    /// The text of Rust's own attribute, if the scope is deprecated.
    deprecated: Option<String>,
}

impl Docs {
    pub(super) fn new(reference: &Reference<'_>, info: ScopeInfo<'_>, span: Span) -> Self {
        let summary = reference.summary(info);
        // The constant is in as many modules as the name has segments before the last one.
        let up = up(info.dotted().matches('.').count());
        Self {
            span,
            whole: joined(inert(info.description()), &reference.scope(info, "")),
            declared: joined(summary.clone(), &reference.scope(info, &up)),
            brief: joined(summary, &reference.name(info)),
            deprecated: reference.deprecation_note(info),
        }
    }

    pub(super) fn whole(&self) -> TokenStream {
        attribute(&self.whole, self.span)
    }

    pub(super) fn declared(&self) -> TokenStream {
        attribute(&self.declared, self.span)
    }

    /// Rust's attribute for the variant and the constant, which code writes to grant the scope. The
    /// marker does not have it, because the handlers of a deprecated scope must go on to name it.
    pub(super) fn deprecated(&self) -> Option<TokenStream> {
        self.deprecated.as_deref().map(|note| match note {
            "" => quote!(#[deprecated]),
            note => quote!(#[deprecated(note = #note)]),
        })
    }

    pub(super) fn brief(&self) -> TokenStream {
        attribute(&self.brief, self.span)
    }
}

/// The documentation of a route's field in `Routes`, which is `depth` modules below the
/// catalogue's.
pub(super) fn route(reference: &Reference<'_>, route: Route<'_>, depth: usize, span: Span) -> TokenStream {
    let text = joined(reference.endpoint(route), &inert(route.description()));
    attribute(&joined(text, &reference.route(route, &up(depth))), span)
}

/// The page of a group, whose module is `depth` modules below the catalogue's.
pub(super) fn group(reference: &Reference<'_>, path: &str, depth: usize) -> TokenStream {
    let path = &dotted(path);
    let summary = reference.group_summary(path);
    // rustdoc resolves links on a module from the module around it.
    let page = page("", &reference.group(path, &up(depth - 1)));
    quote!(#[doc = #summary] #page)
}

/// The page of the catalogue, after the text of its module.
pub(super) fn catalogue(catalogue: &UntypedCatalogue, reference: &Reference<'_>) -> TokenStream {
    let end = closing(catalogue.description()).unwrap_or_default();
    page(&end, &reference.catalogue(&format!("{}::", catalogue.name())))
}

/// The dotted name for a path of identifiers.
pub(super) fn dotted(path: &str) -> String {
    path.replace("r#", "")
}

/// Makes documentation that may be long: only rustdoc sees it, neither rustc nor an IDE.
fn page(end_of_text: &str, text: &str) -> TokenStream {
    if text.is_empty() {
        return TokenStream::new();
    }
    let text = format!("{end_of_text}\n\n{text}");
    quote!(#[cfg_attr(all(doc, not(doctest)), doc = #text)])
}

/// Makes documentation that contains text of the user's. rustdoc must not run a test from it, even
/// if it looks like code.
fn attribute(text: &str, span: Span) -> TokenStream {
    // With this span, rustdoc reports problems at the user's file.
    let span = span.resolved_at(Span::mixed_site());
    let mut literal = Literal::string(text);
    literal.set_span(span);
    quote_spanned!(span=> #[cfg_attr(not(doctest), doc = #literal)])
}

/// The path to the catalogue's module, for links from a module that is `depth` modules below it.
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
