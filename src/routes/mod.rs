//! Routers that are built from the catalogue: what `routes;` in [`scopes!`](crate::scopes!)
//! generates is made of this.
//!
//! Without it a router and the catalogue are two lists of the same routes. With it there is one:
//! every group of the catalogue (the module of its scopes; the catalogue's own module for
//! everything else) has a struct `Routes` with a field for each of its routes. A route without a
//! handler is a missing field. A handler that demands anything but what its route demands does not
//! compile, where the framework lets the compiler see a handler's arguments (axum, actix-web).
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
//! | a group that was merged twice | an error at `assert_covered!`: `type annotations needed`, because it is found in two places |
//! | `Permit<Stricter<..>>` that allows more than its route | an error of `cargo build`, not yet of `cargo check` |
//!
//! Parts are merged in any order; of more than a hundred groups merge some first, in functions of
//! their own, because the compiler limits how deep a row of merges may be.
//!
//! A route that another server or router answers says so: [`served_elsewhere`].
//!
//! Routes are registered under their whole template, `base` included; [`Partial::mounted_at`] takes
//! another one.

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
pub use partial::{Catalogued, Covered, Covers, Entry, Group, Groups, Has, IntoEntries, Partial};

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
/// assert_eq!(routes.into_entries()[0].template(), "/users");
/// ```
pub trait Endpoint: 'static {
    /// The scopes of its catalogue.
    type Scope: Scope;

    /// [`Scoped`], [`Authenticated`] or [`Open`].
    type Access;

    /// What a handler's permit has to demand; the grant on an authenticated route.
    type Demand;

    /// A type with the route's name, for messages of the compiler.
    #[doc(hidden)]
    type Name;

    /// Its position in the catalogue as a number, which `scopes!` prints.
    #[doc(hidden)]
    const INDEX: u16;

    /// Its position in the catalogue.
    const ID: RouteId = RouteId::new(Self::INDEX);

    /// Whether literal text stands beside a parameter.
    #[doc(hidden)]
    const TEXT_BESIDE_PARAMETER: bool = false;

    /// Whether its literal text has `:`, `*` or `<` in it, which have a meaning in the path
    /// grammars of some frameworks.
    #[doc(hidden)]
    const SIGN_IN_TEXT: bool = false;

    /// Whether its path ends with `*`.
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
    /// let mut entries = api::users::Routes { list_users: described() }.into_entries();
    /// assert_eq!(entries.remove(0).into_handler(), "GET /users");
    /// ```
    ///
    /// # Panics
    /// If the catalogue does not have the route. What `scopes!` generates always has it.
    #[must_use]
    fn route() -> Route<'static> {
        let route = Self::Scope::catalogue().route_at(Self::ID);
        // Marker and table come from one expansion.
        route.expect("the catalogue has the routes that it was generated with")
    }
}

/// The type that `scopes!` writes for each route: everything is in its parameters, because an
/// implementation of [`Endpoint`] for each route would take the compiler twice as long.
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
/// An adapter makes it (`scopes::axum::handler(f)`), and has checked what the handler demands, as
/// far as the framework lets it.
///
/// ```
/// # scopes::scopes! { pub mod api; routes; users.read { GET "/users" as list_users; } }
/// use scopes::routes::{Handler, IntoEntries};
///
/// // An adapter of your own registers what its framework takes, here a text.
/// let routes = api::users::Routes { list_users: Handler::unchecked("[]") };
/// assert_eq!(routes.into_entries().len(), 1);
/// ```
pub struct Handler<E, T> {
    registered: Option<T>,
    endpoint: PhantomData<fn() -> E>,
}

impl<E: Endpoint, T> Handler<E, T> {
    /// Takes what a framework registers for a route. The compiler cannot see here what it demands:
    /// a handler with another permit than its route's answers 500 from its first request on, one
    /// without any is left to the gate.
    ///
    /// ```
    /// # scopes::scopes! {
    /// #     pub mod api;
    /// #     routes;
    /// #     public("liveness probe") { GET "/health" as health; }
    /// # }
    /// use scopes::routes::{Handler, IntoEntries};
    ///
    /// let mut entries = api::Routes { health: Handler::unchecked("ok") }.into_entries();
    /// assert_eq!(entries.remove(0).into_handler(), "ok");
    /// ```
    pub const fn unchecked(registered: T) -> Self {
        Self { registered: Some(registered), endpoint: PhantomData }
    }

    /// The route beside its handler; `None` if it is [`served_elsewhere`].
    pub fn into_entry(self) -> Option<Entry<T>> {
        self.registered.map(|registered| Entry::new(E::route(), registered))
    }
}

/// No handler: another server or another router answers this route, for the reason given. It is
/// left out of the router that is built here.
///
/// ```
/// # scopes::scopes! { pub mod api; routes; external("session") { POST "/user/tokens" as create_token; } }
/// use scopes::routes::{IntoEntries, served_elsewhere};
///
/// let create_token = served_elsewhere("the dashboard's own router has it");
/// let routes: api::Routes<()> = api::Routes { create_token };
/// assert!(routes.into_entries().is_empty());
/// ```
#[must_use]
pub const fn served_elsewhere<E: Endpoint, T>(reason: &'static str) -> Handler<E, T> {
    // It only documents the call site.
    let _ = reason;
    Handler { registered: None, endpoint: PhantomData }
}

impl<E, T> fmt::Debug for Handler<E, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handler(..)")
    }
}
