//! Look-up of names in the table of a catalogue.

use scopes_core::name::identifier;

use crate::requires::wire::names::NameTable;

impl NameTable {
    /// The dotted names, in declaration order.
    pub(in crate::requires) fn all(&self) -> impl Iterator<Item = &str> + Clone {
        self.scopes.iter().map(|scope| scope.dotted.as_str())
    }

    pub(in crate::requires) fn get(&self, position: usize) -> Option<&str> {
        self.scopes.get(position).map(|scope| scope.dotted.as_str())
    }

    /// The position of the scope that an attribute names. Attributes write a `_` before a segment
    /// that begins with a digit.
    pub(in crate::requires) fn position(&self, written: &str) -> Option<usize> {
        let by_name = self.all().position(|name| name == written);
        by_name.or_else(|| {
            self.all().position(|name| name.split('.').map(spelled).eq(written.split('.').map(str::to_owned)))
        })
    }

    /// Whether these segments are the name of a scope or of a group.
    pub(super) fn has_prefix(&self, written: &[String]) -> bool {
        self.position(&written.join(".")).is_some() || !self.after(written).is_empty()
    }

    /// The segments that can follow a prefix, in declaration order.
    pub(super) fn after(&self, prefix: &[String]) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for name in self.all() {
            let mut segments = name.split('.').map(spelled);
            if prefix.iter().all(|wanted| segments.next().as_ref() == Some(wanted))
                && let Some(next) = segments.next()
                && !found.contains(&next)
            {
                found.push(next);
            }
        }
        found
    }
}

/// A segment in the spelling of Rust code, without `r#`.
fn spelled(segment: &str) -> String {
    let identifier = identifier(segment);
    identifier.strip_prefix("r#").map_or(identifier.clone(), str::to_owned)
}
