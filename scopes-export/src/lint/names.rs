//! Findings about scopes: their texts, names that are easily confused, scopes without an effect of
//! their own.

use std::collections::BTreeMap;

use scopes_core::{ScopeId, ScopeInfo, UntypedCatalogue};

use super::{Lint, Rule, Subject};

pub(super) fn lint(catalogue: &UntypedCatalogue, found: &mut Vec<Lint>) {
    for scope in catalogue.scopes() {
        if scope.description().is_empty() && scope.title().is_none() {
            let name = scope.name();
            found.push(of(Rule::NoText, scope, format!("the scope `{name}` has neither a title nor a description")));
        }
        hidden(catalogue, scope, found);
    }
    near_duplicates(catalogue, found);
}

fn of(rule: Rule, scope: ScopeInfo<'_>, message: String) -> Lint {
    Lint { rule, subject: Subject::Scope(scope.id()), about: scope.name().to_owned(), message }
}

/// Names that differ only by case, separators or a plural.
fn near_duplicates(catalogue: &UntypedCatalogue, found: &mut Vec<Lint>) {
    let mut known: BTreeMap<String, &str> = BTreeMap::new();
    for scope in catalogue.scopes() {
        let name = scope.name();
        let words = name.split(|character: char| !character.is_alphanumeric()).map(str::to_lowercase);
        let key: String = words.map(|word| word.strip_suffix('s').map_or(word.clone(), str::to_owned)).collect();
        match known.get(&key) {
            Some(other) => {
                found.push(of(
                    Rule::NearDuplicate,
                    scope,
                    format!("the scope `{name}` is easily confused with `{other}`"),
                ));
            }
            None => {
                known.insert(key, name);
            }
        }
    }
}

/// A scope whose every route is opened by one wider scope, which does not include it.
fn hidden(catalogue: &UntypedCatalogue, scope: ScopeInfo<'_>, found: &mut Vec<Lint>) {
    let mut others: Option<Vec<ScopeId>> = None;
    let mut count = 0_usize;
    for route in scope.routes() {
        count += 1;
        let alone = |id: ScopeId| {
            route.requirement().iter().any(|alternative| alternative.len() == 1 && alternative.contains(id))
        };
        let before = others.take();
        others = Some(match before {
            None => catalogue.scopes().map(ScopeInfo::id).filter(|id| *id != scope.id() && alone(*id)).collect(),
            Some(before) => before.into_iter().filter(|id| alone(*id)).collect(),
        });
        if others.as_ref().is_some_and(Vec::is_empty) {
            return;
        }
    }
    let wider = others
        .into_iter()
        .flatten()
        .filter_map(|id| catalogue.scope(id))
        .find(|other| other.routes().count() > count && !other.members().any(|member| member == scope.id()));
    if let Some(wider) = wider {
        let (name, wider) = (scope.name(), wider.name());
        let message = format!("`{wider}` opens every route of `{name}`, and does not include it");
        found.push(of(Rule::HiddenScope, scope, message));
    }
}
