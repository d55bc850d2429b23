//! Findings about routes: who wins, what a method does under which scope.

use scopes_core::template::lies_within;
use scopes_core::{Access, Route, ScopeInfo, UntypedCatalogue};

use super::{Lint, Rule, Subject};
use crate::reference::{is_safe, issues_tokens};

pub(super) fn lint(catalogue: &UntypedCatalogue, found: &mut Vec<Lint>) {
    overlaps(catalogue, found);
    open_wins(catalogue, found);
    for route in catalogue.routes().filter(|route| route.access() == Access::Scoped) {
        methods(catalogue, route, found);
        issuing(catalogue, route, found);
    }
}

fn of(rule: Rule, route: Route<'_>, message: String) -> Lint {
    Lint { rule, subject: Subject::Route(route.id()), about: route.to_string(), message }
}

fn overlaps(catalogue: &UntypedCatalogue, found: &mut Vec<Lint>) {
    for overlap in catalogue.overlaps() {
        let Some(route) = catalogue.route_by_template(overlap.method(), overlap.winner()) else { continue };
        let rule = if matches!(route.access(), Access::Public(_)) { Rule::OpenWins } else { Rule::Overlap };
        let message = format!(
            "`{route}` wins over `{}` on `{}`: it needs {}, the other {}",
            overlap.loser(),
            overlap.witness(),
            words(overlap.winner_needs()),
            words(overlap.loser_needs()),
        );
        found.push(of(rule, route, message));
    }
}

fn words(needs: &str) -> String {
    if needs.is_empty() { "nothing".to_owned() } else { format!("`{needs}`") }
}

/// Routes without a scope that take some paths of a scoped route.
fn open_wins(catalogue: &UntypedCatalogue, found: &mut Vec<Lint>) {
    let is_open = |route: &Route<'_>| matches!(route.access(), Access::Public(_));
    for open in catalogue.routes().filter(is_open) {
        let scoped = catalogue.routes().find(|other| {
            other.access().needs_grant() && other.method() == open.method() && lies_within(open.path(), other.path())
        });
        if let Some(scoped) = scoped {
            found.push(of(Rule::OpenWins, open, format!("`{open}` is public and takes paths of `{scoped}`")));
        }
    }
}

fn methods(catalogue: &UntypedCatalogue, route: Route<'_>, found: &mut Vec<Lint>) {
    let only = |ending: &str| {
        route.requirement().iter().find_map(|alternative| {
            let mut names = alternative.ids().filter_map(|id| catalogue.scope(id)).map(ScopeInfo::name);
            let last = |name: &str| name.rsplit(['.', ':', '/', '_', '-']).next().map(str::to_ascii_lowercase);
            let first = names.clone().next()?;
            names.all(|name| last(name).as_deref() == Some(ending)).then_some(first)
        })
    };
    let is_safe = is_safe(route.method());
    if let (false, Some(name)) = (is_safe, only("read")) {
        let message = format!("`{route}` changes something and needs only `{name}`");
        found.push(of(Rule::WriteUnderRead, route, message));
    }
    let all_write = route.requirement().iter().all(|alternative| {
        alternative.ids().filter_map(|id| catalogue.scope(id)).any(|scope| scope.name().ends_with(".write"))
    });
    if let (true, true, Some(name)) = (is_safe, all_write, only("write")) {
        found.push(of(Rule::ReadUnderWrite, route, format!("`{route}` reads and needs `{name}`")));
    }
}

fn issuing(catalogue: &UntypedCatalogue, route: Route<'_>, found: &mut Vec<Lint>) {
    if issues_tokens(route) {
        let needs = route.requirement().display(catalogue);
        found.push(of(Rule::IssuesTokens, route, format!("`{route}` seems to issue tokens, to holders of `{needs}`")));
    }
}
