//! The usual answers, found in the catalogue's tables as they stand in their literals. Reading 900 names or routes at each
//! attribute takes milliseconds in the unoptimised macros that cargo runs; what is not found here is read whole.

use proc_macro2::Literal;
use scopes_core::template::Template;

/// How a line ends inside of a literal.
const LINE: &str = "\\n";

/// Whether the names have this scope, and its flags.
pub(super) fn flags<'t>(names: &'t str, dotted: &str) -> Option<&'t str> {
    let (_, rest) = names.split_once(&format!("{LINE}{dotted} "))?;
    Some(rest.split(['\\', '"']).next().unwrap_or_default())
}

/// Whether the route exists by just this method and path, and demands just these alternatives.
pub(super) fn is_tied(names: &Literal, routes: &Literal, alternatives: &str, method: &str, path: &str) -> bool {
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
mod tests {
    use super::*;

    const NAMES: &str = "api -\nusers.read t\nusers.write t\nusers.write.all \nall.read ";
    const ROUTES: &str = "base /v1\nGET /v1/users 0;3 bound\nPOST /v1/users 1 bound\nPUT /v1/users/{id} 0,1 bound\n\
        GET /v1/v1/users 0 bound\nGET /v1/health public none\nDELETE /v1/users never bound";

    #[test]
    fn names() {
        let text = Literal::string(NAMES).to_string();
        for (name, expected) in [
            ("users.read", Some("t")),
            ("users.write.all", Some("")),
            ("all.read", Some("")),
            ("users", None),
            ("read", None),
            ("api", None),
            ("users.write.al", None),
        ] {
            assert_eq!(flags(&text, name), expected, "{name}");
        }
    }

    #[test]
    fn routes() {
        let tied = |routes: &str, alternatives: &str, method: &str, path: &str| {
            is_tied(&Literal::string(NAMES), &Literal::string(routes), alternatives, method, path)
        };
        for (alternatives, method, path, expected) in [
            ("all.read;users.read", "GET", "/v1/v1/users", false),
            ("users.write", "POST", "/users", true),
            ("users.write", "POST", "/v1/users", true),
            ("users.write,users.read", "PUT", "/users/:id", true),
            ("users.write,users.read", "PUT", "/users/{id}", true),
            // Read whole: they are right or wrong, but not at sight.
            ("users.write,users.read", "PUT", "/users/{user}", false),
            ("users.read;all.read", "GET", "/v1/users", false),
            ("users.read", "PUT", "/users/{id}", false),
            ("users.read;users.write", "PUT", "/users/{id}", false),
            ("users.reed", "POST", "/users", false),
            ("users.write", "POST", "users", false),
            ("users.write", "OST", "/users", false),
            ("users.read", "GET", "/health", false),
            ("users.read", "DELETE", "/users", false),
        ] {
            assert_eq!(tied(ROUTES, alternatives, method, path), expected, "{alternatives} {method} {path}");
        }
        let without_base = "GET /users 0;3 bound\nPOST /users/{id}:lock 1 bound";
        assert!(tied(without_base, "all.read;users.read", "GET", "/users"));
        assert!(tied(without_base, "users.write", "POST", "/users/{id}:lock"));
        assert!(!tied(without_base, "users.write", "GET", "/users"));
    }
}
