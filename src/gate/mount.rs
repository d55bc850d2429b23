//! Whether a request is none of the gate's business, or for an API that is mounted elsewhere than the gate was told.

use std::sync::OnceLock;

use scopes_core::{NoRoute, Route};

use crate::UntypedCatalogue;
use crate::request::facts::Facts;
use crate::request::locate::{Place, is_template_with_text};
use crate::request::other_readings::may_reach;

/// Where a request lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MountPosition {
    /// Below the base, perhaps only by somebody's reading.
    Inside,
    /// Nowhere near the base, and yet it looks like a route of the catalogue: nobody said where the API is mounted, or said
    /// it wrongly.
    Misplaced,
    /// It cannot be for the API.
    Outside,
}

/// Mounts lie in front, and a path may have thousands of segments.
const DEEPEST_MOUNT: usize = 8;

/// Looks at the raw path, at what the mounts have left of it, and at the template.
///
/// What the catalogue lets everybody do needs no gate, so that `/health` may lie beside an API that has one as well.
pub(super) fn mount_position(place: Place<'_>, facts: Facts<'_>, with_text: &RoutesWithText) -> MountPosition {
    let declared = place.catalogue.base();
    let (raw, local) = (facts.path(), facts.local_path);
    let reaches = |base| may_reach(base, raw) || local.is_some_and(|local| may_reach(base, local));
    if reaches(place.base) {
        return MountPosition::Inside;
    }
    let demands = |base, path| demands(place, base, facts.method.as_str(), path);
    let is_template_of_route =
        || facts.matched_template.is_some_and(|template| is_template(place, facts, template, with_text));
    // Where the template does not say what runs, the path has to.
    let is_path_of_route = || {
        let is_named = facts.matched_template.is_some() && !facts.ends_in_rest();
        let whole = match local {
            _ if is_named => None,
            Some(local) => Some(local).filter(|_| facts.is_stripped()),
            None => Some(raw),
        };
        whole.filter(is_not_root).is_some_and(|path| demands("", path))
            || facts.matched_template.is_none()
                && !declared.is_empty()
                && ends(raw).take(DEEPEST_MOUNT).any(|end| demands(declared, end))
    };
    if is_template_of_route() || is_path_of_route() {
        return MountPosition::Misplaced;
    }
    // A gate that was told another mount stands in front of what lies below the declared base all the same.
    if !declared.is_empty() && reaches(declared) { MountPosition::Inside } else { MountPosition::Outside }
}

/// The routes with literal text beside a parameter, of which most routers know nothing: looked for once, and mostly none.
#[derive(Clone, Debug, Default)]
pub(super) struct RoutesWithText(OnceLock<Box<[Route<'static>]>>);

impl RoutesWithText {
    fn of(&self, catalogue: &'static UntypedCatalogue) -> &[Route<'static>] {
        let has_text = |route: &Route<'_>| {
            is_guarded(*route)
                && route.parameters().any(|parameter| parameter.prefix_length() + parameter.suffix_length() > 0)
        };
        self.0.get_or_init(|| catalogue.routes().filter(has_text).collect())
    }
}

/// Whether an end of a router's template is a route's, whatever it is mounted below.
fn is_template(place: Place<'_>, facts: Facts<'_>, template: &str, with_text: &RoutesWithText) -> bool {
    let catalogue = place.catalogue;
    let is_route_at = |base: &str, end: &str| {
        let of_method = |method| catalogue.route_by_template_at(base, method, end);
        match of_method(facts.method.as_str()) {
            Some(route) => is_guarded(route),
            // Undeclared, beside what is declared.
            None => catalogue.methods().filter_map(of_method).any(is_guarded),
        }
    };
    let with_text = with_text.of(catalogue);
    ends(template).filter(is_not_root).any(|end| {
        is_route_at("", end)
            || is_route_at(catalogue.base(), end)
            || with_text.iter().any(|route| is_template_with_text(route.path(), end))
    })
}

/// Whether the catalogue, as if mounted there, has a route for the path that is not everybody's.
fn demands(place: Place<'_>, base: &str, method: &str, path: &str) -> bool {
    let at = |method| place.catalogue.at_mounted(base, place.target_limit, method, path.as_bytes());
    match at(method) {
        Ok(found) => is_guarded(found.route()),
        Err(NoRoute::MethodNotAllowed(methods)) => {
            let mut others = place.catalogue.method_names(methods).filter_map(|method| at(method).ok());
            others.any(|found| is_guarded(found.route()))
        }
        Err(_) => false,
    }
}

pub(super) fn is_guarded(route: Route<'_>) -> bool {
    route.access().needs_grant()
}

/// Every site has a root, so it does not show which API a path belongs to.
fn is_not_root(path: &&str) -> bool {
    *path != "/"
}

/// A path, and what is left of it from each further slash on.
fn ends(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').filter_map(|(at, _)| path.get(at..))
}

#[cfg(test)]
mod tests {
    use http::Method;
    use scopes_core::Scope;

    use super::*;
    use crate::fixture::TestScope;

    #[test]
    fn what_may_lie_below_the_base() {
        for (base, target, expected) in [
            ("", "/anything", true),
            ("", "*", true),
            ("/api/v0", "/api/v0", true),
            ("/api/v0", "/api/v0/users", true),
            ("/api/v0", "/api/v01", false),
            ("/api/v0", "/api", false),
            ("/api/v0", "/", false),
            ("/api/v0", "*", false),
            ("/api/v0", "/static/app.js", false),
            ("/api/v0", "/static/a%20b", false),
            ("/api/v0", "/.well-known/x", false),
            // By the reading of a router that decodes or normalises.
            ("/api/v0", "//api/v0/users", true),
            ("/api/v0", "/api//v0/users", true),
            ("/api/v0", "/%61pi/v0/users", true),
            ("/api/v0", "/%2561pi/v0/users", true),
            ("/api/v0", "/api%2Fv0/users", true),
            ("/api/v0", "/api\\v0/users", true),
            ("/api/v0", "/static/../api/v0/users", true),
            ("/api/v0", "/static/%2e%2e/api/v0/users", true),
            ("/api/v0", "/./api/v0", true),
            ("/api/v0", "/api;x=1/v0/users", true),
            ("/api/v0", "/api/v0;x/users", true),
            ("/api/v0", "/api/%/v0", false),
        ] {
            assert_eq!(may_reach(base, target), expected, "{base:?} {target:?}");
        }
    }

    #[test]
    fn where_requests_lie() {
        use MountPosition::{Inside, Misplaced, Outside};
        let catalogue = TestScope::catalogue();
        let users = "/environments/{e}/users";
        for (mount, method, raw, local, template, expected) in [
            // Without a router that says anything.
            ("/api", "GET", "/api/x?q", None, None, Inside),
            ("/api", "GET", "/static/app.js?x=//api", None, None, Outside),
            ("/api", "GET", "/environments/e1/users?q", None, None, Misplaced),
            ("/api", "GET", "/v2/api/environments/e1/users", None, None, Misplaced),
            ("/api", "PUT", "/v2/api/environments/e1/users", None, None, Misplaced),
            ("/api", "GET", "/v2/environments/e1/users", None, None, Outside),
            ("/api", "GET", "/docs/api/overview", None, None, Outside),
            ("/api", "GET", "/health", None, None, Outside),
            ("/api", "POST", "/health", None, None, Outside),
            ("/api", "GET", "/", None, None, Outside),
            // Another mount was said than the one that is served.
            ("/v2", "GET", "/api/environments/e1/users", None, None, Misplaced),
            ("/v2", "GET", "/api/none", None, None, Inside),
            ("/v2", "GET", "/api/none", None, Some("/api/none"), Inside),
            ("/v2", "GET", "/environments/e1/users", None, None, Misplaced),
            // The router has matched, below no mount.
            ("/api", "GET", "/index.html", Some("/index.html"), Some("/index.html"), Outside),
            ("/api", "GET", "/environments/e1/users", Some("/environments/e1/users"), Some(users), Misplaced),
            ("/api", "HEAD", "/environments/e1/users", Some("/environments/e1/users"), Some(users), Misplaced),
            ("/api", "PUT", "/environments/e1/users", Some("/environments/e1/users"), Some(users), Misplaced),
            ("/api", "GET", "/v2/api/environments/e1/users", None, Some("/{v}/api/environments/{e}/users"), Misplaced),
            ("/api", "GET", "/v2/environments/e1/users", None, Some("/v2/environments/{e}/users"), Misplaced),
            ("/api", "GET", "/v2/environments/e1/x", None, Some("/v2/environments/{e}/x"), Outside),
            // A router without text beside parameters.
            ("/api", "POST", "/v2/jobs/7:run", None, Some("/v2/jobs/{job}"), Misplaced),
            ("/api", "POST", "/v2/jobs/7", None, Some("/v2/jobs/{job}"), Misplaced),
            ("/api", "POST", "/v2/jobs/7/x", None, Some("/v2/jobs/{job}/x"), Outside),
            ("/api", "GET", "/v2/health", None, Some("/v2/health"), Outside),
            ("/api", "POST", "/session", None, Some("/session"), Outside),
            ("/api", "GET", "/", Some("/"), Some("/"), Outside),
            // A page of a site whose addresses are those of the API.
            ("/api", "GET", "/users/7", Some("/users/7"), Some("/{*page}"), Outside),
            ("/api", "GET", "/users/7", Some("/users/7"), None, Outside),
            // Below a mount.
            ("/api", "GET", "/v2/static/app.js", Some("/static/app.js"), None, Outside),
            ("/api", "GET", "/v2/api/x", Some("/api/x"), None, Inside),
            ("/api", "GET", "/v2/users/7", Some("/users/7"), None, Misplaced),
            ("/api", "GET", "/v2/users/7", Some("/users/7"), Some("/v2/{*page}"), Misplaced),
            (
                "/api",
                "GET",
                "/v2/environments/e1/files/a",
                Some("/environments/e1/files/a"),
                Some("/v2/environments/{e}/files/{*p}"),
                Misplaced,
            ),
        ] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let facts = Facts::new(&method, raw);
            let facts = local.map_or(facts, |local| facts.with_local_path(local));
            let facts = template.map_or(facts, |template| facts.with_template(template));
            let place = Place { catalogue, base: mount, target_limit: 8192 };
            assert_eq!(
                mount_position(place, facts, &RoutesWithText::default()),
                expected,
                "{mount} {method} {raw} {local:?} {template:?}"
            );
        }
    }

    #[test]
    fn a_catalogue_without_a_base_is_everywhere() {
        let place = Place { catalogue: TestScope::catalogue(), base: "", target_limit: 8192 };
        let facts = Facts::new(&Method::GET, "/index.html");
        assert_eq!(mount_position(place, facts, &RoutesWithText::default()), MountPosition::Inside);
    }
}
