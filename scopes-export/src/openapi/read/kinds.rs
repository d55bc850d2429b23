//! The kinds of credentials of a document. A catalogue does not tell them apart.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;

use super::security::{Alternative, Security};

/// A kind of credentials: the schemes that are needed together.
type Combination = BTreeSet<Rc<str>>;

/// The kinds that the operations of a document ask for.
#[derive(Debug, Default)]
pub(super) struct Kinds {
    all: HashSet<Combination>,
    with_scopes: HashSet<Combination>,
    of_scope: HashMap<Rc<str>, HashSet<Combination>>,
}

impl Kinds {
    pub(super) fn add(&mut self, security: &Security) {
        for alternative in &security.alternatives {
            if !self.all.contains(&alternative.schemes) {
                self.all.insert(alternative.schemes.clone());
            }
            if alternative.scopes.is_empty() {
                continue;
            }
            if !self.with_scopes.contains(&alternative.schemes) {
                self.with_scopes.insert(alternative.schemes.clone());
            }
            for scope in &alternative.scopes {
                let kinds = self.of_scope.entry(Rc::clone(scope)).or_default();
                if !kinds.contains(&alternative.schemes) {
                    kinds.insert(alternative.schemes.clone());
                }
            }
        }
    }

    /// Whether the operation, which asks for no scope, accepts every kind of credentials that there
    /// is.
    pub(super) fn accepts_all(&self, security: &Security) -> bool {
        let accepted: HashSet<&Combination> = security.alternatives.iter().map(|one| &one.schemes).collect();
        accepted.len() == self.all.len()
    }

    /// Whether the scopes of the alternative imply its kind of credentials.
    pub(super) fn is_implied(&self, alternative: &Alternative) -> bool {
        let is_only = |kinds: &HashSet<Combination>| kinds.len() == 1;
        is_only(&self.with_scopes)
            || (alternative.schemes.len() == 1
                && alternative.scopes.iter().all(|scope| self.of_scope.get(scope).is_some_and(is_only)))
    }
}

/// The schemes as a text: `a` and `b`.
pub(super) fn together(schemes: &Combination) -> String {
    schemes.iter().map(|scheme| format!("`{scheme}`")).collect::<Vec<_>>().join(" and ")
}

/// The kinds as a text: `a` and `b`, or `c`.
pub(super) fn either(security: &Security) -> String {
    let mut kinds: Vec<String> = Vec::new();
    // A text for people: a few kinds are enough.
    for alternative in security.alternatives.iter().take(16) {
        let kind = together(&alternative.schemes);
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds.join(", or ")
}
