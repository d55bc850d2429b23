//! Compares at compile time what a handler demands with what its route demands.

use std::marker::PhantomData;

use scopes_core::Scope;

use super::implies::implies;
use crate::required::{All, Any, Required, ScopeMarker, Stricter};
use crate::{Grant, Permit};

/// The access of a route that demands scopes. Its handler takes a permit for exactly these scopes.
#[derive(Debug)]
#[doc(hidden)]
pub enum Scoped {}

/// The access of an `authenticated` route. Its handler takes the grant.
#[derive(Debug)]
#[doc(hidden)]
pub enum Authenticated {}

/// The access of a `public` or an `external` route. Its handler takes no permit.
#[derive(Debug)]
#[doc(hidden)]
pub enum Open {}

/// A requirement that the permit of route `E`'s handler may have. The route's own requirement is
/// `Demand`.
///
/// The two may differ only in the order of alternatives, and in the order of scopes that are needed
/// together. The compiler finds `Proof`, which says how the orders differ. A `Stricter` requirement
/// must imply the route's requirement. The compiler checks that when it generates code:
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
    /// Fails to compile if the scopes' positions show that the requirement does not fit.
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

/// A requirement in [`Stricter`].
#[derive(Debug)]
#[doc(hidden)]
pub enum Implied {}

/// The second proof for a permit on a route that demands nothing: see [`Takes`].
#[derive(Debug)]
#[doc(hidden)]
pub enum APublicRouteGivesNoPermit {}

/// Any permit, whatever its requirement.
#[doc(hidden)]
pub trait IsPermit {}

impl<R: Required> IsPermit for Permit<R> {}

/// A requirement without [`Stricter`]. `Stricter` must be the outermost type, because inside of
/// another requirement it would stand for any scope.
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

/// The arguments of a handler as one type, in the form of the framework `F`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` are not arguments of a handler",
    label = "the handler has to be a function or a closure that takes a permit"
)]
#[doc(hidden)]
pub trait Arguments<F> {
    /// The first argument, or `()` if the handler has none.
    type First;
}

/// A first argument with which the handler of route `E` demands the same as the route: `Permit<R>`,
/// where `R` is the route's demand.
///
/// If you implement it for a type of your own, the compiler trusts you. Do so only for a type that
/// cannot be obtained without that permit.
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

/// A first argument with which the handler of the `authenticated` route `E` demands a grant:
/// `Grant`, or a permit, which demands more.
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

/// An access whose routes may have a handler with these arguments.
///
/// The access implements this, not the arguments, so that the compiler judges a handler only when
/// it knows the route.
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

/// With a permit as the first argument two proofs exist, so the compiler reports an error. Such a
/// handler would refuse every caller, because the route has no requirement that the permit could
/// prove.
impl<F, E, Demand, T> Takes<F, E, Demand, T, APublicRouteGivesNoPermit> for Open
where
    T: Arguments<F>,
    T::First: IsPermit,
{
}

/// The access of a route for which the library can make the handler's guard from the route's
/// demand.
#[diagnostic::on_unimplemented(
    message = "the route demands no scopes, so that there is nothing to guard",
    label = "write `handler(..)`; on an `authenticated` route the handler takes the catalogue's `Grant`"
)]
#[doc(hidden)]
pub trait Guards<Demand> {
    /// The requirement that the guard checks.
    type Requirement: Required;
}

#[diagnostic::do_not_recommend]
impl<Demand: Required> Guards<Demand> for Scoped {
    type Requirement = Demand;
}

/// Implements [`Arguments`] for tuples of up to 16 arguments, after the other types that the
/// framework puts into the tuple.
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
