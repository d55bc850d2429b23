//! Differences that affect no token that was issued before the change.

use std::collections::{BTreeMap, BTreeSet};

use scopes_core::{Access, Date, Deprecation, Parameter, Route, RouteId, ScopeInfo, Tenancy};

use super::both::{Both, needed, needs};
use super::{Finding, Rule, Subject};

pub(super) fn add(both: &Both<'_>, findings: &mut Vec<Finding>) {
    let mut notes = Notes { found: Vec::new() };
    catalogue(both, &mut notes);
    scopes(both, &mut notes);
    routes(both, findings, &mut notes);
    findings.append(&mut notes.found);
}

struct Notes {
    found: Vec<Finding>,
}

impl Notes {
    fn note(&mut self, rule: Rule, route: Option<Route<'_>>, message: String, subject: Subject) {
        self.found.push(Finding {
            rule,
            method: route.map(|route| route.method().to_owned()).unwrap_or_default(),
            template: route.map(Route::template).unwrap_or_default(),
            replaced: String::new(),
            message,
            subject,
            widening: None,
            breaking: None,
            is_text: rule == Rule::TextChanged,
        });
    }
}

fn catalogue(both: &Both<'_>, notes: &mut Notes) {
    if both.old.name() != both.new.name() {
        let message = format!("the catalogue `{}` is called `{}`", both.old.name(), both.new.name());
        notes.note(Rule::NameChanged, None, message, Subject::Catalogue);
    }
    if both.old.base() != both.new.base() {
        let message = format!("the base was `{}` and is `{}`", both.old.base(), both.new.base());
        notes.note(Rule::BaseChanged, None, message, Subject::Catalogue);
    }
    if both.old.tenant() != both.new.tenant() {
        let name = |tenant: Option<&str>| tenant.map_or("none".to_owned(), |name| format!("`{name}`"));
        let message =
            format!("the tenant's parameter was {} and is {}", name(both.old.tenant()), name(both.new.tenant()));
        notes.note(Rule::TenancyChanged, None, message, Subject::Catalogue);
    }
    if both.old.description() != both.new.description() {
        notes.note(Rule::TextChanged, None, "the catalogue's description has changed".to_owned(), Subject::Catalogue);
    }
}

fn scopes(both: &Both<'_>, notes: &mut Notes) {
    let by_name = |catalogue| -> BTreeMap<&str, ScopeInfo<'_>> {
        scopes_core::UntypedCatalogue::scopes(catalogue).map(|scope| (scope.name(), scope)).collect()
    };
    let (old, new) = (by_name(both.old), by_name(both.new));
    for (name, scope) in &old {
        let name = (*name).to_owned();
        let renamed = || both.new.scope_once_named(&name).and_then(|id| both.new.scope(id)).map(ScopeInfo::name);
        let Some(other) = new.get(&*name) else {
            if let Some(now) = renamed() {
                let message = format!("the scope `{name}` is `{now}` now and still takes the old name");
                notes.note(
                    Rule::ScopeRenamed,
                    None,
                    message,
                    Subject::Scopes([Some(name.clone()), Some(now.to_owned())]),
                );
                continue;
            }
            let message = format!("the scope `{name}` is gone");
            notes.note(Rule::ScopeRemoved, None, message, Subject::Scopes([Some(name), None]));
            continue;
        };
        let subject = || Subject::Scopes([Some(name.clone()), Some(name.clone())]);
        if scope.dotted() != other.dotted() {
            let message = format!("the scope `{name}` was called `{}` and is `{}`", scope.dotted(), other.dotted());
            notes.note(Rule::NameChanged, None, message, subject());
        }
        let patterns = |scope: &ScopeInfo<'_>| scope.includes().map(str::to_owned).collect::<BTreeSet<_>>();
        if patterns(scope) != patterns(other) {
            let list = |scope: &ScopeInfo<'_>| match patterns(scope).into_iter().collect::<Vec<_>>().join(" ") {
                list if list.is_empty() => "nothing".to_owned(),
                list => format!("`{list}`"),
            };
            let message = format!("the scope `{name}` included {} and includes {}", list(scope), list(other));
            notes.note(Rule::IncludesChanged, None, message, subject());
        }
        let old_names = |scope: &ScopeInfo<'_>| scope.old_names().map(str::to_owned).collect::<BTreeSet<_>>();
        if old_names(scope) != old_names(other) {
            let message = format!("the old names that the scope `{name}` still takes have changed");
            notes.note(Rule::ScopeRenamed, None, message, subject());
        }
        if schedule(scope.deprecation()) != schedule(other.deprecation()) {
            let now = deprecated(other.deprecation());
            notes.note(Rule::DeprecationChanged, None, format!("the scope `{name}` {now}"), subject());
        }
        let text = |scope: &ScopeInfo<'_>| {
            let reason = scope.deprecated().filter(|reason| !reason.is_empty());
            [Some(scope.description()), scope.title(), reason].map(|text| text.map(str::to_owned))
        };
        if text(scope) != text(other) {
            notes.note(Rule::TextChanged, None, format!("the text of the scope `{name}` has changed"), subject());
        }
    }
    let is_new = |scope: &ScopeInfo<'_>| {
        !old.contains_key(scope.name()) && !scope.old_names().any(|name| old.contains_key(name))
    };
    for (name, scope) in new.iter().filter(|(_, scope)| is_new(scope)) {
        let count = scope.routes().count();
        let routes = if count == 1 { "route names it" } else { "routes name it" };
        let message = format!("the scope `{name}` is new; {count} {routes}");
        notes.note(Rule::ScopeAdded, None, message, Subject::Scopes([None, Some((*name).to_owned())]));
    }
}

fn routes(both: &Both<'_>, findings: &[Finding], notes: &mut Notes) {
    let told: BTreeSet<[Option<RouteId>; 2]> = findings.iter().map(Finding::routes).collect();
    let told_new: BTreeSet<RouteId> = told.iter().filter_map(|[_, new]| *new).collect();
    let told_old: BTreeSet<RouteId> = told.iter().filter_map(|[old, _]| *old).collect();
    for (shape, &id) in &both.old_shapes {
        let Some(old) = both.old.route_at(id) else { continue };
        let Some(new) = both.new_shapes.get(shape).and_then(|&id| both.new.route_at(id)) else {
            if !told_old.contains(&id) {
                let message = format!("`{old}` is gone; it {}", needed(old));
                notes.note(Rule::RouteRemoved, Some(old), message, Subject::Routes([Some(id), None]));
            }
            continue;
        };
        let subject = || Subject::Routes([Some(old.id()), Some(new.id())]);
        if !told.contains(&[Some(old.id()), Some(new.id())]) {
            unaffected(old, new, &mut |rule, message| notes.note(rule, Some(new), message, subject()));
        }
        if old.name() != new.name() {
            let message = format!("`{new}` was called `{}` and is `{}`", old.name(), new.name());
            notes.note(Rule::NameChanged, Some(new), message, subject());
        }
        if schedule(old.deprecation()) != schedule(new.deprecation()) {
            let now = deprecated(new.deprecation());
            notes.note(Rule::DeprecationChanged, Some(new), format!("`{new}` {now}"), subject());
        }
        // Another demand has another reason.
        if kind(old) == kind(new) && texts(old) != texts(new) {
            notes.note(Rule::TextChanged, Some(new), format!("a text of `{new}` has changed"), subject());
        }
    }
    for (shape, &id) in both.new_shapes.iter().filter(|(_, id)| !told_new.contains(id)) {
        if let (false, Some(new)) = (both.old_shapes.contains_key(shape), both.new.route_at(id)) {
            let message = format!("`{new}` is new; it {}", needs(new));
            notes.note(Rule::RouteAdded, Some(new), message, Subject::Routes([None, Some(id)]));
        }
    }
}

/// What a deprecation says, without the text for humans.
fn schedule(deprecation: Option<Deprecation<'_>>) -> Option<(Option<Date>, Option<Date>, Option<&str>)> {
    let deprecation = deprecation?;
    Some((deprecation.since(), deprecation.sunset(), deprecation.successor().map(ScopeInfo::name)))
}

fn deprecated(deprecation: Option<Deprecation<'_>>) -> String {
    let Some(deprecation) = deprecation else { return "is not deprecated any more".to_owned() };
    let mut text = "is deprecated".to_owned();
    if let Some(since) = deprecation.since() {
        text.push_str(&format!(" since {since}"));
    }
    if let Some(sunset) = deprecation.sunset() {
        text.push_str(&format!(" until {sunset}"));
    }
    text
}

/// A demand that has changed in a way that affects no old token.
fn unaffected(old: Route<'_>, new: Route<'_>, note: &mut impl FnMut(Rule, String)) {
    let any_of = |route: Route<'_>| format!("{:?}", crate::json::any_of(route.catalogue(), route));
    if kind(old).0 != kind(new).0 {
        note(Rule::AccessChanged, format!("`{new}` {}, and {}", needed(old), needs(new)));
    } else if any_of(old) != any_of(new) {
        note(Rule::RequirementChanged, format!("`{new}` {}, and {}", needed(old), needs(new)));
    }
    if kind(old).1 != kind(new).1 {
        note(Rule::TenancyChanged, format!("`{new}` has another relation to the tenant"));
    }
    let raw = |route: Route<'_>| route.parameters().map(Parameter::is_raw).collect::<Vec<_>>();
    if raw(old) != raw(new) {
        note(Rule::RawChanged, format!("`{new}` takes other values: `#[raw]` has changed"));
    }
    let names = |route: Route<'_>| route.parameters().map(|parameter| parameter.name().to_owned()).collect::<Vec<_>>();
    if names(old) != names(new) {
        note(Rule::NameChanged, format!("a parameter of `{old}` has another name in `{new}`"));
    }
}

/// The access and the tenancy of a route, without their reasons.
fn kind(route: Route<'_>) -> (u8, u8) {
    let access = match route.access() {
        Access::Scoped => 0,
        Access::Public(_) => 1,
        Access::Authenticated(_) => 2,
        Access::External(_) => 3,
    };
    let tenancy = match route.tenancy() {
        Tenancy::NotApplicable => 0,
        Tenancy::Bound => 1,
        Tenancy::Global(_) => 2,
        Tenancy::Unbound(_) => 3,
    };
    (access, tenancy)
}

/// The texts for humans.
fn texts(route: Route<'_>) -> (&str, Option<&str>, &str, &str) {
    let access = match route.access() {
        Access::Scoped => "",
        Access::Public(reason) | Access::Authenticated(reason) | Access::External(reason) => reason,
    };
    let tenancy = match route.tenancy() {
        Tenancy::NotApplicable | Tenancy::Bound => "",
        Tenancy::Global(reason) | Tenancy::Unbound(reason) => reason,
    };
    (route.description(), route.deprecated().filter(|reason| !reason.is_empty()), access, tenancy)
}
