//! `scopes explain`: the walk of one request, and its verdict.

use std::fmt::Write as _;

use scopes_core::demands::Demands;
use scopes_core::template::{Piece, pieces};
use scopes_core::{Access, CallerStatus, Decision, Holder, Route, ScopeInfo, Tenancy, Tenants, UntypedCatalogue};

use crate::args::ExplainArgs;
use crate::escape;
use crate::operand::{Operand, named_or_only};
use crate::output::Outcome;

/// The greatest number of losing routes that the output lists.
const MOST_OTHERS: usize = 10;

pub(crate) fn run(args: &ExplainArgs) -> Result<Outcome, String> {
    let file = named_or_only(args.catalogue.as_deref())?;
    let operand = Operand::read(&file)?;
    let tenants = match args.tenant.as_slice() {
        [all] if all == "*" => Tenants::Any,
        tenants => Tenants::only(tenants).map_err(|error| format!("--tenant: {error}"))?,
    };
    let text = explain(&operand.catalogue, args, &tenants);
    // A denial is an answer and not a failure.
    Ok(Outcome::found(escape::lines(&text), false))
}

fn explain(catalogue: &UntypedCatalogue, args: &ExplainArgs, tenants: &Tenants) -> String {
    let (method, target) = (args.method.as_str(), args.path.as_str());
    let mut text = format!("{method} {target}\n");
    let mut say = |what: &str, value: &str| {
        let _ = writeln!(text, "  {what:<10} {value}");
    };
    let (words, known, unknown) = held(catalogue, args.scopes.as_deref().unwrap_or_default());
    let caller = match &args.scopes {
        Some(_) => CallerStatus::Granted(Holder::new(&words, tenants)),
        None => CallerStatus::Absent,
    };
    let found = catalogue.at(method, target.as_bytes());
    let matched = match &found {
        Ok(matched) => Some(*matched),
        Err(reason) => {
            say("route", &format!("none: {reason}"));
            None
        }
    };
    if !catalogue.base().is_empty() {
        say("base", catalogue.base());
    }
    if let Some(matched) = &matched {
        let route = matched.route();
        say("route", &format!("{route} ({})", route.name()));
        for (name, value) in matched.parameters() {
            say("", &format!("{name} = {value}"));
        }
        for other in others(catalogue, method, target, route).take(MOST_OTHERS) {
            say("yields", &format!("{other}, which is less specific"));
        }
        say("access", &access(catalogue, route));
        say("tenant", &tenancy(route, matched.tenant().as_deref()));
    }
    match &args.scopes {
        None => say("caller", "without credentials"),
        Some(_) => {
            say("caller", &format!("holds {}", listed(&known)));
            if !unknown.is_empty() {
                say("", &format!("not known here: {}", unknown.join(" ")));
            }
            let shown = match tenants {
                Tenants::Any => "every tenant".to_owned(),
                Tenants::None => "no tenant".to_owned(),
                Tenants::Only(_) => format!("the tenants {}", tenants.iter().collect::<Vec<_>>().join(", ")),
            };
            say("", &format!("is for {shown}"));
        }
    }
    let own = Decision::new(found, &caller).verdict();
    let mut verdict = own;
    if let Some(matched) = matched {
        if own.is_err() {
            for missing in missing(catalogue, matched.route(), &words) {
                say("lacks", &missing);
            }
        }
        // A caller needs what every reading of the path demands.
        for demand in Demands::of(method, matched, None).iter().filter(|demand| !demand.is_own()) {
            let answer = demand.verdict(&caller);
            let shown = answer.map_or_else(|denial| format!("denied: {denial}"), |()| "allowed".to_owned());
            say("also", &format!("{}, if the router decodes the path first: {shown}", demand.route()));
            verdict = match (verdict, answer) {
                (Err(before), Err(denial)) if denial.order() < before.order() => Err(denial),
                (Ok(()), answer) => answer,
                (verdict, _) => verdict,
            };
        }
    }
    match verdict {
        Ok(()) => say("verdict", "allowed"),
        Err(denial) => say("verdict", &format!("{} denied: {denial}", denial.status())),
    }
    if let (Some(matched), Ok(())) = (matched, verdict) {
        if matches!(matched.route().access(), Access::External(_)) {
            say("", "the check outside of the catalogue decides");
        }
        if matches!(matched.route().tenancy(), Tenancy::Unbound(_)) {
            say("", "the handler compares the owner");
        }
    }
    text
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "no scope".to_owned() } else { names.join(" ") }
}

/// The scopes of a token as bits, all that it holds by name, and the names that are not known.
fn held(catalogue: &UntypedCatalogue, scopes: &str) -> (Vec<u64>, Vec<String>, Vec<String>) {
    let mut words = vec![0_u64; catalogue.scopes().len().div_ceil(64).max(1)];
    let mut unknown = Vec::new();
    for name in scopes.split(' ').filter(|name| !name.is_empty()) {
        match catalogue.scope_named(name).or_else(|| catalogue.scope_once_named(name)) {
            Some(id) => {
                if let Some(word) = words.get_mut(id.index() / 64) {
                    *word |= 1 << (id.index() % 64);
                }
            }
            None => unknown.push(name.to_owned()),
        }
    }
    catalogue.close(&mut words);
    let holds = |scope: &ScopeInfo<'_>| holds(&words, *scope);
    let known = catalogue.scopes().filter(holds).map(|scope| scope.name().to_owned()).collect();
    (words, known, unknown)
}

fn holds(words: &[u64], scope: ScopeInfo<'_>) -> bool {
    let index = scope.id().index();
    words.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1)
}

/// For each alternative, the scopes that the token lacks.
fn missing(catalogue: &UntypedCatalogue, route: Route<'_>, words: &[u64]) -> Vec<String> {
    let alternatives = route.requirement().iter().map(|alternative| {
        let scopes = alternative.ids().filter_map(|id| catalogue.scope(id));
        scopes.filter(|scope| !holds(words, *scope)).map(|scope| scope.name().to_owned()).collect::<Vec<_>>()
    });
    let alternatives: Vec<Vec<String>> = alternatives.collect();
    if alternatives.iter().any(Vec::is_empty) {
        return Vec::new();
    }
    alternatives.into_iter().map(|names| names.join(" ")).collect()
}

fn access(catalogue: &UntypedCatalogue, route: Route<'_>) -> String {
    match route.access() {
        Access::Scoped => format!("needs {}", route.requirement().display(catalogue)),
        Access::Public(why) => format!("public: {why}"),
        Access::Authenticated(why) => format!("any good credentials: {why}"),
        Access::External(why) => format!("checked elsewhere: {why}"),
    }
}

fn tenancy(route: Route<'_>, tenant: Option<&str>) -> String {
    match (route.tenancy(), tenant) {
        (Tenancy::NotApplicable, _) => "not compared".to_owned(),
        (Tenancy::Bound, Some(tenant)) => format!("{tenant}, of the path"),
        (Tenancy::Bound, None) => "of the path, which names none".to_owned(),
        (Tenancy::Global(why), _) => format!("global: {why}"),
        (Tenancy::Unbound(why), _) => format!("unbound: {why}"),
    }
}

/// The other routes that match the path.
fn others<'c>(
    catalogue: &'c UntypedCatalogue,
    method: &str,
    target: &str,
    winner: Route<'c>,
) -> impl Iterator<Item = Route<'c>> {
    let path = target.split('?').next().unwrap_or_default().to_owned();
    let method = method.to_owned();
    catalogue.routes().filter(move |route| *route != winner && route.answers(&method) && fits(&route.template(), &path))
}

fn fits(template: &str, path: &str) -> bool {
    let mut segments = path.split('/').skip(1);
    for piece in pieces(template) {
        match (piece, segments.next()) {
            (Piece::Rest(_), Some(segment)) => return !segment.is_empty() && !path.ends_with('/'),
            (piece, Some(segment)) if piece.takes(segment.as_bytes()) => {}
            _ => return false,
        }
    }
    segments.next().is_none()
}
