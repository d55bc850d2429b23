//! Answers that need only the literal of a table, and do not parse the table.
//!
//! Most attributes are right. Parsing a table of 900 names or routes for each of them would take
//! milliseconds, because cargo runs macros unoptimised. The macro parses the whole table only if
//! this file does not find the answer.

use proc_macro2::Literal;
use scopes_core::template::Template;

use crate::requires::wire::names::position_in_literal;
use crate::requires::wire::read_alternatives;
use crate::requires::wire::routes::{Alternatives, base_in_literal, demand_in_literal};

/// Whether the route exists with exactly this method and path, and demands exactly these
/// alternatives.
pub(super) fn is_served(names: &Literal, routes: &Literal, alternatives: &str, method: &str, path: &str) -> bool {
    let (names, routes) = (names.to_string(), routes.to_string());
    let Ok(template) = Template::parse(path) else { return false };
    let template = template.to_string();
    let base = base_in_literal(&routes);
    let demand = |template: &str| demand_in_literal(&routes, method, template);
    let demand = match (demand(&template), demand(&format!("{base}{template}"))) {
        (Some(demand), None) | (None, Some(demand)) => demand,
        // Without a base, the path is the whole template.
        (Some(demand), Some(_)) if base.is_empty() => demand,
        _ => return false,
    };
    let demanded = sorted(read_alternatives(demand, |id| id.parse().ok()));
    demanded.is_some() && demanded == sorted(read_alternatives(alternatives, |name| position_in_literal(&names, name)))
}

/// Sorts the alternatives, and the scopes of each.
fn sorted(alternatives: Option<Alternatives>) -> Option<Alternatives> {
    let mut alternatives = alternatives?;
    alternatives.iter_mut().for_each(|term| term.sort_unstable());
    alternatives.sort_unstable();
    Some(alternatives)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &str = "api -\nusers.read t\nusers.write t\nusers.write.all \nall.read ";
    const ROUTES: &str = "base /v1\nGET /v1/users 0;3\nPOST /v1/users 1\nPUT /v1/users/{id} 0,1\n\
    GET /v1/v1/users 0\nGET /v1/health public\nDELETE /v1/users never";

    #[test]
    fn routes() {
        let tied = |routes: &str, alternatives: &str, method: &str, path: &str| {
            is_served(&Literal::string(NAMES), &Literal::string(routes), alternatives, method, path)
        };
        for (alternatives, method, path, expected) in [
            ("all.read;users.read", "GET", "/v1/v1/users", false),
            ("users.write", "POST", "/users", true),
            ("users.write", "POST", "/v1/users", true),
            ("users.write,users.read", "PUT", "/users/:id", true),
            ("users.write,users.read", "PUT", "/users/{id}", true),
            // These need the whole table, whether they are right or wrong.
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
        let without_base = "GET /users 0;3\nPOST /users/{id}:lock 1";
        assert!(tied(without_base, "all.read;users.read", "GET", "/users"));
        assert!(tied(without_base, "users.write", "POST", "/users/{id}:lock"));
        assert!(!tied(without_base, "users.write", "GET", "/users"));
    }
}
