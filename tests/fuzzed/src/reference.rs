//! The reference of a random catalogue: it does not panic, and its pages contain every scope and
//! route.

use std::collections::BTreeMap;

use scopes_core::markdown::{code, in_cell};
use scopes_core::reference::Reference;
use scopes_core::{Access, Route, Term, UntypedCatalogue};

pub(crate) fn check(catalogue: &UntypedCatalogue) {
    let reference = Reference::new(catalogue);
    let whole = reference.catalogue("api::");
    let mut groups: BTreeMap<&str, String> = BTreeMap::new();
    for scope in catalogue.scopes() {
        let name = in_cell(&code(scope.name()));
        let row = format!("\n| <a id=\"{}\"></a>[{name}](", scope.anchor().id());
        assert!(whole.contains(&row), "{name}: {whole}");
        let own = reference.scope(scope, "super::");
        assert!(own.starts_with(&reference.name(scope)), "{own}");
        if let Some((group, _)) = scope.dotted().rsplit_once('.') {
            let page = groups.entry(group).or_insert_with(|| reference.group(group, ""));
            assert!(page.contains(&row), "{name}: {page}");
        }
    }
    // If a mistake has left a route without scopes, it does not have a page.
    let is_whole = |route: &Route<'_>| route.access() != Access::Scoped || !route.requirement().is_empty();
    for route in catalogue.routes().filter(is_whole) {
        let line = format!("\n- <a id=\"{}\"></a>{}", route.anchor().id(), code(&route.to_string()));
        let page = match first_group(route) {
            Some(group) => groups.get(group).expect("every group of a scope has a page"),
            None => &whole,
        };
        let is_listed = page.match_indices(&line).any(|(at, _)| {
            page.get(at + line.len()..).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '\n']))
        });
        assert!(is_listed, "{line:?}: {page}");
    }
}

/// The group of the scope that a route names first. `None` if its scopes do not have a group, or
/// the route does not have a scope.
fn first_group(route: Route<'_>) -> Option<&str> {
    let first = route.requirement().iter().flat_map(Term::ids).next()?;
    let (group, _) = route.catalogue().scope(first)?.dotted().rsplit_once('.')?;
    Some(group)
}
