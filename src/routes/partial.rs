//! Parts of an API's routes, and all of its routes.

use std::fmt;
use std::marker::PhantomData;

use scopes_core::{Route, Scope};

/// A route and the handler that is registered for it.
///
/// ```
/// # scopes::scopes! {
/// #     pub mod api;
/// #     routes;
/// #     base "/api";
/// #     users.read { GET "/users" as list_users; }
/// # }
/// use scopes::routes::{Entry, Handler, IntoEntries};
///
/// let routes = api::users::Routes { list_users: Handler::unchecked("[]") };
/// let [entry]: [Entry<&str>; 1] = routes.partial().covered().into_entries().try_into().unwrap();
/// assert_eq!((entry.route().method(), entry.template()), ("GET", "/api/users"));
/// assert_eq!(entry.into_handler(), "[]");
/// ```
pub struct Entry<T> {
    route: Route<'static>,
    template: String,
    handler: T,
}

impl<T> Entry<T> {
    pub(super) fn new(route: Route<'static>, handler: T) -> Self {
        Self { route, template: route.template(), handler }
    }

    /// The route of the catalogue that the handler serves.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; routes; users.read { GET "/users" as list_users; } }
    /// # use scopes::routes::{Handler, IntoEntries};
    /// let routes = api::users::Routes { list_users: Handler::unchecked("[]") };
    /// assert_eq!(routes.partial().covered().into_entries()[0].route().name(), "list_users");
    /// ```
    #[must_use]
    pub const fn route(&self) -> Route<'static> {
        self.route
    }

    /// The template under which the route is registered, base included.
    ///
    /// ```
    /// # scopes::scopes! {
    /// #     pub mod api;
    /// #     routes;
    /// #     base "/api";
    /// #     users.read { GET "/users" as list_users; }
    /// # }
    /// # use scopes::routes::{Handler, IntoEntries};
    /// let routes = api::users::Routes { list_users: Handler::unchecked("[]") };
    /// assert_eq!(routes.partial().covered().into_entries()[0].template(), "/api/users");
    /// ```
    #[must_use]
    pub fn template(&self) -> &str {
        &self.template
    }

    /// Takes the handler that is registered for the route.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; routes; users.read { GET "/users" as list_users; } }
    /// # use scopes::routes::{Handler, IntoEntries};
    /// let routes = api::users::Routes { list_users: Handler::unchecked("[]") };
    /// let handlers = routes.partial().covered().into_entries().into_iter().map(|entry| entry.into_handler());
    /// assert!(handlers.eq(["[]"]));
    /// ```
    #[must_use]
    pub fn into_handler(self) -> T {
        self.handler
    }

    fn map<U>(self, change: impl FnOnce(Route<'static>, T) -> U) -> Entry<U> {
        let Self { route, template, handler } = self;
        Entry { route, template, handler: change(route, handler) }
    }
}

impl<T> fmt::Debug for Entry<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Entry").field(&self.route).finish()
    }
}

/// A source of routes from which a framework's router is built: all groups of a catalogue
/// ([`Covered`]), or some of them on purpose ([`ServedAlone`]).
///
/// ```
/// # scopes::scopes! { pub mod api; routes; users.read { GET "/users" as list_users; } }
/// use scopes::routes::{Handler, IntoEntries};
///
/// /// What an adapter of your own does to register routes.
/// fn table(routes: impl IntoEntries<Handler = &'static str>) -> Vec<(String, &'static str)> {
///     let entries = routes.into_entries().into_iter();
///     entries.map(|entry| (entry.route().to_string(), entry.into_handler())).collect()
/// }
/// let routes = api::users::Routes { list_users: Handler::unchecked("[]") };
/// assert_eq!(table(api::assert_covered!(routes)), [("GET /users".to_owned(), "[]")]);
/// ```
#[diagnostic::on_unimplemented(
    message = "a router is built from all groups of the catalogue, and `{Self}` may be a part of them",
    label = "the routes of every other group would be missing",
    note = "write `api::assert_covered!(users(), events())` with every group around it",
    note = "a server that serves some groups only says so: `users().partial().served_alone(\"why\")`"
)]
pub trait IntoEntries {
    /// The type that the framework registers for a route.
    type Handler;

    /// Returns every route together with its handler.
    fn into_entries(self) -> Vec<Entry<Self::Handler>>;
}

/// A group of a catalogue as a type: its `Routes`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a group of a catalogue: write `api::..::Routes`, or a pair of such"
)]
#[doc(hidden)]
pub trait Group: 'static {
    /// The type of the catalogue's scopes.
    type Scope: Scope;
}

/// One group, or a pair of groups or pairs.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a group of a catalogue: write `api::..::Routes`, or a pair of such"
)]
#[doc(hidden)]
pub trait Groups {
    /// The type of the catalogue's scopes.
    type Scope: Scope;
}

impl<G: Group> Groups for G {
    type Scope = G::Scope;
}

impl<A: Groups, B: Groups<Scope = A::Scope>> Groups for (A, B) {
    type Scope = A::Scope;
}

/// Groups that hold the group `G` exactly once. The compiler finds `Place`, its position among
/// them.
#[diagnostic::on_unimplemented(
    message = "the group `{G}` of the catalogue is not covered",
    label = "its routes are missing",
    note = "build its `Routes` with the handlers of its routes and add them"
)]
#[doc(hidden)]
pub trait Has<G, Place> {}

/// The position of a group that is not part of a pair.
#[derive(Debug)]
#[doc(hidden)]
pub enum Here {}

/// A position in the left part of a pair.
#[doc(hidden)]
#[derive(Debug)]
pub struct Left<P>(PhantomData<fn() -> P>);

/// A position in the right part of a pair.
#[doc(hidden)]
#[derive(Debug)]
pub struct Right<P>(PhantomData<fn() -> P>);

#[diagnostic::do_not_recommend]
impl<G: Group> Has<G, Here> for G {}

#[diagnostic::do_not_recommend]
impl<G: Group, A: Has<G, P>, B, P> Has<G, Left<P>> for (A, B) {}

#[diagnostic::do_not_recommend]
impl<G: Group, A, B: Has<G, P>, P> Has<G, Right<P>> for (A, B) {}

/// Implemented for a catalogue's scopes if `Groups` holds all groups of the catalogue. Generated by
/// `routes;`.
#[diagnostic::on_unimplemented(message = "the catalogue of `{Self}` is declared without `routes;`")]
#[doc(hidden)]
pub trait Covers<Groups, Places>: Scope {}

/// Implemented for a catalogue's scopes, with the catalogue's own number. Generated by `routes;`.
#[diagnostic::on_unimplemented(message = "these are routes of another catalogue, the one of `{Self}`")]
#[doc(hidden)]
pub trait Catalogued<const NUMBER: u64>: Scope {}

/// The handlers of some groups of a catalogue.
///
/// `Groups` names these groups: a group's `Routes`, or a pair of merged parts. So the type of a
/// function that returns it can be written:
/// `fn users() -> Partial<(api::users::Routes, api::events::Routes), T>`. `T` is the type that the
/// framework registers. The adapter has a shorter name for the whole type, such as
/// `scopes::axum::Partial`.
///
/// ```
/// # scopes::scopes! {
/// #     pub mod api;
/// #     routes;
/// #     users.read { GET "/users" as list_users; }
/// #     public("liveness probe") { GET "/health" as health; }
/// # }
/// use scopes::routes::{Handler, IntoEntries, Partial};
///
/// fn users() -> Partial<api::users::Routes, &'static str> {
///     api::users::Routes { list_users: Handler::unchecked("[]") }.partial()
/// }
///
/// let others = api::Routes { health: Handler::unchecked("ok") };
/// let all = api::assert_covered!(users(), others);
/// assert_eq!(all.into_entries().len(), 2);
/// ```
#[must_use = "routes serve nothing until a router is built from them"]
pub struct Partial<Groups, T> {
    entries: Vec<Entry<T>>,
    groups: PhantomData<fn() -> Groups>,
}

impl<G, T> Partial<G, T> {
    #[doc(hidden)]
    pub fn __new<const N: usize>(entries: [Option<Entry<T>>; N]) -> Self {
        Self { entries: entries.into_iter().flatten().collect(), groups: PhantomData }
    }

    /// Returns itself. A group's `Routes` has this method too, so both can be merged in the same
    /// way.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; routes; users.read { GET "/users" as list_users; } }
    /// # use scopes::routes::{Handler, IntoEntries};
    /// let routes = api::users::Routes { list_users: Handler::unchecked("[]") };
    /// assert_eq!(routes.partial().partial().covered().into_entries().len(), 1);
    /// ```
    pub fn partial(self) -> Self {
        self
    }

    /// Registers the routes below another base than the catalogue's.
    /// [`Settings::mounted_at`](crate::Settings::mounted_at) must name the whole path that clients
    /// send: this base or, if the router is nested, the prefix and this base.
    ///
    /// ```
    /// # scopes::scopes! {
    /// #     pub mod api;
    /// #     routes;
    /// #     base "/api";
    /// #     users.read { GET "/users" as list_users; }
    /// # }
    /// # use scopes::routes::{Handler, IntoEntries};
    /// let routes = api::users::Routes { list_users: Handler::unchecked("[]") };
    /// let entries = routes.partial().mounted_at("/v2/api").covered().into_entries();
    /// assert_eq!(entries[0].template(), "/v2/api/users");
    /// ```
    pub fn mounted_at(mut self, base: &str) -> Self {
        for entry in &mut self.entries {
            entry.template = below(base, entry.route);
        }
        self
    }

    /// Changes the handler that is registered for each route. Use it to put a layer around the
    /// handlers of one group.
    ///
    /// The result is not checked again. If `change` returns another handler, only the guard of that
    /// handler applies.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; routes; users.read { GET "/users" as list_users; } }
    /// # use scopes::routes::{Handler, IntoEntries};
    /// let routes = api::users::Routes { list_users: Handler::unchecked("[]") };
    /// let logged = routes.partial().map(|route, handler| format!("log {route}, then {handler}"));
    /// assert_eq!(logged.covered().into_entries().remove(0).into_handler(), "log GET /users, then []");
    /// ```
    pub fn map<U>(self, mut change: impl FnMut(Route<'static>, T) -> U) -> Partial<G, U> {
        let entries = self.entries.into_iter().map(|entry| entry.map(&mut change)).collect();
        Partial { entries, groups: PhantomData }
    }
}

impl<G: Groups, T> Partial<G, T> {
    /// Joins two parts of the same catalogue.
    ///
    /// ```
    /// # scopes::scopes! {
    /// #     pub mod api;
    /// #     routes;
    /// #     users.read { GET "/users" as list_users; }
    /// #     events.read { GET "/events" as list_events; }
    /// # }
    /// # use scopes::routes::{Handler, IntoEntries};
    /// let users = api::users::Routes { list_users: Handler::unchecked("[]") }.partial();
    /// let events = api::events::Routes { list_events: Handler::unchecked("[]") }.partial();
    /// assert_eq!(users.merge(events).covered().into_entries().len(), 2);
    /// ```
    pub fn merge<H: Groups<Scope = G::Scope>>(mut self, other: Partial<H, T>) -> Partial<(G, H), T> {
        self.entries.extend(other.entries);
        Partial { entries: self.entries, groups: PhantomData }
    }

    /// Builds a server of these groups only, such as one process of several that share the
    /// catalogue. Its gate answers 404 for the routes of all other groups.
    ///
    /// `reason` only documents the call site.
    ///
    /// ```
    /// # #[cfg(feature = "_axum")] mod example {
    /// use scopes::axum::{Gated, guarded, router};
    ///
    /// scopes::scopes! {
    ///     pub mod api;
    ///     routes;
    ///     users.read { GET "/users" as list_users; }
    ///     events.read { GET "/events" as list_events; }
    /// }
    ///
    /// fn users_only() -> Gated<api::Scope> {
    ///     let users = api::users::Routes { list_users: guarded(async || "[]") }.partial();
    ///     api::gate(router(users.served_alone("another process serves the events")))
    /// }
    /// # }
    /// ```
    pub fn served_alone(self, reason: &str) -> ServedAlone<G, T> {
        let _ = reason;
        ServedAlone(self)
    }

    /// Proves that these groups are all groups of the catalogue, each of them once. Otherwise it
    /// does not compile. `api::assert_covered!(..)` merges the parts and then calls it.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; routes; users.read { GET "/users" as list_users; } }
    /// # use scopes::routes::{Handler, IntoEntries};
    /// let users = api::users::Routes { list_users: Handler::unchecked("[]") }.partial();
    /// assert_eq!(users.covered().into_entries().len(), 1);
    /// ```
    pub fn covered<Places>(self) -> Covered<G::Scope, T>
    where
        G::Scope: Covers<G, Places>,
    {
        Covered { entries: self.entries, scope: PhantomData }
    }

    #[doc(hidden)]
    pub fn __covered<const NUMBER: u64, Places>(self) -> Covered<G::Scope, T>
    where
        G::Scope: Catalogued<NUMBER> + Covers<G, Places>,
    {
        self.covered()
    }
}

impl<G, T> fmt::Debug for Partial<G, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Partial").field(&self.entries).finish()
    }
}

/// Some groups of a catalogue that make a server by themselves: see [`Partial::served_alone`].
#[must_use = "routes serve nothing until a router is built from them"]
pub struct ServedAlone<Groups, T>(Partial<Groups, T>);

impl<G, T> IntoEntries for ServedAlone<G, T> {
    type Handler = T;

    fn into_entries(self) -> Vec<Entry<T>> {
        self.0.entries
    }
}

impl<G, T> fmt::Debug for ServedAlone<G, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ServedAlone").field(&self.0.entries).finish()
    }
}

/// The handlers of all routes of a catalogue.
///
/// ```
/// # scopes::scopes! { pub mod api; routes; users.read { GET "/users" as list_users; } }
/// use scopes::routes::{Covered, Handler, IntoEntries};
///
/// fn all() -> Covered<api::Scope, &'static str> {
///     api::assert_covered!(api::users::Routes { list_users: Handler::unchecked("[]") })
/// }
/// assert_eq!(all().into_entries().len(), 1);
/// ```
#[must_use = "routes serve nothing until a router is built from them"]
pub struct Covered<S, T> {
    entries: Vec<Entry<T>>,
    scope: PhantomData<fn() -> S>,
}

impl<S, T> Covered<S, T> {
    /// Like [`Partial::mounted_at`], for all routes of the catalogue.
    ///
    /// ```
    /// # scopes::scopes! {
    /// #     pub mod api;
    /// #     routes;
    /// #     base "/api";
    /// #     users.read { GET "/users" as list_users; }
    /// # }
    /// # use scopes::routes::{Handler, IntoEntries};
    /// let users = api::users::Routes { list_users: Handler::unchecked("[]") };
    /// let all = api::assert_covered!(users).mounted_at("/v2/api");
    /// assert_eq!(all.into_entries()[0].template(), "/v2/api/users");
    /// ```
    pub fn mounted_at(mut self, base: &str) -> Self {
        for entry in &mut self.entries {
            entry.template = below(base, entry.route);
        }
        self
    }

    /// Like [`Partial::map`], for all routes of the catalogue.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; routes; users.read { GET "/users" as list_users; } }
    /// # use scopes::routes::{Handler, IntoEntries};
    /// let users = api::users::Routes { list_users: Handler::unchecked("[]") };
    /// let lengths = api::assert_covered!(users).map(|_route, handler| handler.len());
    /// assert_eq!(lengths.into_entries().remove(0).into_handler(), 2);
    /// ```
    pub fn map<U>(self, mut change: impl FnMut(Route<'static>, T) -> U) -> Covered<S, U> {
        let entries = self.entries.into_iter().map(|entry| entry.map(&mut change)).collect();
        Covered { entries, scope: PhantomData }
    }
}

impl<S, T> IntoEntries for Covered<S, T> {
    type Handler = T;

    fn into_entries(self) -> Vec<Entry<T>> {
        self.entries
    }
}

impl<S, T> fmt::Debug for Covered<S, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Covered").field(&self.entries).finish()
    }
}

/// Like [`Route::template`], but with another base.
fn below(base: &str, route: Route<'_>) -> String {
    let base = base.trim_end_matches('/');
    match route.path() {
        "/" if !base.is_empty() && !route.has_trailing_slash() => base.to_owned(),
        path => [base, path].concat(),
    }
}
