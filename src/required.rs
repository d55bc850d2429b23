//! Requirements as types: what a handler's [`Permit`](crate::Permit) parameter demands.
//!
//! `#[requires]` generates these types. Written by hand:
//! `Permit<Any<permits::UsersRead, permits::AllRead>>`.

use std::fmt;
use std::marker::PhantomData;

use scopes_core::{MAX_TERMS, Requirement, Route, Scope, ScopeId, Words};

use crate::routes::Shape;

/// A requirement as a type: the marker of one scope, or [`Any`], [`All`] or [`Stricter`] of
/// requirements.
///
/// Implemented by this crate only:
///
/// ```compile_fail,E0277
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } }
/// enum NoDemand {}
/// impl scopes::Required for NoDemand {
///     type Scope = api::Scope;
///     const STRICTER: bool = false;
///     const ALTERNATIVES: usize = 1;
///     fn satisfied_by(_: &[u64]) -> bool { true }
///     fn requirement() -> scopes::Requirement { <api::permits::UsersRead as scopes::Required>::requirement() }
///     fn every_alternative(words: &mut [u64], visit: &mut dyn FnMut(&mut [u64]) -> bool) -> bool { visit(words) }
/// }
/// ```
///
/// Two requirements are the same when they are *equivalent*: order and nesting do not count.
///
/// ```
/// # scopes::scopes! {
/// #     pub mod api;
/// #     users.read { GET "/users"; }
/// #     users.write { POST "/users"; }
/// # }
/// use scopes::{Any, Required};
/// use api::permits::{UsersRead, UsersWrite};
///
/// fn needs<R: Required<Scope = api::Scope>>() -> String {
///     R::requirement().display(api::CATALOGUE.untyped()).to_string()
/// }
/// assert_eq!(needs::<Any<UsersWrite, UsersRead>>(), "users.read; users.write");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a requirement",
    label = "expected the type of one scope such as `api::permits::UsersRead`, or `Any<A, B>`, `All<A, B>`, `Stricter<A>` of such types of one catalogue; neither `api::Scope` nor a tuple is one"
)]
pub trait Required: sealed::Sealed + Send + Sync + 'static {
    /// The scopes of the requirement's catalogue.
    type Scope: Scope;

    /// Whether it may ask for more than its route does.
    const STRICTER: bool;

    /// The greatest number of alternatives that it has when it is written as an OR of ANDs.
    #[doc(hidden)]
    const ALTERNATIVES: usize;

    /// The form of the requirement, with which the compiler compares two of them.
    #[doc(hidden)]
    const SHAPE: Shape;

    /// Whether these scopes, with all that they include, satisfy the requirement.
    fn satisfied_by(words: &[u64]) -> bool;

    /// Returns the requirement as a value, for answers and logs.
    ///
    /// ```
    /// # scopes::scopes! {
    /// #     pub mod api;
    /// #     users.read { GET "/users"; }
    /// #     users.write { POST "/users"; }
    /// # }
    /// use scopes::{All, Required};
    /// use api::permits::{UsersRead, UsersWrite};
    ///
    /// let both = <All<UsersRead, UsersWrite>>::requirement();
    /// assert_eq!(both.display(api::CATALOGUE.untyped()).to_string(), "users.read users.write");
    /// ```
    fn requirement() -> Requirement;

    /// Whether a handler of this route may have the requirement: it must be equivalent to the
    /// route's own or, with [`Stricter`], imply it. Does not allocate.
    ///
    /// ```
    /// # scopes::scopes! {
    /// #     pub mod api;
    /// #     users.read { GET "/users"; }
    /// #     users.write { POST "/users"; }
    /// # }
    /// use scopes::Required;
    ///
    /// let listing = api::CATALOGUE.route(&http::Method::GET, "/users").unwrap();
    /// assert!(api::permits::UsersRead::is_requirement_of(listing));
    /// assert!(!api::permits::UsersWrite::is_requirement_of(listing));
    /// ```
    fn is_requirement_of(route: Route<'_>) -> bool {
        implies_route::<Self>(route) && (Self::STRICTER || route_implies::<Self>(route))
    }

    /// Calls `visit` for each alternative, with the alternative's scopes added to `words`. Stops
    /// and returns `false` as soon as `visit` returns `false`.
    #[doc(hidden)]
    fn every_alternative(words: &mut [u64], visit: &mut dyn FnMut(&mut [u64]) -> bool) -> bool;
}

/// Limits the alternatives of a hand-written requirement, so that it cannot make the check
/// expensive. `#[requires]` has the same limit.
pub(crate) const fn few_alternatives<R: Required>() {
    assert!(R::ALTERNATIVES <= MAX_TERMS, "a requirement has at most 64 alternatives");
}

/// One scope of a catalogue as a type. `scopes!` generates one for each scope, in `permits`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a requirement",
    label = "expected the type of one scope such as `api::permits::UsersRead`, or `Any<A, B>`, `All<A, B>`, `Stricter<A>` of such types of one catalogue; neither `api::Scope` nor a tuple is one"
)]
#[doc(hidden)]
pub trait ScopeMarker: Send + Sync + 'static {
    /// The type of the catalogue's scopes.
    type Scope: Scope;

    /// The position of the scope in the catalogue.
    const ID: ScopeId;
}

/// A requirement that is satisfied if one of two requirements is.
///
/// ```
/// # scopes::scopes! { pub mod api; users.read { GET "/users"; } events.read { GET "/users"; } }
/// use scopes::{Any, Permit};
///
/// fn users(_: Permit<Any<api::permits::EventsRead, api::permits::UsersRead>>) -> &'static str {
///     "[]"
/// }
/// let grant = api::Grant::new(api::Scope::EventsRead);
/// assert_eq!(users(scopes::test::permit_of(&grant, None)), "[]");
/// ```
pub struct Any<A, B>(Never, PhantomData<fn() -> (A, B)>);

/// A requirement that is satisfied if both of two requirements are.
///
/// ```
/// # scopes::scopes! {
/// #     pub mod api;
/// #     users.read { GET "/users"; }
/// #     users.write { POST "/users"; }
/// # }
/// use scopes::{All, Required};
/// use api::permits::{UsersRead, UsersWrite};
///
/// type Both = All<UsersRead, UsersWrite>;
/// assert!(Both::satisfied_by(api::Scopes::all().as_words()));
/// assert!(!Both::satisfied_by(api::Scopes::from(api::Scope::UsersRead).as_words()));
/// ```
pub struct All<A, B>(Never, PhantomData<fn() -> (A, B)>);

/// A requirement that may ask for more than the catalogue does on its route. It must be the
/// outermost type.
///
/// It never allows more, because the route's own requirement is checked as well.
///
/// ```
/// # scopes::scopes! {
/// #     pub mod api;
/// #     users.read { GET "/users"; }
/// #     users.write { POST "/users"; }
/// # }
/// use scopes::{All, Required, Stricter};
/// use api::permits::{UsersRead, UsersWrite};
///
/// let listing = api::CATALOGUE.route(&http::Method::GET, "/users").unwrap();
/// assert!(<Stricter<All<UsersRead, UsersWrite>>>::is_requirement_of(listing));
/// assert!(!<All<UsersRead, UsersWrite>>::is_requirement_of(listing));
/// ```
pub struct Stricter<R>(Never, PhantomData<fn() -> R>);

/// Without values, because requirements are used as types only.
#[derive(Clone, Copy)]
enum Never {}

/// Sealed, because an implementation in another crate could say that every caller satisfies it.
mod sealed {
    pub trait Sealed {}
    impl<M: super::ScopeMarker> Sealed for M {}
    impl<A: super::Required, B: super::Required<Scope = A::Scope>> Sealed for super::Any<A, B> {}
    impl<A: super::Required, B: super::Required<Scope = A::Scope>> Sealed for super::All<A, B> {}
    impl<R: super::Required> Sealed for super::Stricter<R> {}
}

impl<M: ScopeMarker> Required for M {
    type Scope = M::Scope;

    const STRICTER: bool = false;

    const ALTERNATIVES: usize = 1;

    const SHAPE: Shape = Shape::Scope(M::ID.index() as u16);

    #[inline]
    fn satisfied_by(words: &[u64]) -> bool {
        let (index, bit) = position(M::ID);
        words.get(index).is_some_and(|word| word & bit != 0)
    }

    fn requirement() -> Requirement {
        collected::<Self>()
    }

    #[inline]
    fn is_requirement_of(route: Route<'_>) -> bool {
        // By far the most common case: one scope here, one alternative of one scope there.
        let mut alternatives = route.requirement().iter();
        alternatives.next().is_some_and(|term| term.ids().eq([M::ID])) && alternatives.next().is_none()
    }

    fn every_alternative(words: &mut [u64], visit: &mut dyn FnMut(&mut [u64]) -> bool) -> bool {
        let (index, bit) = position(M::ID);
        let Some(before) = words.get(index).copied() else { return false };
        words[index] |= bit;
        let goes_on = visit(words);
        words[index] = before;
        goes_on
    }
}

impl<A: Required, B: Required<Scope = A::Scope>> Required for Any<A, B> {
    type Scope = A::Scope;

    const STRICTER: bool = false;

    const ALTERNATIVES: usize = A::ALTERNATIVES.saturating_add(B::ALTERNATIVES);

    const SHAPE: Shape = Shape::Any(&A::SHAPE, &B::SHAPE);

    #[inline]
    fn satisfied_by(words: &[u64]) -> bool {
        A::satisfied_by(words) || B::satisfied_by(words)
    }

    fn requirement() -> Requirement {
        collected::<Self>()
    }

    fn every_alternative(words: &mut [u64], visit: &mut dyn FnMut(&mut [u64]) -> bool) -> bool {
        A::every_alternative(words, visit) && B::every_alternative(words, visit)
    }
}

impl<A: Required, B: Required<Scope = A::Scope>> Required for All<A, B> {
    type Scope = A::Scope;

    const STRICTER: bool = false;

    const ALTERNATIVES: usize = A::ALTERNATIVES.saturating_mul(B::ALTERNATIVES);

    const SHAPE: Shape = Shape::All(&A::SHAPE, &B::SHAPE);

    #[inline]
    fn satisfied_by(words: &[u64]) -> bool {
        A::satisfied_by(words) && B::satisfied_by(words)
    }

    fn requirement() -> Requirement {
        collected::<Self>()
    }

    fn every_alternative(words: &mut [u64], visit: &mut dyn FnMut(&mut [u64]) -> bool) -> bool {
        A::every_alternative(words, &mut |words| B::every_alternative(words, visit))
    }
}

impl<R: Required> Required for Stricter<R> {
    type Scope = R::Scope;

    const STRICTER: bool = true;

    const ALTERNATIVES: usize = R::ALTERNATIVES;

    const SHAPE: Shape = R::SHAPE;

    #[inline]
    fn satisfied_by(words: &[u64]) -> bool {
        R::satisfied_by(words)
    }

    fn requirement() -> Requirement {
        R::requirement()
    }

    fn every_alternative(words: &mut [u64], visit: &mut dyn FnMut(&mut [u64]) -> bool) -> bool {
        R::every_alternative(words, visit)
    }
}

#[inline]
const fn position(id: ScopeId) -> (usize, u64) {
    (id.index() / 64, 1 << (id.index() % 64))
}

const fn no_scopes<S: Scope>() -> S::Words {
    <S::Words as Words>::EMPTY
}

fn collected<R: Required + ?Sized>() -> Requirement {
    let mut alternatives = Vec::new();
    let mut words = no_scopes::<R::Scope>();
    R::every_alternative(words.as_mut_slice(), &mut |words| {
        alternatives.push(bits(words).collect());
        true
    });
    Requirement::from_alternatives(alternatives, R::Scope::catalogue())
}

fn bits(words: &[u64]) -> impl Iterator<Item = ScopeId> {
    let ids = (0..=u16::MAX).map(ScopeId::new).take(words.len() * 64);
    ids.filter(|&id| {
        let (index, bit) = position(id);
        words.get(index).is_some_and(|word| word & bit != 0)
    })
}

/// Each alternative of `R`, taken alone, satisfies the route's requirement.
fn implies_route<R: Required + ?Sized>(route: Route<'_>) -> bool {
    let mut words = no_scopes::<R::Scope>();
    R::every_alternative(words.as_mut_slice(), &mut |words| route.requirement().satisfied_by(words))
}

/// Each alternative of the route, taken alone, satisfies `R`.
fn route_implies<R: Required + ?Sized>(route: Route<'_>) -> bool {
    route.requirement().iter().all(|term| {
        let mut words = no_scopes::<R::Scope>();
        for id in term.ids() {
            let (index, bit) = position(id);
            match words.as_mut_slice().get_mut(index) {
                Some(word) => *word |= bit,
                None => return false,
            }
        }
        R::satisfied_by(words.as_slice())
    })
}

impl<A, B> fmt::Debug for Any<A, B> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {}
    }
}

impl<A, B> fmt::Debug for All<A, B> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {}
    }
}

impl<R> fmt::Debug for Stricter<R> {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {}
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;
    use crate::fixture::permits::{AllRead, EventsRead, UsersRead, UsersWrite};
    use crate::fixture::{CATALOGUE, TestScope};

    type Both = All<EventsRead, UsersWrite>;
    type Either = Any<EventsRead, UsersRead>;

    fn text<R: Required<Scope = TestScope>>() -> String {
        R::requirement().display(TestScope::catalogue()).to_string()
    }

    #[test]
    fn truth_tables() {
        for bits in 0..16_u64 {
            let [a, b, c, d] = [1, 2, 4, 8].map(|bit| bits & bit != 0);
            for (found, expected) in [
                (UsersRead::satisfied_by(&[bits]), a),
                (Any::<UsersRead, UsersWrite>::satisfied_by(&[bits]), a || b),
                (All::<UsersRead, UsersWrite>::satisfied_by(&[bits]), a && b),
                (Any::<All<UsersRead, UsersWrite>, EventsRead>::satisfied_by(&[bits]), a && b || c),
                (All::<Any<UsersRead, UsersWrite>, EventsRead>::satisfied_by(&[bits]), (a || b) && c),
                (
                    All::<Any<UsersRead, UsersWrite>, Any<EventsRead, AllRead>>::satisfied_by(&[bits]),
                    (a || b) && (c || d),
                ),
                (Stricter::<All<UsersRead, UsersWrite>>::satisfied_by(&[bits]), a && b),
            ] {
                assert_eq!(found, expected, "{bits:04b}");
            }
        }
        assert!(!UsersRead::satisfied_by(&[]));
    }

    #[test]
    fn requirements_as_values() {
        assert_eq!(text::<UsersRead>(), "users.read");
        assert_eq!(text::<Any<UsersRead, EventsRead>>(), "events.read; users.read");
        assert_eq!(text::<All<UsersRead, EventsRead>>(), "events.read users.read");
        assert_eq!(text::<Any<UsersRead, All<UsersRead, EventsRead>>>(), "users.read");
        assert_eq!(
            text::<All<UsersWrite, Any<EventsRead, UsersRead>>>(),
            "events.read users.write; users.read users.write"
        );
        assert_eq!(text::<Stricter<UsersRead>>(), "users.read");
    }

    #[test]
    fn order_and_nesting_do_not_count_on_a_route() {
        let route = |method: &Method, path: &str| CATALOGUE.route(method, &format!("/api{path}")).unwrap();
        let users = route(&Method::GET, "/environments/{e}/users");
        let either = route(&Method::GET, "/environments/{e}/either");
        let both = route(&Method::POST, "/environments/{e}/replay");
        let health = route(&Method::GET, "/health");
        for (name, found, expected) in [
            ("one", UsersRead::is_requirement_of(users), true),
            ("another", UsersWrite::is_requirement_of(users), false),
            ("includes", AllRead::is_requirement_of(users), false),
            ("twice", Any::<UsersRead, UsersRead>::is_requirement_of(users), true),
            ("absorbed", Any::<UsersRead, All<UsersRead, EventsRead>>::is_requirement_of(users), true),
            ("wider", Either::is_requirement_of(users), false),
            ("narrower", All::<UsersRead, EventsRead>::is_requirement_of(users), false),
            ("stricter, narrower", Stricter::<All<UsersRead, EventsRead>>::is_requirement_of(users), true),
            ("stricter, wider", Stricter::<Either>::is_requirement_of(users), false),
            ("stricter, equal", Stricter::<UsersRead>::is_requirement_of(users), true),
            ("stricter inside", Any::<Stricter<UsersRead>, Stricter<UsersRead>>::is_requirement_of(either), false),
            ("either", Either::is_requirement_of(either), true),
            ("either, turned", Any::<UsersRead, EventsRead>::is_requirement_of(either), true),
            ("one of either", UsersRead::is_requirement_of(either), false),
            ("stricter, one of either", Stricter::<UsersRead>::is_requirement_of(either), true),
            ("both", Both::is_requirement_of(both), true),
            ("both, turned", All::<UsersWrite, EventsRead>::is_requirement_of(both), true),
            ("one of both", UsersWrite::is_requirement_of(both), false),
            ("stricter, one of both", Stricter::<UsersWrite>::is_requirement_of(both), false),
            ("public", UsersRead::is_requirement_of(health), false),
            ("stricter, public", Stricter::<UsersRead>::is_requirement_of(health), false),
        ] {
            assert_eq!(found, expected, "{name}");
        }
    }
}
