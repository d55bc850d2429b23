//! Whether a handler demands what its route does.

use std::marker::PhantomData;

use scopes_core::Scope;

use super::implies::implies;
use crate::required::{All, Any, Required, ScopeMarker, Stricter};
use crate::{Grant, Permit};

/// The access of a route that demands scopes: its handler takes a permit for exactly these.
#[derive(Debug)]
#[doc(hidden)]
pub enum Scoped {}

/// The access of an `authenticated` route: its handler takes the grant.
#[derive(Debug)]
#[doc(hidden)]
pub enum Authenticated {}

/// The access of a `public` or an `external` route: its handler takes no permit.
#[derive(Debug)]
#[doc(hidden)]
pub enum Open {}

/// A permit's requirement that may stand on the handler of route `E`, whose own requirement is
/// `Demand`.
///
/// They are the same but for the order in which alternatives, or scopes that are needed together,
/// were written. `Proof` is found by the compiler: which order it was. A `Stricter` one has to
/// imply the route's, which is known when code is generated:
///
/// ```
/// # #[cfg(feature = "_axum")] mod example {
/// # use scopes::{Any, Permit, Stricter, axum::{Partial, handler}};
/// # scopes::scopes! { pub mod api; routes; users.read { GET "/users" as users; } users.list { GET "/users"; } }
/// # use api::permits::{UsersList, UsersRead};
/// async fn users(_: Permit<Stricter<UsersRead>>) {}
/// # pub fn routes() -> Partial<api::users::Routes> { api::users::Routes { users: handler(users) }.partial() }
/// # }
/// # #[cfg(feature = "_axum")] let _ = example::routes();
/// ```
///
/// ```compile_fail,E0080
/// # #[cfg(feature = "_axum")] mod example {
/// # use scopes::{Any, Permit, Stricter, axum::{Partial, handler}};
/// # scopes::scopes! { pub mod api; routes; users.read { GET "/users" as users; } users.list; }
/// # use api::permits::{UsersList, UsersRead};
/// async fn users(_: Permit<Stricter<Any<UsersRead, UsersList>>>) {}
/// # pub fn routes() -> Partial<api::users::Routes> { api::users::Routes { users: handler(users) }.partial() }
/// # }
/// # #[cfg(feature = "_axum")] let _ = example::routes();
/// # #[cfg(not(feature = "_axum"))] const _: () = panic!();
/// ```
#[diagnostic::on_unimplemented(
    message = "the handler of route `{E}` demands `{Self}`, but the route demands `{Demand}`",
    label = "the handler of another route, or with the wrong `#[requires(..)]`",
    note = "the documentation of the field `{E}` says which scopes are due"
)]
#[doc(hidden)]
pub trait Demands<E, Demand, Proof>: Required {
    /// Fails to compile where only the numbers of the scopes tell.
    #[doc(hidden)]
    const FITS: () = ();
}

/// One scope.
#[derive(Debug)]
#[doc(hidden)]
pub enum Same {}

/// Two requirements in the same order.
#[doc(hidden)]
#[derive(Debug)]
pub struct Straight<A, B>(PhantomData<fn() -> (A, B)>);

/// Two requirements in the other order.
#[doc(hidden)]
#[derive(Debug)]
pub struct Crossed<A, B>(PhantomData<fn() -> (A, B)>);

/// `Stricter`.
#[derive(Debug)]
#[doc(hidden)]
pub enum Implied {}

/// A permit on a route that demands nothing.
#[derive(Debug)]
#[doc(hidden)]
pub enum APublicRouteGivesNoPermit {}

/// A permit, whatever it proves.
#[doc(hidden)]
pub trait IsPermit {}

impl<R: Required> IsPermit for Permit<R> {}

/// A requirement without `Stricter`, which is for the outermost place: inside of another one it
/// would stand for any scope.
#[doc(hidden)]
pub trait Exact {}

impl<M: ScopeMarker> Exact for M {}
impl<A: Exact, B: Exact> Exact for Any<A, B> {}
impl<A: Exact, B: Exact> Exact for All<A, B> {}

#[diagnostic::do_not_recommend]
impl<E, M: ScopeMarker> Demands<E, M, Same> for M {}

#[diagnostic::do_not_recommend]
impl<E, A, B, C, D, P, Q> Demands<E, Any<C, D>, Straight<P, Q>> for Any<A, B>
where
    A: Demands<E, C, P> + Exact,
    B: Demands<E, D, Q> + Exact + Required<Scope = A::Scope>,
{
}

#[diagnostic::do_not_recommend]
impl<E, A, B, C, D, P, Q> Demands<E, Any<C, D>, Crossed<P, Q>> for Any<A, B>
where
    A: Demands<E, D, P> + Exact,
    B: Demands<E, C, Q> + Exact + Required<Scope = A::Scope>,
{
}

#[diagnostic::do_not_recommend]
impl<E, A, B, C, D, P, Q> Demands<E, All<C, D>, Straight<P, Q>> for All<A, B>
where
    A: Demands<E, C, P> + Exact,
    B: Demands<E, D, Q> + Exact + Required<Scope = A::Scope>,
{
}

#[diagnostic::do_not_recommend]
impl<E, A, B, C, D, P, Q> Demands<E, All<C, D>, Crossed<P, Q>> for All<A, B>
where
    A: Demands<E, D, P> + Exact,
    B: Demands<E, C, Q> + Exact + Required<Scope = A::Scope>,
{
}

#[diagnostic::do_not_recommend]
impl<E, R, D> Demands<E, D, Implied> for Stricter<R>
where
    R: Required,
    D: Required<Scope = R::Scope>,
{
    const FITS: () = assert!(
        implies(&R::SHAPE, R::ALTERNATIVES, &D::SHAPE),
        "the handler's `stricter` requirement allows callers that its route does not"
    );
}

/// The arguments of a handler as the framework `F` writes them as one type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are no arguments of a handler",
    label = "the handler has to be a function or a closure that takes a permit"
)]
#[doc(hidden)]
pub trait Arguments<F> {
    /// The first of them; `()` where there is none.
    type First;
}

/// A first argument by which the handler of route `E` demands what the route does: `Permit<R>` with
/// `R` the route's demand.
///
/// Implemented for a type of yours, the compiler takes your word for it: only ever for one that
/// cannot be had without that permit.
#[diagnostic::on_unimplemented(
    message = "the handler of route `{E}` does not demand `{Demand}`",
    label = "its first argument has to be the permit, but is `{Self}`",
    note = "put `#[requires(..)]` above the handler, or on axum write `guarded(..)` in place of `handler(..)`; the documentation of the field `{E}` says what is due"
)]
pub trait PermitFor<E, Demand, Proof> {
    #[doc(hidden)]
    const FITS: () = ();
}

impl<E, Demand, R: Demands<E, Demand, Proof>, Proof> PermitFor<E, Demand, Proof> for Permit<R> {
    const FITS: () = R::FITS;
}

/// A first argument by which the handler of the `authenticated` route `E` demands a grant: `Grant`,
/// or a permit for more.
#[diagnostic::on_unimplemented(
    message = "the handler of route `{E}` does not demand `{Demand}`",
    label = "its first argument has to be the grant, but is `{Self}`",
    note = "the route is `authenticated`: its handler takes the catalogue's `Grant`, or a `Permit<Stricter<..>>`"
)]
#[doc(hidden)]
pub trait GrantFor<E, Demand, Proof> {}

#[diagnostic::do_not_recommend]
impl<E, S: Scope> GrantFor<E, Self, Same> for Grant<S> {}

#[diagnostic::do_not_recommend]
impl<E, R: Required> GrantFor<E, Grant<R::Scope>, Implied> for Permit<Stricter<R>> {}

/// An access that takes a handler with these arguments.
///
/// It is the access that implements this, not the arguments, so that the compiler judges a handler
/// when it knows the route, and not before.
#[doc(hidden)]
pub trait Takes<F, E, Demand, T, Proof> {
    #[doc(hidden)]
    const FITS: () = ();
}

impl<F, E, Demand, T, Proof> Takes<F, E, Demand, T, Proof> for Scoped
where
    T: Arguments<F>,
    T::First: PermitFor<E, Demand, Proof>,
{
    const FITS: () = T::First::FITS;
}

impl<F, E, Demand, T, Proof> Takes<F, E, Demand, T, Proof> for Authenticated
where
    T: Arguments<F>,
    T::First: GrantFor<E, Demand, Proof>,
{
}

impl<F, E, Demand, T> Takes<F, E, Demand, T, Same> for Open {}

/// With a permit as the first argument there are two proofs, so that the compiler finds none: no
/// caller would ever be let in, because the route demands nothing that the permit could prove.
impl<F, E, Demand, T> Takes<F, E, Demand, T, APublicRouteGivesNoPermit> for Open
where
    T: Arguments<F>,
    T::First: IsPermit,
{
}

/// The access of a route whose handler can be guarded for what the route demands.
#[diagnostic::on_unimplemented(
    message = "the route demands no scopes, so that there is nothing to guard",
    label = "write `handler(..)`; on an `authenticated` route the handler takes the catalogue's `Grant`"
)]
#[doc(hidden)]
pub trait Guards<Demand> {
    /// What the guard checks.
    type Requirement: Required;
}

#[diagnostic::do_not_recommend]
impl<Demand: Required> Guards<Demand> for Scoped {
    type Requirement = Demand;
}

/// Implements [`Arguments`] for tuples of up to 16 arguments, after what else the framework puts
/// into the tuple.
#[cfg(feature = "_typed_handlers")]
macro_rules! arguments {
    ($framework:ty, ($($via:ident)?), $none:ty) => {
        impl $crate::routes::Arguments<$framework> for $none {
            type First = ();
        }
        $crate::routes::arguments!(@ $framework, ($($via)?), A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14 A15 A16);
    };
    (@ $framework:ty, ($($via:ident)?), $first:ident $($more:ident)*) => {
        impl<$($via,)? $first, $($more,)*> $crate::routes::Arguments<$framework> for ($($via,)? $first, $($more,)*) {
            type First = $first;
        }
        $crate::routes::arguments!(@ $framework, ($($via)?), $($more)*);
    };
    (@ $framework:ty, ($($via:ident)?),) => {};
}
#[cfg(feature = "_typed_handlers")]
pub(crate) use arguments;
