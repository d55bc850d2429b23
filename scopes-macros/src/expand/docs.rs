//! The documentation of a scope: what hover and rustdoc show on its variant, constant and permit
//! marker. Also the documentation of a route.

use std::fmt::Write as _;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use scopes_core::{Access, Route, ScopeInfo, Tenancy, Term, UntypedCatalogue};

use super::inert::{inert, summary};

/// Rows of a route table; each is printed twice.
const MOST_ROWS: usize = 60;

/// What is said of one scope. The human text is whole in one place only, because rustdoc reports a
/// mistake in it wherever it stands.
pub(super) struct Docs {
    /// Where the text was written; the name, if there is none.
    span: Span,
    /// For the variant.
    whole: String,
    /// The beginning of the text, and all that the declaration says: for the constant, at which an
    /// IDE looks.
    declared: String,
    /// The beginning of the text: for the marker.
    brief: String,
}

impl Docs {
    pub(super) fn new(catalogue: &UntypedCatalogue, info: ScopeInfo<'_>, routes: &[Route<'_>], span: Span) -> Self {
        let text = info.description();
        let (mut whole, mut brief) = (inert(text), inert(summary(text)));
        for docs in [&mut whole, &mut brief] {
            paragraph(docs, format_args!("Scope `{}`.", info.name()));
        }
        let mut declared = brief.clone();
        for docs in [&mut whole, &mut declared] {
            say_what_is_declared(docs, catalogue, info, routes);
        }
        Self { span, whole, declared, brief }
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

/// Documentation that holds text of the user's. rustdoc must not run a test from it, even if it
/// looks like code.
pub(super) fn attribute(text: &str, span: Span) -> TokenStream {
    // The span, so that rustdoc speaks of the user's file.
    let span = span.resolved_at(Span::mixed_site());
    let mut literal = proc_macro2::Literal::string(text);
    literal.set_span(span);
    quote_spanned!(span=> #[cfg_attr(not(doctest), doc = #literal)])
}

/// What the declaration says of a scope beside its name and text.
fn say_what_is_declared(docs: &mut String, catalogue: &UntypedCatalogue, info: ScopeInfo<'_>, routes: &[Route<'_>]) {
    match info.deprecated() {
        Some("") => paragraph(docs, format_args!("**Deprecated.**")),
        Some(why) => paragraph(docs, format_args!("**Deprecated:** {why}")),
        None => {}
    }
    let includes: Vec<_> = info.includes().map(|pattern| format!("`{pattern}`")).collect();
    if !includes.is_empty() {
        paragraph(docs, format_args!("Includes {}.", includes.join(", ")));
    }
    if !routes.is_empty() {
        docs.push_str("\n\n| Route | |\n|---|---|");
    }
    for route in routes.iter().take(MOST_ROWS) {
        let _ = write!(
            docs,
            "\n| `{} {}` | {} |",
            route.method(),
            cell(&route.template()),
            cell(&remarks(catalogue, info, *route))
        );
    }
    if let Some(more) = routes.len().checked_sub(MOST_ROWS).filter(|more| *more > 0) {
        paragraph(docs, format_args!("And {more} more."));
    }
}

/// The documentation of a route's field in `Routes`.
pub(super) fn route(catalogue: &UntypedCatalogue, route: Route<'_>, span: Span) -> TokenStream {
    let mut docs = String::new();
    paragraph(&mut docs, format_args!("`{} {}`", route.method(), route.template()));
    if !route.description().is_empty() {
        paragraph(&mut docs, format_args!("{}", route.description()));
    }
    match route.access() {
        Access::Scoped => paragraph(&mut docs, format_args!("Needs {}.", alternatives(catalogue, route).join(", or "))),
        Access::Authenticated(why) => paragraph(&mut docs, format_args!("Needs a grant, no scope: {why}.")),
        Access::Public(why) => paragraph(&mut docs, format_args!("Open to everybody: {why}.")),
        Access::External(why) => paragraph(&mut docs, format_args!("Guarded by something else: {why}.")),
    }
    match route.tenancy() {
        Tenancy::Unbound(_) => paragraph(&mut docs, format_args!("The handler compares the tenant.")),
        Tenancy::Bound | Tenancy::Global(_) | Tenancy::NotApplicable => {}
    }
    match route.deprecated() {
        Some("") => paragraph(&mut docs, format_args!("**Deprecated.**")),
        Some(why) => paragraph(&mut docs, format_args!("**Deprecated:** {why}")),
        None => {}
    }
    attribute(&docs, span)
}

/// What each alternative of a route's requirement names.
fn alternatives(catalogue: &UntypedCatalogue, route: Route<'_>) -> Vec<String> {
    let names = |term: Term<'_>| {
        let names = term.ids().filter_map(|id| catalogue.scope(id)).map(|scope| format!("`{}`", scope.name()));
        names.collect::<Vec<_>>().join(" and ")
    };
    route.requirement().iter().map(names).collect()
}

fn paragraph(docs: &mut String, text: std::fmt::Arguments<'_>) {
    if !docs.is_empty() {
        docs.push_str("\n\n");
    }
    docs.push_str(&inert(&text.to_string()));
}

/// What is worth saying of a route: its text, and where more or other than this scope is demanded.
fn remarks(catalogue: &UntypedCatalogue, info: ScopeInfo<'_>, route: Route<'_>) -> String {
    let mut remarks = Vec::new();
    match route.deprecated() {
        Some("") => remarks.push("**Deprecated.**".to_owned()),
        Some(why) => remarks.push(format!("**Deprecated:** {why}")),
        None => {}
    }
    if let Some(first) = route.description().split("\n\n").next().filter(|text| !text.is_empty()) {
        remarks.push(first.to_owned());
    }
    let alternatives = alternatives(catalogue, route);
    let alone = format!("`{}`", info.name());
    if alternatives.iter().any(|alternative| *alternative != alone) {
        remarks.push(format!("Needs {}.", alternatives.join(", or ")));
    }
    if let Tenancy::Unbound(_) = route.tenancy() {
        remarks.push("The handler compares the tenant.".to_owned());
    }
    for remark in &mut remarks {
        if !remark.ends_with(['.', '!', '?', ':', '`', '*']) {
            remark.push('.');
        }
    }
    remarks.join(" ")
}

/// Text in one cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
