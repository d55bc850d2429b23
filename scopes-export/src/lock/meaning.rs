//! What a scope's name means: the routes that it opens and the scopes that it includes.

use scopes_core::{ScopeInfo, UntypedCatalogue};

/// Finds a scope by its current name or by an old one.
pub(super) fn scope_of<'c>(catalogue: &'c UntypedCatalogue, name: &str) -> Option<ScopeInfo<'c>> {
    let id = catalogue.scope_named(name).or_else(|| catalogue.scope_once_named(name));
    id.and_then(|id| catalogue.scope(id))
}

/// All names that tokens may hold, also old ones.
pub(super) fn names(catalogue: &UntypedCatalogue) -> impl Iterator<Item = &str> {
    catalogue.scopes().flat_map(|scope| std::iter::once(scope.name()).chain(scope.old_names()))
}

/// A line for each route that the scope opens, alone or with others, and for each scope that it
/// includes. The scope itself is not named, because it may be renamed.
pub(super) fn meaning(catalogue: &UntypedCatalogue, scope: ScopeInfo<'_>) -> Vec<String> {
    let name = |id| catalogue.scope(id).map_or("", ScopeInfo::name);
    let mut lines: Vec<String> = scope.members().map(|member| format!("includes {}", name(member))).collect();
    for route in catalogue.routes() {
        for alternative in route.requirement().iter().filter(|alternative| alternative.contains(scope.id())) {
            let mut others: Vec<&str> = alternative.ids().filter(|id| *id != scope.id()).map(name).collect();
            others.sort_unstable();
            lines.push(match others.as_slice() {
                [] => route.to_string(),
                others => format!("{route} with {}", others.join(" ")),
            });
        }
    }
    lines.sort();
    lines
}
