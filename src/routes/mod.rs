//! Routers that are built from the catalogue. The code that `routes;` in
//! [`scopes!`](crate::scopes!) generates uses this module.
//!
//! Without `routes;`, the router and the catalogue are two lists of the same routes. With it, the
//! catalogue is the only list: every group of the catalogue (the module of its scopes; the
//! catalogue's own module for everything else) has a struct `Routes` with a field for each of its
//! routes. A route without a handler is a missing field. On axum and actix-web, where the compiler
//! sees a handler's arguments, a handler whose demand differs from its route's does not compile.
//!
//! ```
//! # #[cfg(feature = "_axum")] mod example {
//! use scopes::axum::{Partial, guarded, handler};
//! use scopes::requires;
//!
//! scopes::scopes! {
//!     pub mod api;
//!     routes;
//!     base "/api/v0";
//!
//!     users.read { GET "/users" as list_users; GET "/users/{id}" as get_user; }
//!     events.read { GET "/events" as list_events; }
//!     public("liveness probe") { GET "/health" as health; }
//! }
//!
//! #[requires(api::users.read)]
//! async fn list_users() -> &'static str { "[]" }
//!
//! #[requires(api::users.read)]
//! async fn get_user() -> &'static str { "{}" }
//!
//! fn users() -> Partial<api::users::Routes> {
//!     let (list_users, get_user) = (handler(list_users), handler(get_user));
//!     api::users::Routes { list_users, get_user }.partial()
//! }
//!
//! fn app() -> scopes::axum::Gated<api::Scope> {
//!     let events = api::events::Routes { list_events: guarded(|| async { "[]" }) };
//!     let others = api::Routes { health: handler(|| async { "ok" }) };
//!     // Every group of the catalogue, once.
//!     let covered = api::assert_covered!(users(), events, others);
//!     api::gate(scopes::axum::router(covered))
//! }
//! # }
//! ```
//!
//! | a mistake | is |
//! |---|---|
//! | a route without a handler | a missing field of its group's `Routes` |
//! | a handler that demands other scopes, or none | an error at the handler |
//! | a group that was not merged | an error at `assert_covered!` |
//! | a router of some groups, without `assert_covered!` | an error at the router, unless it says [`served_alone`](Partial::served_alone) |
//! | a group that was merged twice | an error at `assert_covered!`: `type annotations needed`, because it is found in two places |
//! | `Permit<Stricter<..>>` that allows more than its route | an error of `cargo build`, not yet of `cargo check` |
//!
//! Parts can be merged in any order. With more than a hundred groups, merge some of them in
//! separate functions, because the compiler limits the depth of merged types.
//!
//! Use [`served_elsewhere`] for a route that another server or router answers.
//!
//! Routes are registered under their whole template, `base` included. [`Partial::mounted_at`]
//! replaces the base.

mod demand;
#[cfg(feature = "_routes")]
pub(crate) mod grouped;
mod implies;
mod partial;

use std::fmt;
use std::marker::PhantomData;

use scopes_core::{Route, RouteId, Scope};

#[cfg(feature = "_typed_handlers")]
pub(crate) use demand::arguments;
pub use demand::{Arguments, Authenticated, Demands, GrantFor, Guards, Open, PermitFor, Scoped, Takes};
#[doc(hidden)]
pub use implies::Shape;
pub use partial::{Catalogued, Covered, Covers, Entry, Group, Groups, Has, IntoEntries, Partial, ServedAlone};

/// One route of a catalogue as a type. `scopes!` generates one for each route, by the route's name.
///
/// ```
/// # scopes::scopes! { pub mod api; routes; users.read { GET "/users" as list_users; } }
/// use scopes::routes::{Endpoint, Handler, IntoEntries};
///
/// /// Registers nothing but the route's name.
/// fn named<E: Endpoint>() -> Handler<E, &'static str> {
///     Handler::unchecked(E::route().name())
/// }
/// let routes = api::users::Routes { list_users: named() };
/// assert_eq!(api::assert_covered!(routes).into_entries()[0].template(), "/users");
/// ```
pub trait Endpoint: 'static {
    /// The type of the catalogue's scopes.
    type Scope: Scope;

    /// What the route demands of a caller: [`Scoped`], [`Authenticated`] or [`Open`].
    type Access;

    /// The requirement that a handler's permit must have. On an authenticated route it is the
    /// grant.
    type Demand;

    /// A type with the route's name, for compiler messages.
    #[doc(hidden)]
    type Name;

    /// The route's position in the catalogue as a number, which `scopes!` generates.
    #[doc(hidden)]
    const INDEX: u16;

    /// The position of the route in the catalogue.
    const ID: RouteId = RouteId::new(Self::INDEX);

    /// Whether literal text stands beside a parameter.
    #[doc(hidden)]
    const TEXT_BESIDE_PARAMETER: bool = false;

    /// Whether the literal text of the path has `:`, `*` or `<`, which are special characters in
    /// the path grammars of some frameworks.
    #[doc(hidden)]
    const SIGN_IN_TEXT: bool = false;

    /// Whether the path ends with `*`.
    #[doc(hidden)]
    const ASTERISK_AT_THE_END: bool = false;

    /// Whether another route of its method differs from it only in the literal text beside
    /// parameters.
    #[doc(hidden)]
    const HIDDEN_WITHOUT_TEXT: bool = false;

    /// Returns the route as a value.
    ///
    /// ```
    /// # scopes::scopes! { pub mod api; routes; users.read { GET "/users" as list_users; } }
    /// use scopes::routes::{Endpoint, Handler, IntoEntries};
    ///
    /// fn described<E: Endpoint>() -> Handler<E, String> {
    ///     Handler::unchecked(E::route().to_string())
    /// }
    /// let mut entries = api::users::Routes { list_users: described() }.partial().covered().into_entries();
    /// assert_eq!(entries.remove(0).into_handler(), "GET /users");
    /// ```
    ///
    /// # Panics
    /// If the catalogue does not have the route, which code generated by `scopes!` never does.
    #[must_use]
    fn route() -> Route<'static> {
        let route = Self::Scope::catalogue().route_at(Self::ID);
        // Marker and table come from the same expansion.
        route.expect("the catalogue has the routes that it was generated with")
    }
}

/// The type that `scopes!` generates for each route. Its parameters hold all data, because the
/// compiler would take twice as long for an implementation of [`Endpoint`] for each route.
///
/// `SIGNS` has a bit for each of [`TEXT_BESIDE_PARAMETER`](Endpoint::TEXT_BESIDE_PARAMETER),
/// [`HIDDEN_WITHOUT_TEXT`](Endpoint::HIDDEN_WITHOUT_TEXT), [`SIGN_IN_TEXT`](Endpoint::SIGN_IN_TEXT)
/// and [`ASTERISK_AT_THE_END`](Endpoint::ASTERISK_AT_THE_END), the lowest first.
#[doc(hidden)]
#[derive(Debug)]
pub struct Declared<Name, S, Access, Demand, const INDEX: u16, const SIGNS: u8>(
    PhantomData<fn() -> (Name, S)>,
    PhantomData<fn() -> (Access, Demand)>,
);

impl<Name, S, Access, Demand, const INDEX: u16, const SIGNS: u8> Endpoint
    for Declared<Name, S, Access, Demand, INDEX, SIGNS>
where
    Name: 'static,
    S: Scope,
    Access: 'static,
    Demand: 'static,
{
    type Scope = S;
    type Access = Access;
    type Demand = Demand;
    type Name = Name;
    const INDEX: u16 = INDEX;
    const TEXT_BESIDE_PARAMETER: bool = SIGNS & 1 != 0;
    const HIDDEN_WITHOUT_TEXT: bool = SIGNS & 1 << 1 != 0;
    const SIGN_IN_TEXT: bool = SIGNS & 1 << 2 != 0;
    const ASTERISK_AT_THE_END: bool = SIGNS & 1 << 3 != 0;
}

/// The handler of one route: the value of a field of `Routes`.
///
/// An adapter makes it (`scopes::axum::handler(f)`), and checks the handler's demand if the
/// framework shows the handler's arguments.
///
/// ```
/// # scopes::scopes! { pub mod api; routes; users.read { GET "/users" as list_users; } }
/// use scopes::routes::{Handler, IntoEntries};
///
/// // An adapter of your own registers what its framework takes, here a text.
/// let routes = api::users::Routes { list_users: Handler::unchecked("[]") };
/// assert_eq!(routes.partial().covered().into_entries().len(), 1);
/// ```
pub struct Handler<E, T> {
    registered: Option<T>,
    endpoint: PhantomData<fn() -> E>,
}

impl<E: Endpoint, T> Handler<E, T> {
    /// Wraps the value that a framework registers for a route. The compiler cannot see what the
    /// handler demands. A handler that takes the permit of another route answers 500 to every
    /// request; a handler without a permit is guarded by the gate only.
    ///
    /// ```
    /// # scopes::scopes! {
    /// #     pub mod api;
    /// #     routes;
    /// #     public("liveness probe") { GET "/health" as health; }
    /// # }
    /// use scopes::routes::{Handler, IntoEntries};
    ///
    /// let mut entries = api::Routes { health: Handler::unchecked("ok") }.partial().covered().into_entries();
    /// assert_eq!(entries.remove(0).into_handler(), "ok");
    /// ```
    pub const fn unchecked(registered: T) -> Self {
        Self { registered: Some(registered), endpoint: PhantomData }
    }

    /// The route together with its handler, or `None` if it is [`served_elsewhere`].
    pub fn into_entry(self) -> Option<Entry<T>> {
        self.registered.map(|registered| Entry::new(E::route(), registered))
    }
}

/// Marks a route without a handler, because another server or router answers it. The router that is
/// built leaves the route out.
///
/// ```
/// # scopes::scopes! { pub mod api; routes; external("session") { POST "/user/tokens" as create_token; } }
/// use scopes::routes::{IntoEntries, served_elsewhere};
///
/// let create_token = served_elsewhere("the dashboard's own router has it");
/// let routes: api::Routes<()> = api::Routes { create_token };
/// assert!(api::assert_covered!(routes).into_entries().is_empty());
/// ```
#[must_use]
pub const fn served_elsewhere<E: Endpoint, T>(reason: &'static str) -> Handler<E, T> {
    // `reason` only documents the call site.
    let _ = reason;
    Handler { registered: None, endpoint: PhantomData }
}

impl<E, T> fmt::Debug for Handler<E, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handler(..)")
    }
}
