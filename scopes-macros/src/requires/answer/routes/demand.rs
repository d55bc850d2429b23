//! Compares the demand of a handler with the demand of a route.

use super::declared::DeclaredRoute;
use crate::requires::wire::names::NameTable;
use crate::requires::wire::routes::{Alternatives, Demand};

/// The demand in the annotation of a handler.
pub(super) struct HandlerDemand<'n> {
    pub(super) alternatives: Alternatives,
    /// Whether the handler may demand more than its route.
    pub(super) stricter: bool,
    pub(super) names: &'n NameTable,
}

impl HandlerDemand<'_> {
    /// The reason why a handler of this route cannot have this annotation; `None` if it can.
    pub(super) fn mismatch(&self, route: &DeclaredRoute) -> Option<String> {
        let DeclaredRoute { method, text, demand, .. } = route;
        let demanded = match demand {
            Demand::Scopes(demanded) => demanded,
            Demand::Public => {
                return Some(format!("`{method} {text}` is public, it needs no scope: remove `#[requires]`"));
            }
            Demand::Authenticated => {
                return Some(format!(
                    "`{method} {text}` demands a valid grant and no scope: take the `Grant` as a parameter, without `#[requires]`"
                ));
            }
            Demand::External => {
                return Some(format!("`{method} {text}` is checked outside of this catalogue: remove `#[requires]`"));
            }
        };
        let own = &self.alternatives;
        let enough = implies(own, demanded);
        if enough && (self.stricter || implies(demanded, own)) {
            return None;
        }
        let (own, demanded) = (display(own, self.names), display(demanded, self.names));
        Some(if self.stricter {
            format!("`{method} {text}` demands {demanded}, which this handler's {own} does not imply")
        } else if enough {
            format!(
                "`{method} {text}` demands {demanded}, this handler demands {own}, which is more: write `stricter` if that is meant"
            )
        } else {
            format!("`{method} {text}` demands {demanded}, this handler demands {own}")
        })
    }

    pub(super) fn display(&self) -> String {
        display(&self.alternatives, self.names)
    }

    /// The demand of a route, for messages.
    pub(super) fn display_of(&self, demand: &Demand) -> String {
        match demand {
            Demand::Scopes(alternatives) => display(alternatives, self.names),
            Demand::Public => "public".to_owned(),
            Demand::Authenticated => "any valid grant".to_owned(),
            Demand::External => "external".to_owned(),
        }
    }
}

/// Whether every grant that satisfies `these` satisfies `those` too.
fn implies(these: &Alternatives, those: &Alternatives) -> bool {
    these.iter().all(|this| those.iter().any(|that| that.iter().all(|scope| this.contains(scope))))
}

/// Writes a demand: `` `a.b` ``, `` `any(a.b, all(c.d, e.f))` ``.
fn display(alternatives: &Alternatives, names: &NameTable) -> String {
    let combined = |word: &str, parts: Vec<String>| match &*parts {
        [part] => part.clone(),
        parts => format!("{word}({})", parts.join(", ")),
    };
    let term =
        |term: &Vec<usize>| combined("all", term.iter().map(|&id| names.get(id).unwrap_or("?").to_owned()).collect());
    format!("`{}`", combined("any", alternatives.iter().map(term).collect()))
}
