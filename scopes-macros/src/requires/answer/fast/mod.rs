//! The usual answers, found in the catalogue's tables as they stand in their literals. Reading 900 names or routes at each
//! attribute takes milliseconds in the unoptimised macros that cargo runs; what is not found here is read whole.

use proc_macro2::Literal;
use scopes_core::template::Template;

/// How a line ends inside of a literal.
const LINE: &str = "\\n";

/// Whether the names have this scope, and its flags.
pub(in crate::requires) fn flags<'t>(names: &'t str, dotted: &str) -> Option<&'t str> {
    let (_, rest) = names.split_once(&format!("{LINE}{dotted} "))?;
    Some(rest.split(['\\', '"']).next().unwrap_or_default())
}

/// Whether the route exists by just this method and path, and demands just these alternatives.
pub(in crate::requires) fn is_tied(
    names: &Literal,
    routes: &Literal,
    alternatives: &str,
    method: &str,
    path: &str,
) -> bool {
    let (names, routes) = (names.to_string(), routes.to_string());
    let Ok(template) = Template::parse(path) else { return false };
    let template = template.to_string();
    let base = routes.strip_prefix("\"base ").and_then(|rest| rest.split(['\\', '"']).next()).unwrap_or_default();
    let line = |template: &str| {
        let (_, rest) = routes.split_once(&format!("{method} {template} ")).filter(|(before, _)| {
            // The first line has the quotation mark before it.
            before.ends_with(LINE) || *before == "\""
        })?;
        rest.split(' ').next()
    };
    let demand = match (line(&template), line(&format!("{base}{template}"))) {
        (Some(demand), None) | (None, Some(demand)) => demand,
        // Without a base both are the same.
        (Some(demand), Some(_)) if base.is_empty() => demand,
        _ => return false,
    };
    canonical(demand.split(';').map(|term| term.split(',').map(|id| id.parse().ok()).collect()))
        .is_some_and(|demanded| Some(demanded) == positions(&names, alternatives))
}

/// `a.b,c.d;e.f` as positions of the catalogue.
fn positions(names: &str, alternatives: &str) -> Option<Vec<Vec<usize>>> {
    let position = |name: &str| {
        let (before, _) = names.split_once(&format!("{LINE}{name} "))?;
        Some(before.matches(LINE).count())
    };
    canonical(alternatives.split(';').map(|term| term.split(',').map(position).collect()))
}

/// Sorted inside and out; `None` if a part of it is unknown.
fn canonical(terms: impl Iterator<Item = Option<Vec<usize>>>) -> Option<Vec<Vec<usize>>> {
    let mut terms: Vec<Vec<usize>> = terms.collect::<Option<_>>()?;
    terms.iter_mut().for_each(|term| term.sort_unstable());
    terms.sort_unstable();
    Some(terms)
}

#[cfg(test)]
mod tests;
