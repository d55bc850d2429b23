//! The sentence for the log if the router has matched a path that the catalogue does not have.

use std::fmt;

use http::Method;

use super::facts::{is_said_by_router, known_method};
use super::locate::Place;

/// A router's template that no route of the catalogue has. `Display` says what to write instead.
pub(crate) struct Undeclared<'a> {
    pub(crate) place: Place<'a>,
    pub(crate) method: &'a Method,
    pub(crate) template: &'a str,
}

impl Undeclared<'_> {
    /// Whether the catalogue has the template with another method. Then the client may have sent a
    /// wrong method.
    #[cfg(feature = "_gate")]
    pub(crate) fn has_other_methods(&self) -> bool {
        let Place { catalogue, base, .. } = self.place;
        catalogue.methods().any(|method| catalogue.route_by_template_at(base, method, self.template).is_some())
    }

    /// The mount that the settings should name, and the route that has the template then.
    fn forgotten_mount(&self) -> Option<(String, String)> {
        let Place { catalogue, .. } = self.place;
        let declared = catalogue.base();
        let mounts = self.template.match_indices('/').skip(1).filter_map(|(at, _)| self.template.split_at_checked(at));
        let mut found = mounts.filter(|(mount, _)| !mount.contains(['{', '}'])).filter_map(|(mount, end)| {
            let route = |base| {
                let of_method = |method| catalogue.route_by_template_at(base, method, end);
                of_method(self.method.as_str()).or_else(|| catalogue.methods().find_map(of_method))
            };
            // Every path could end in a root.
            let below_base = Some(declared).filter(|base| !base.is_empty()).and_then(route);
            let route = below_base.map(|found| (format!("{mount}{declared}"), found));
            let route = route
                .or_else(|| Some((mount.to_owned(), catalogue.route_by_template_at("", self.method.as_str(), end)?)));
            route.filter(|(_, found)| found.path() != "/").map(|(mount, found)| (mount, found.to_string()))
        });
        found.next()
    }
}

impl fmt::Display for Undeclared<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Place { catalogue, base, .. }, Self { template, .. }) = (self.place, self);
        let method = known_method(catalogue, self.method);
        if !is_said_by_router(template) {
            return write!(
                f,
                "a permit of catalogue `{}` is asked for where the router has matched no route: before the routing, or in a \
                 fallback. Take it in the handler of a declared route",
                catalogue.name()
            );
        }
        write!(
            f,
            "the router matched `{template}` for {method}, which is not a route of catalogue `{}`",
            catalogue.name()
        )?;
        if !base.is_empty() {
            write!(f, " below `{base}`")?;
        }
        match self.forgotten_mount() {
            Some((mount, route)) => {
                write!(f, ": if it is meant to be `{route}`, say `Settings::mounted_at(\"{mount}\")`, else declare it")
            }
            None => write!(
                f,
                ": declare it in `scopes!` with its scope or as `public(\"why\")`, or say with `Settings::mounted_at` where the \
                 catalogue is mounted"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use scopes_core::Scope;

    use super::*;
    use crate::fixture::TestScope;

    #[test]
    fn what_is_said_of_a_template() {
        let catalogue = TestScope::catalogue();
        let name = catalogue.name();
        for (base, method, template, expected) in [
            ("/api", Method::GET, "/api/nothing", "below `/api`: declare it in `scopes!`"),
            ("", Method::GET, "/nothing", "`: declare it in `scopes!`"),
            (
                "/api",
                Method::GET,
                "/v2/api/environments/{e}/users",
                "below `/api`: if it is meant to be `GET /api/environments/{environment}/users`, say \
                 `Settings::mounted_at(\"/v2/api\")`, else declare it",
            ),
            ("/api", Method::GET, "/v2/environments/{e}/users", "say `Settings::mounted_at(\"/v2\")`, else declare it"),
            // A mount with a parameter cannot be set.
            ("/api", Method::GET, "/{v}/environments/{e}/users", "below `/api`: declare it in `scopes!`"),
            (
                "/api",
                Method::from_bytes(b"SECRET").unwrap(),
                "/api/x",
                "the router matched `/api/x` for another method",
            ),
        ] {
            let place = Place { catalogue, base, target_limit: 8192 };
            let sentence = Undeclared { place, method: &method, template }.to_string();
            assert!(sentence.contains(expected), "{sentence}");
            assert!(sentence.contains(&format!("which is not a route of catalogue `{name}`")), "{sentence}");
            assert!(!sentence.contains("SECRET"), "{sentence}");
        }
    }
}
