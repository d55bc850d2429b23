//! Dotted names of scopes, and names of routes.

use std::collections::HashSet;

use scopes_core::declaration::{At, ScopeDeclaration};
use scopes_core::name::{check_dotted, dotted, pascal_case, snake_case};

/// Gives a dotted name of its own to each scope whose derived name another scope has, or that Rust
/// cannot have. Returns the indexes of these scopes.
pub(super) fn settle_dotted(scopes: &mut [ScopeDeclaration]) -> Vec<usize> {
    let mut taken = Taken::of(scopes);
    // A scope that has its name already, or whose wire name is a dotted name, keeps it.
    let mut later = Vec::new();
    for (index, scope) in scopes.iter().enumerate() {
        let wire = &scope.name.value;
        let own = scope.dotted.as_ref().map_or(wire, |dotted| &dotted.value);
        if !(taken.is_free(own, wire) && taken.claim(own)) {
            later.push(index);
        }
    }
    let mut changed = Vec::new();
    for index in later {
        let Some(scope) = scopes.get_mut(index) else { continue };
        let wire = scope.name.value.clone();
        let derived = dotted(&wire);
        if derived.as_ref().is_some_and(|derived| taken.is_free(derived, &wire) && taken.claim(derived)) {
            scope.dotted = None;
            continue;
        }
        let stem = derived.unwrap_or_else(|| "scope".to_owned());
        let stem = possible(&stem);
        let numbered = std::iter::once(stem.clone()).chain((2..).map(|number| format!("{stem}_{number}")));
        // With more attempts than scopes there is a free name, unless the stem is wrong.
        let mut free = numbered.take(taken.wires.len() + 2).filter(|name| taken.is_free(name, &wire));
        if let Some(name) = free.next() {
            drop(free);
            taken.claim(&name);
            scope.dotted = Some(At::new(name, scope.name.place));
            changed.push(index);
        }
    }
    changed
}

/// The name with another spelling of the parts that no dotted name can have, such as `self`.
fn possible(name: &str) -> String {
    let part = |part: &str| if check_dotted(part).is_ok() { part.to_owned() } else { format!("{part}_") };
    name.split('.').map(part).collect::<Vec<_>>().join(".")
}

struct Taken {
    wires: HashSet<String>,
    dotted: HashSet<String>,
    types: HashSet<String>,
}

impl Taken {
    fn of(scopes: &[ScopeDeclaration]) -> Self {
        let wires = scopes.iter().map(|scope| scope.name.value.clone()).collect();
        // Every catalogue has an item of this name.
        Self { wires, dotted: HashSet::new(), types: HashSet::from(["ALL".to_owned()]) }
    }

    fn is_free(&self, name: &str, own_wire: &str) -> bool {
        check_dotted(name).is_ok()
            && !self.dotted.contains(name)
            && !self.types.contains(&pascal_case(name))
            && (name == own_wire || !self.wires.contains(name))
    }

    fn claim(&mut self, name: &str) -> bool {
        self.types.insert(pascal_case(name));
        self.dotted.insert(name.to_owned())
    }
}

/// The name of a route for an `operationId`; `None` if nothing of it can be in an identifier.
pub(super) fn route_name(operation_id: &str) -> Option<String> {
    let mut name = snake_case(operation_id);
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert(0, '_');
    }
    (!name.is_empty() && snake_case(&name) == name).then_some(name)
}

#[cfg(test)]
mod tests {
    use scopes_core::UntypedCatalogue;
    use scopes_core::declaration::{Declaration, Item, ScopeDeclaration};

    use super::settle_dotted;

    #[test]
    fn every_scope_gets_a_dotted_name() {
        let wires = [
            "users:read",
            "users.read",
            "users_read",
            "users/read",
            "*",
            "self",
            "Scope",
            "ALL",
            "all",
            "a.self.b",
            "__a",
            "3d:x",
            "+",
            "scope",
            "users.read_2",
            "Users:Read",
            "a::b",
            "_",
            "a._",
            "crate.x",
        ];
        let mut scopes: Vec<ScopeDeclaration> = wires.iter().map(|wire| ScopeDeclaration::new(*wire)).collect();
        settle_dotted(&mut scopes);
        let mut declaration = Declaration::new("api");
        declaration.items = scopes.into_iter().map(Item::Scope).collect();
        let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
        assert_eq!(catalogue.scopes().len(), wires.len());
        let dotted = |wire: &str| catalogue.scope(catalogue.scope_named(wire).unwrap()).unwrap().dotted().to_owned();
        assert_eq!(dotted("users.read"), "users.read");
        assert_eq!(dotted("users:read"), "users.read_3");
    }
}
