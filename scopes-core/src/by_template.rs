//! Finds the catalogue's route for the template that a framework's router has matched.

use crate::catalogue::UntypedCatalogue;
use crate::layout::hash_and_route;
use crate::method;
use crate::route::{Route, RouteId};
use crate::target::below;
use crate::template::shape::shape_hash;

impl UntypedCatalogue {
    /// The route that a framework's router has matched, by the template under which it was
    /// registered.
    ///
    /// Templates are compared by shape: the names of parameters may differ. If no route has the
    /// method, its [`fallback`](method::fallback) is looked up: `GET` for `HEAD`.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.scope("users.read").route("GET", "/users/{user}");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// let route = catalogue.route_by_template("HEAD", "/users/{id}").unwrap();
    /// assert_eq!(route.to_string(), "GET /users/{user}");
    /// assert!(catalogue.route_by_template("GET", "/users/me").is_none());
    /// ```
    #[must_use]
    pub fn route_by_template(&self, method: &str, template: &str) -> Option<Route<'_>> {
        self.route_by_template_at(self.base(), method, template)
    }

    /// Like [`route_by_template`](Self::route_by_template), but with `base` in place of the
    /// catalogue's base path.
    ///
    /// ```
    /// # use scopes_core::{UntypedCatalogue, declaration::Declaration};
    /// # let mut declaration = Declaration::new("api");
    /// declaration.base = Some("/api".into());
    /// declaration.scope("users.read").route("GET", "/users");
    /// # let catalogue = UntypedCatalogue::from_declaration(&declaration).unwrap();
    /// assert!(catalogue.route_by_template("GET", "/api/users").is_some());
    /// assert!(catalogue.route_by_template_at("/v2/api", "GET", "/v2/api/users").is_some());
    /// ```
    #[must_use]
    pub fn route_by_template_at(&self, base: &str, method: &str, template: &str) -> Option<Route<'_>> {
        let rest = core::str::from_utf8(below(template.as_bytes(), base)?).ok()?;
        self.route_by_path(method, rest, base.is_empty())
            .or_else(|| self.route_by_path(method::fallback(method)?, rest, base.is_empty()))
    }

    fn route_by_path(&self, method: &str, path: &str, at_root: bool) -> Option<Route<'_>> {
        // Without a base, `/` is the root. Under a base, the base itself is the root, and `/` after
        // it is a trailing slash.
        let root = path.is_empty() || path == "/";
        let slash_after_base = path == "/" && !at_root;
        let wanted = if path.is_empty() { "/" } else { path };
        let hash = shape_hash(method, wanted);
        let first = self.parts.shapes.partition_point(|&entry| hash_and_route(entry).0 < hash);
        let entries = self.parts.shapes.iter().skip(first).map(|&entry| hash_and_route(entry));
        entries.take_while(|(known, _)| *known == hash).find_map(|(_, route)| {
            let route = Route::new(self, RouteId(route));
            let same = route.method() == method
                && route.has_shape(wanted)
                && (!root || route.has_trailing_slash() == slash_after_base);
            same.then_some(route)
        })
    }
}
