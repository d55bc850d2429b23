//! The documentation of a scope: what hover and rustdoc show on its variant, constant and permit marker. And that of a route.

use std::fmt::Write as _;

use scopes_core::catalogue::ScopeInfo;
use scopes_core::requirement::Term;
use scopes_core::{Access, Catalogue, Route, Tenancy};

/// Rows of a route table; each is printed three times.
const MOST_ROWS: usize = 60;

pub(super) fn scope(catalogue: &Catalogue, info: ScopeInfo<'_>, routes: &[Route<'_>]) -> String {
    let mut docs = String::new();
    if info.description().is_empty() {
        paragraph(&mut docs, format_args!("Scope `{}`.", info.name()));
    } else {
        paragraph(&mut docs, format_args!("{}", info.description()));
        paragraph(&mut docs, format_args!("Scope `{}`.", info.name()));
    }
    match info.deprecated() {
        Some("") => paragraph(&mut docs, format_args!("**Deprecated.**")),
        Some(why) => paragraph(&mut docs, format_args!("**Deprecated:** {why}")),
        None => {}
    }
    let includes: Vec<_> = info.includes().map(|pattern| format!("`{pattern}`")).collect();
    if !includes.is_empty() {
        paragraph(&mut docs, format_args!("Includes {}.", includes.join(", ")));
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
        paragraph(&mut docs, format_args!("And {more} more."));
    }
    docs
}

/// The documentation of a route's field in `Routes`.
pub(super) fn route(catalogue: &Catalogue, route: Route<'_>) -> String {
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
    docs
}

/// What each alternative of a route's requirement names.
fn alternatives(catalogue: &Catalogue, route: Route<'_>) -> Vec<String> {
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
    let _ = write!(docs, "{text}");
}

/// What is worth saying of a route: its text, and where more or other than this scope is demanded.
fn remarks(catalogue: &Catalogue, info: ScopeInfo<'_>, route: Route<'_>) -> String {
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
