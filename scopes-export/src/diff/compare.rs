//! From pairs of routes to findings.

use std::collections::{BTreeMap, BTreeSet};

use scopes_core::{Access, Route, RouteId, Tenancy, UntypedCatalogue};

use super::both::{Both, needed, needs, shape};
use super::demand::{Demands, Side};
use super::effect::smallest_caller;
use super::names::{Interner, Names, Sets};
use super::walk::{Pair, Witness, pairs};
use super::{Diff, Effect, Finding, Rule, Subject, TooComplex, notes};

pub(super) fn compare(old: &UntypedCatalogue, new: &UntypedCatalogue, removed: &[&str]) -> Result<Diff, TooComplex> {
    let names = Names::of(old, removed);
    let (mut sets, mut demands) = (Sets::default(), Interner::new());
    let of_old = Demands::of(old, names.holders(old, &mut sets), &mut demands);
    let of_new = Demands::of(new, names.holders(new, &mut sets), &mut demands);
    let both = Both::of(old, new);
    let mut findings: BTreeMap<(String, [Option<RouteId>; 2]), Finding> = BTreeMap::new();
    for (pair, witness) in pairs([&of_old, &of_new])? {
        let routes = both.routes(&pair);
        let [route_old, route_new] = routes;
        // If only one of the routes accepts such a value, the other catalogue finds no route for
        // it.
        let lifts = |demands: &Demands<'_>, route: Option<Route<'_>>| {
            let demand = route.and_then(|route| demands.demands.get(route.id().index()));
            pair.raw.is_none_or(|segment| demand.is_some_and(|demand| demand.lifts(segment)))
        };
        let [tenant_old, tenant_new] = witness.tenants.clone();
        let left =
            Side { demands: &of_old, route: route_old.filter(|_| lifts(&of_old, route_old)), tenant: tenant_old };
        let right =
            Side { demands: &of_new, route: route_new.filter(|_| lifts(&of_new, route_new)), tenant: tenant_new };
        let effect = |caller| Effect { method: pair.method.clone(), path: witness.path.clone(), caller };
        let widening = smallest_caller(&right, &left, &names)?.map(effect);
        let breaking = smallest_caller(&left, &right, &names)?.map(effect);
        if widening.is_none() && breaking.is_none() {
            continue;
        }
        let key = (pair.method.clone(), routes.map(|route| route.map(Route::id)));
        match findings.get_mut(&key) {
            Some(known) => {
                known.widening = known.widening.take().or(widening);
                known.breaking = known.breaking.take().or(breaking);
            }
            None => {
                let finding = both.finding(&pair, &witness, widening, breaking);
                findings.insert(key, finding);
            }
        }
    }
    // The `HEAD` that comes with a `GET` is not a finding of its own.
    let gets: BTreeSet<[Option<RouteId>; 2]> =
        findings.keys().filter(|(method, _)| method != "HEAD").map(|(_, routes)| *routes).collect();
    findings.retain(|(method, routes), _| method != "HEAD" || !gets.contains(routes));
    let mut findings: Vec<Finding> = findings.into_values().collect();
    notes::add(&both, &mut findings);
    findings.sort_by(|a, b| {
        let key = |finding: &Finding| {
            let places = (finding.template.clone(), finding.method.clone(), finding.rule, finding.message.clone());
            (std::cmp::Reverse(finding.level()), places)
        };
        key(a).cmp(&key(b))
    });
    Ok(Diff { findings })
}

impl<'c> Both<'c> {
    fn routes(&self, pair: &Pair) -> [Option<Route<'c>>; 2] {
        let [old, new] = pair.routes;
        let of = |catalogue: &'c UntypedCatalogue, route: Option<u16>| catalogue.route_at(RouteId::new(route?));
        [of(self.old, old), of(self.new, new)]
    }

    fn finding(&self, pair: &Pair, witness: &Witness, widening: Option<Effect>, breaking: Option<Effect>) -> Finding {
        let routes = self.routes(pair);
        let (rule, message) = match routes {
            [None, None] => (Rule::RouteAdded, String::new()),
            [None, Some(new)] => self.appeared(new),
            [Some(old), None] => self.disappeared(old),
            [Some(old), Some(new)] if shape(old) == shape(new) => changed(old, new, pair.raw.is_some()),
            [Some(old), Some(new)] => self.replaced(old, new, witness),
        };
        let of = routes.into_iter().rev().flatten().next();
        Finding {
            rule,
            method: pair.method.clone(),
            template: of.map(Route::template).unwrap_or_default(),
            replaced: match routes {
                [Some(old), Some(_)] => old.template(),
                _ => String::new(),
            },
            message,
            subject: Subject::Routes(routes.map(|route| route.map(Route::id))),
            widening,
            breaking,
            is_text: false,
        }
    }

    fn appeared(&self, new: Route<'_>) -> (Rule, String) {
        let needs = needs(new);
        if self.has_moved(new, &self.old_routes) {
            return (Rule::BaseChanged, format!("`{new}` was below the base `{}`; it {needs}", self.old.base()));
        }
        let replaced = self.old_routes.only_here(new, |old| takes_more(new, old));
        match replaced {
            Some(old) if !self.is_old(new) => {
                (Rule::TemplateChanged, format!("`{old}` became `{new}`, which takes more paths; it {needs}"))
            }
            _ => (Rule::RouteAdded, format!("`{new}` is new; it {needs}")),
        }
    }

    fn disappeared(&self, old: Route<'_>) -> (Rule, String) {
        let needed = needed(old);
        if self.has_moved(old, &self.new_routes) {
            return (Rule::BaseChanged, format!("`{old}` is below the base `{}` now; it {needed}", self.new.base()));
        }
        let replacing = self.new_routes.only_here(old, |new| takes_more(old, new));
        match replacing {
            Some(new) if !self.is_new(old) => {
                (Rule::TemplateChanged, format!("`{old}` became `{new}`, which takes fewer paths; it {needed}"))
            }
            _ => (Rule::RouteRemoved, format!("`{old}` is gone; it {needed}")),
        }
    }

    fn replaced(&self, old: Route<'_>, new: Route<'_>, witness: &Witness) -> (Rule, String) {
        let (needs, needed, path) = (needs(new), needed(old), &witness.path);
        let same_template = shape(old).1 == shape(new).1;
        if same_template {
            return (Rule::HeadChanged, format!("`{new}` answers instead of `{old}`: it {needs}, the other {needed}"));
        }
        match (self.is_new(old), self.is_old(new)) {
            (true, false) => {
                (Rule::RouteShadowed, format!("`{new}` takes `{path}` from `{old}`: it {needs}, the other {needed}"))
            }
            (false, true) => (
                Rule::ShadowRemoved,
                format!("`{old}` is gone, so `{new}` takes `{path}`: it {needs}, the other {needed}"),
            ),
            (true, true) => {
                let rule = if is_more_specific(new, old) { Rule::RouteShadowed } else { Rule::ShadowRemoved };
                (rule, format!("`{new}` takes `{path}` instead of `{old}`: it {needs}, the other {needed}"))
            }
            (false, false) => {
                (Rule::TemplateChanged, format!("`{new}` replaces `{old}`: it {needs}, the other {needed}"))
            }
        }
    }
}

/// Whether the first route wins over the second where both match.
fn is_more_specific(new: Route<'_>, old: Route<'_>) -> bool {
    use scopes_core::template::Specificity;
    Specificity::of(&new.template()) < Specificity::of(&old.template())
}

/// Whether one route matches every path of the other.
fn takes_more(wide: Route<'_>, narrow: Route<'_>) -> bool {
    wide.method() == narrow.method()
        && scopes_core::template::lies_within(&narrow.template(), &wide.template())
        && !scopes_core::template::lies_within(&wide.template(), &narrow.template())
}

fn changed(old: Route<'_>, new: Route<'_>, is_raw: bool) -> (Rule, String) {
    let route = new.to_string();
    if is_raw {
        return (Rule::RawChanged, format!("`{route}` takes other values: `#[raw]` has changed"));
    }
    if access(old) != access(new) {
        return (Rule::AccessChanged, format!("`{route}` {}, and {}", needed(old), needs(new)));
    }
    let names = |route: Route<'_>| crate::json::any_of(route.catalogue(), route).concat().join(" ");
    let alternatives = |route: Route<'_>| format!("{:?}", crate::json::any_of(route.catalogue(), route));
    if alternatives(old) != alternatives(new) {
        return (Rule::RequirementChanged, format!("`{route}` {}, and {}", needed(old), needs(new)));
    }
    let (before, after) = (tenancy(old), tenancy(new));
    if before != after {
        return (Rule::TenancyChanged, format!("`{route}` was {before} and is {after}"));
    }
    if matches!(old.tenancy(), Tenancy::Bound) && old.template() != new.template() {
        return (Rule::TenancyChanged, format!("another part of the path names the tenant: `{old}` became `{route}`"));
    }
    (Rule::IncludesChanged, format!("`{route}` needs the same scopes, but what includes `{}` has changed", names(new)))
}

fn access(route: Route<'_>) -> &'static str {
    match route.access() {
        Access::Scoped => "scoped",
        Access::Public(_) => "public",
        Access::Authenticated(_) => "authenticated",
        Access::External(_) => "external",
    }
}

fn tenancy(route: Route<'_>) -> &'static str {
    match route.tenancy() {
        Tenancy::NotApplicable => "without a tenant",
        Tenancy::Bound => "bound to the tenant of the path",
        Tenancy::Global(_) => "global",
        Tenancy::Unbound(_) => "unbound",
    }
}
