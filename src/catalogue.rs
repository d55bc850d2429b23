//! The typed catalogue of one `scopes!` block.

use std::fmt;
use std::marker::PhantomData;

use scopes_core::{
    CallerStatus, Decision, NoRoute, Note, Overlap, Route, RouteMatch, Scope, ScopeId, ScopeSet, Uncovered,
};

use crate::{Grant, UntypedCatalogue};

/// A compiled catalogue: `api::CATALOGUE`.
///
/// A view of the [`UntypedCatalogue`], which holds the tables. It takes and returns only the types
/// of this catalogue.
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users/{id}"; } }
/// use http::Method;
///
/// let route = api::CATALOGUE.route(&Method::GET, "/users/{userId}").expect("it is declared");
/// assert_eq!(route.path(), "/users/{id}");
/// let decision = api::CATALOGUE.decide(&Method::GET, "/users/7", None);
/// assert_eq!(decision.verdict(), Err(scopes::Denial::CredentialsAbsent));
/// ```
pub struct Catalogue<S: Scope> {
    untyped: &'static UntypedCatalogue,
    scope: PhantomData<fn() -> S>,
}

impl<S: Scope> Catalogue<S> {
    #[doc(hidden)]
    #[must_use]
    pub const fn __new(untyped: &'static UntypedCatalogue) -> Self {
        Self { untyped, scope: PhantomData }
    }

    /// Finds the route of a request by its raw target. Do not use it in front of a router that
    /// decodes or normalises paths (actix-web, rocket, salvo, a `NormalizePath` layer), because
    /// such a router may run the handler of another route.
    ///
    /// `target` is the request's target as the client sent it, with `base` and, optionally, the
    /// query.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users/{user}"; } }
    /// use http::Method;
    ///
    /// let found = api::CATALOGUE.at(&Method::GET, "/users/ada%20l?full=1").unwrap();
    /// assert_eq!(found.route().path(), "/users/{user}");
    /// assert_eq!(found.parameter("user").as_deref(), Some("ada l"));
    /// ```
    ///
    /// # Errors
    /// [`NoRoute`] tells how to answer: 400, 404, 405 or 414.
    pub fn at<'t>(
        &self,
        method: &http::Method,
        target: &'t (impl AsRef<[u8]> + ?Sized),
    ) -> Result<RouteMatch<'static, 't>, NoRoute> {
        self.untyped.at(method.as_str(), target.as_ref())
    }

    /// Finds the route that a router has matched, by the whole template under which the handler was
    /// registered, `base` included. Parameters may have other names. `HEAD` falls back to `GET`.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users/{user}"; } }
    /// use http::Method;
    ///
    /// assert!(api::CATALOGUE.route(&Method::HEAD, "/users/{id}").is_some());
    /// assert!(api::CATALOGUE.route(&Method::GET, "/users/me").is_none());
    /// ```
    #[must_use]
    pub fn route(&self, method: &http::Method, template: &str) -> Option<Route<'static>> {
        self.untyped.route_by_template(method.as_str(), template)
    }

    /// Iterates over all routes, in the order in which they are first written.
    ///
    /// ```
    /// # scopes::scopes! {
    /// #     pub mod api;
    /// #     users.read { GET "/users"; }
    /// #     users.write { POST "/users"; }
    /// # }
    /// let routes: Vec<_> = api::CATALOGUE.routes().map(|route| route.to_string()).collect();
    /// assert_eq!(routes, ["GET /users", "POST /users"]);
    /// ```
    pub fn routes(&self) -> impl ExactSizeIterator<Item = Route<'static>> + Clone {
        self.untyped.routes()
    }

    /// Iterates over all scopes, in declaration order.
    ///
    /// ```
    /// # scopes::scopes! {
    /// #     pub mod api;
    /// #     users.read { GET "/users"; }
    /// #     users.write { POST "/users"; }
    /// # }
    /// assert!(api::CATALOGUE.scopes().eq([api::Scope::UsersRead, api::Scope::UsersWrite]));
    /// ```
    pub fn scopes(&self) -> impl Iterator<Item = S> + Clone {
        self.untyped.scopes().filter_map(|scope| S::from_id(scope.id()))
    }

    /// Pairs of routes that demand different scopes and both match some path, although neither
    /// route matches all paths of the other.
    ///
    /// ```
    /// scopes::scopes! {
    ///     pub mod api;
    ///     users.read { GET "/users/{user}/avatar"; }
    ///     help.read { GET "/users/help/{topic}"; }
    /// }
    /// // A test that fails once two routes overlap unseen.
    /// let overlaps = api::CATALOGUE.overlaps();
    /// assert_eq!(overlaps.len(), 1);
    /// assert_eq!(overlaps[0].witness(), "/users/help/avatar");
    /// ```
    #[must_use]
    pub fn overlaps(&self) -> Vec<Overlap> {
        self.untyped.overlaps()
    }

    /// Notes about parts of the catalogue that are valid, but may be mistakes.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } users.write; }
    /// use scopes::Note;
    ///
    /// let forgotten = Note::ScopeWithoutRoute { name: "users.write".into() };
    /// assert_eq!(api::CATALOGUE.notes(), [forgotten]);
    /// ```
    #[must_use]
    pub fn notes(&self) -> Vec<Note> {
        self.untyped.notes()
    }

    /// Decides about a request with or without a grant, by the same rules as the gate. The function
    /// is pure.
    ///
    /// Like [`at`](Self::at), it must not be used in front of a router that decodes or normalises
    /// paths.
    ///
    /// ```
    /// # scopes::scopes! {
    /// #     pub mod api;
    /// #     users.read { GET "/users"; }
    /// #     users.write { POST "/users"; }
    /// # }
    /// use http::Method;
    /// use scopes::Denial;
    ///
    /// let reader = api::Grant::new(api::Scope::UsersRead);
    /// let decide = |method| api::CATALOGUE.decide(&method, "/users", Some(&reader)).verdict();
    /// assert_eq!(decide(Method::GET), Ok(()));
    /// assert_eq!(decide(Method::POST), Err(Denial::ScopeMissing));
    /// ```
    pub fn decide<'t>(
        &self,
        method: &http::Method,
        target: &'t (impl AsRef<[u8]> + ?Sized),
        grant: Option<&Grant<S>>,
    ) -> Decision<'static, 't> {
        let caller = grant.map_or(CallerStatus::Absent, Grant::status);
        self.untyped.decide(method.as_str(), target.as_ref(), &caller)
    }

    /// Compares the routes that a router serves with this catalogue, in both directions: a test for
    /// routers that are not built from the setting `routes;`.
    ///
    /// `served` are methods and whole paths, in the notation of any router. rocket's router lists
    /// them, and so do the `OpenAPI` documents that aide, utoipa and poem-openapi generate
    /// (`scopes::export::served`). The routers of axum, poem and warp cannot list their routes, and
    /// actix-web's only with an experimental feature: there the list is a part of the test.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; GET "/users/{id}"; } }
    /// let served = [("GET", "/users"), ("GET", "/users/:id")];
    /// api::CATALOGUE.uncovered(served).assert_empty();
    ///
    /// let found = api::CATALOGUE.uncovered([("GET", "/users"), ("POST", "/users")]);
    /// let lines = "\
    /// the served routes differ from the catalogue `api`:
    /// served, but not declared:
    /// - `POST /users`: the catalogue has this path with `GET`
    /// declared, but not served:
    /// - `GET /users/{id}`";
    /// assert_eq!(found.to_string(), lines);
    /// ```
    ///
    /// [`UntypedCatalogue::uncovered`] has the rules, and
    /// [`uncovered_at`](UntypedCatalogue::uncovered_at) compares a router that is mounted
    /// elsewhere.
    pub fn uncovered<M: AsRef<str>, P: AsRef<str>>(
        &self,
        served: impl IntoIterator<Item = (M, P)>,
    ) -> Uncovered<'static> {
        self.untyped.uncovered(served)
    }

    /// The alternatives of a route's requirement as declared. Each of them suffices. Empty if the
    /// route has no requirement.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } admin { GET "/users"; } }
    /// let route = api::CATALOGUE.routes().next().unwrap();
    /// let accepted = api::CATALOGUE.accepted(route);
    /// assert_eq!(accepted, [api::Scope::Admin.into(), api::Scope::UsersRead.into()]);
    /// ```
    #[must_use]
    pub fn accepted(&self, route: Route<'_>) -> Vec<ScopeSet<S>> {
        let set = |ids: &mut dyn Iterator<Item = ScopeId>| ids.filter_map(S::from_id).collect();
        route.requirement().iter().map(|term| set(&mut term.ids())).collect()
    }

    /// The catalogue without its scope type.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
    /// use scopes::UntypedCatalogue;
    ///
    /// /// Prints any catalogue, whatever its scope type.
    /// fn table(catalogue: &UntypedCatalogue) -> String {
    ///     catalogue.scopes().map(|scope| format!("{}\n", scope.name())).collect()
    /// }
    /// assert_eq!(table(api::CATALOGUE.untyped()), "users.read\n");
    /// ```
    #[must_use]
    pub const fn untyped(&self) -> &'static UntypedCatalogue {
        self.untyped
    }
}

impl<S: Scope> Clone for Catalogue<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Scope> Copy for Catalogue<S> {}

impl<S: Scope> fmt::Debug for Catalogue<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Catalogue").field(&self.untyped.name()).finish()
    }
}

#[cfg(test)]
mod tests {
    use http::Method;
    use scopes_core::Denial;

    use super::*;
    use crate::fixture::{CATALOGUE, USERS_READ, USERS_WRITE, grant};

    #[test]
    fn routes_by_target_and_by_template() {
        let catalogue = &*CATALOGUE;
        let found = catalogue.at(&Method::GET, "/api/environments/e1/users?x").unwrap();
        assert_eq!(found.tenant().as_deref(), Some("e1"));
        assert_eq!(catalogue.route(&Method::HEAD, "/api/environments/{id}/users"), Some(found.route()));
        assert_eq!(catalogue.route(&Method::GET, "/environments/{id}/users"), None);
        assert_eq!(catalogue.at(&Method::GET, b"/api/none").unwrap_err(), NoRoute::NotFound);
    }

    #[test]
    fn alternatives_as_declared() {
        let catalogue = &*CATALOGUE;
        let accepted = |method: &Method, template: &str| {
            let route = catalogue.route(method, template).unwrap();
            catalogue.accepted(route).iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(accepted(&Method::GET, "/api/environments/{e}/users"), ["users.read"]);
        assert_eq!(accepted(&Method::POST, "/api/environments/{e}/replay"), ["users.write events.read"]);
        assert_eq!(accepted(&Method::GET, "/api/environments/{e}/either"), ["events.read", "users.read"]);
        assert!(accepted(&Method::GET, "/api/health").is_empty());
    }

    #[test]
    fn decisions() {
        let catalogue = &*CATALOGUE;
        let decide =
            |target: &str, grant: Option<&crate::Grant<_>>| catalogue.decide(&Method::GET, target, grant).verdict();
        let users = grant(&[USERS_READ]);
        for (target, grant, expected) in [
            ("/api/environments/e1/users", Some(&users), Ok(())),
            ("/api/environments/e2/users", Some(&users), Err(Denial::OtherTenant)),
            ("/api/environments/e1/users", Some(&grant(&[USERS_WRITE])), Err(Denial::ScopeMissing)),
            ("/api/environments/e1/users", None, Err(Denial::CredentialsAbsent)),
            ("/api/health", None, Ok(())),
            ("/api/me", Some(&users), Ok(())),
            ("/api/none", Some(&users), Err(Denial::RouteNotFound)),
        ] {
            assert_eq!(decide(target, grant), expected, "{target}");
        }
    }
}
