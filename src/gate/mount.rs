//! Whether a request lies below the API's mount, beside it, or below a mount that the gate's
//! settings do not name.

use std::sync::OnceLock;

use scopes_core::template::is_template_with_text;
use scopes_core::{NoRoute, Route};

use crate::UntypedCatalogue;
use crate::request::facts::Facts;
use crate::request::locate::Place;
use crate::request::other_readings::may_reach;

/// The position of a request relative to the mount of an API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MountPosition {
    /// The path lies below the base, or some software may read it so.
    Inside,
    /// The path does not lie below the base, but looks like a route of the catalogue: the
    /// application has not set the mount, or has set a wrong one.
    Misplaced,
    /// The request cannot be for the API.
    Outside,
}

/// The greatest number of segments that a mount prefix is taken to have. A path may have thousands.
const DEEPEST_MOUNT: usize = 8;

/// Finds the position by the raw path, by the rest of it after the mounts, and by the template.
///
/// Routes that need no grant do not count, so that a site and its API may both have `/health`.
pub(super) fn mount_position(place: Place<'_>, facts: Facts<'_>, with_text: &RoutesWithText) -> MountPosition {
    let declared = place.catalogue.base();
    let request = Request { place, facts };
    if request.may_lie_below(place.base) {
        return MountPosition::Inside;
    }
    if request.has_template_of_a_route(with_text) || request.has_path_of_a_route() {
        return MountPosition::Misplaced;
    }
    // If the settings name another mount, the gate still guards paths below the declared base.
    let is_below_declared = !declared.is_empty() && request.may_lie_below(declared);
    if is_below_declared { MountPosition::Inside } else { MountPosition::Outside }
}

/// Whether the rest of the path after a mount is a route's path, although the settings say that the
/// API lies at the root, and no template shows which handler runs.
pub(super) fn is_route_below_a_mount(place: Place<'_>, facts: Facts<'_>) -> bool {
    let request = Request { place, facts };
    place.base.is_empty()
        && facts.is_stripped()
        && request.path_without_template().is_some_and(|path| request.is_path_below("", path))
}

/// The guarded routes with literal text beside a parameter. They are collected once, because most
/// catalogues have none.
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

/// A request, and the catalogue that it may be for. A route means a guarded route here.
#[derive(Clone, Copy)]
struct Request<'a> {
    place: Place<'a>,
    facts: Facts<'a>,
}

impl<'a> Request<'a> {
    /// Whether the raw path, or its rest after the mounts, lies below a base in some reading.
    fn may_lie_below(self, base: &str) -> bool {
        may_reach(base, self.facts.path()) || self.facts.local_path.is_some_and(|local| may_reach(base, local))
    }

    /// Whether the router's template ends with a route's template, below any mount prefix.
    fn has_template_of_a_route(self, with_text: &RoutesWithText) -> bool {
        let Some(template) = self.facts.matched_template else { return false };
        let catalogue = self.place.catalogue;
        let with_text = with_text.of(catalogue);
        ends(template).filter(is_not_root).any(|end| {
            self.is_template_below("", end)
                || self.is_template_below(catalogue.base(), end)
                || with_text.iter().any(|route| is_template_with_text(route.path(), end))
        })
    }

    /// Whether a route below a base has this template. The route of the request's method counts. If
    /// there is none, the routes of all methods count.
    fn is_template_below(self, base: &str, template: &str) -> bool {
        let catalogue = self.place.catalogue;
        let of_method = |method| catalogue.route_by_template_at(base, method, template);
        match of_method(self.facts.method.as_str()) {
            Some(route) => is_guarded(route),
            None => catalogue.methods().filter_map(of_method).any(is_guarded),
        }
    }

    /// Whether the path is a route's path, if no template shows which handler runs.
    fn has_path_of_a_route(self) -> bool {
        self.path_without_template().filter(is_not_root).is_some_and(|path| self.is_path_below("", path))
            || self.has_path_below_a_mounted_base()
    }

    /// The path that the handler gets, unless a template shows which handler it is.
    fn path_without_template(self) -> Option<&'a str> {
        let is_named = self.facts.matched_template.is_some() && !self.facts.ends_in_rest();
        match self.facts.local_path {
            _ if is_named => None,
            Some(local) => self.facts.is_stripped().then_some(local),
            None => Some(self.facts.path()),
        }
    }

    /// Whether the path has the declared base below a mount that the settings do not name, and a
    /// route below that base.
    fn has_path_below_a_mounted_base(self) -> bool {
        let declared = self.place.catalogue.base();
        self.facts.matched_template.is_none()
            && !declared.is_empty()
            && ends(self.facts.path()).take(DEEPEST_MOUNT).any(|end| self.is_path_below(declared, end))
    }

    /// Whether the catalogue has a route for a path if it is mounted at a base.
    fn is_path_below(self, base: &str, path: &str) -> bool {
        let Place { catalogue, target_limit, .. } = self.place;
        let at = |method| catalogue.at_mounted(base, target_limit, method, path.as_bytes());
        match at(self.facts.method.as_str()) {
            Ok(found) => is_guarded(found.route()),
            Err(NoRoute::MethodNotAllowed(methods)) => {
                let mut others = catalogue.method_names(methods).filter_map(|method| at(method).ok());
                others.any(|found| is_guarded(found.route()))
            }
            Err(_) => false,
        }
    }
}

pub(super) fn is_guarded(route: Route<'_>) -> bool {
    route.access().needs_grant()
}

/// Every site has a root, so it does not show which API a path belongs to.
fn is_not_root(path: &&str) -> bool {
    *path != "/"
}

/// Iterates over the path and over its ends. Each end begins at a slash.
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
            // Routers that decode or normalise paths read these as below the base.
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
            // The adapter knows no template.
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
            // The settings name another mount than the one that is served.
            ("/v2", "GET", "/api/environments/e1/users", None, None, Misplaced),
            ("/v2", "GET", "/api/none", None, None, Inside),
            ("/v2", "GET", "/api/none", None, Some("/api/none"), Inside),
            ("/v2", "GET", "/environments/e1/users", None, None, Misplaced),
            // The router has matched, without a mount.
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
            // A page of a site that has the same paths as the API.
            ("/api", "GET", "/users/7", Some("/users/7"), Some("/{*page}"), Outside),
            ("/api", "GET", "/users/7", Some("/users/7"), None, Outside),
            // The path lies below a mount.
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
