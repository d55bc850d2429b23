#[allow(unexpected_cfgs, reason = "only an IDE sees what is inside")]
const _: () = {
    #[cfg(rust_analyzer)]
    {
        use api::{__items, __methods, __names, __words};
    }
};
///The catalogue `api`.
#[cfg_attr(all(doc, not(doctest)), doc = "\n\n0 scopes, 0 routes.")]
#[allow(
    dead_code,
    missing_copy_implementations,
    missing_debug_implementations,
    non_local_definitions,
    non_snake_case,
    non_upper_case_globals,
    unexpected_cfgs,
    unreachable_pub,
    unused_imports,
    unused_macros,
    reason = "names are those of the declared scopes, and not all of them are used everywhere"
)]
#[allow(
    clippy::enum_variant_names,
    clippy::exhaustive_enums,
    clippy::exhaustive_structs,
    clippy::integer_division,
    clippy::integer_division_remainder_used,
    clippy::min_ident_chars,
    clippy::module_name_repetitions,
    clippy::pub_use,
    clippy::same_name_method,
    reason = "restrictions of a crate are about the code that its authors write"
)]
pub(crate) mod api {
    #[cfg(rust_analyzer)]
    pub use __scopes::__private::words::{self as __words, methods as __methods};
    #[cfg(rust_analyzer)]
    pub mod __names {
        pub use super::{};
    }
    #[cfg(rust_analyzer)]
    pub mod __items {
        pub use super::{};
        pub use super::__words::items::*;
    }
    #[doc(hidden)]
    pub use ::scopes as __scopes;
    use __scopes::__private::core as __core;
    #[doc(hidden)]
    macro_rules! __scopes_api_HASH {
        (@ same $($tokens:tt)*) => {
            $($tokens)*
        };
        (@ names { $($callback:tt)* } $($rest:tt)*) => {
            $($callback)* ! { "api -" $($rest)* }
        };
        (@ routes { $($callback:tt)* } $($rest:tt)*) => {
            $($callback)* ! { "api -" "" $($rest)* }
        };
    }
    #[doc(hidden)]
    pub(crate) use __scopes_api_HASH as __check;
    ///The scopes of the catalogue `api`, in declaration order.
    #[derive(
        __core::clone::Clone,
        __core::marker::Copy,
        __core::cmp::PartialEq,
        __core::cmp::Eq,
        __core::cmp::PartialOrd,
        __core::cmp::Ord,
        __core::hash::Hash,
        __core::fmt::Debug,
    )]
    pub enum Scope {}
    ///A set of scopes of the catalogue `api`.
    pub type Scopes = __scopes::ScopeSet<Scope>;
    ///What a caller may do in the catalogue `api`: scopes, tenants, and who they are.
    pub type Grant = __scopes::Grant<Scope>;
    ///The caller of a request to the catalogue `api`: one with a `Grant`, or one without credentials.
    pub type Caller = __scopes::Caller<Scope>;
    ///The compiled catalogue `api`: its scopes and routes, the routes of requests, and verdicts on them.
    pub static CATALOGUE: __scopes::Catalogue<Scope> = __scopes::Catalogue::__new(
        &__TABLES,
    );
    impl Scope {
        /// Every scope of the catalogue, in declaration order.
        pub const ALL: &'static [Self] = &[];
        /// The wire name, as tokens carry it.
        #[must_use]
        pub const fn as_str(self) -> &'static __core::primitive::str {
            match self {}
        }
        /// What the scope is for; empty if the declaration does not say.
        #[must_use]
        pub fn description(self) -> &'static __core::primitive::str {
            self.info().description()
        }
        /// Everything that the declaration says about the scope: its title, its old names, its
        /// deprecation, the anchor of its documentation.
        #[must_use]
        pub fn info(self) -> __scopes::ScopeInfo<'static> {
            __TABLES.info(<Self as __scopes::Scope>::id(self))
        }
        /// The routes that name this scope in their requirement.
        pub fn routes(
            self,
        ) -> impl __core::iter::Iterator<
            Item = __scopes::Route<'static>,
        > + __core::clone::Clone {
            let id = <Self as __scopes::Scope>::id(self);
            __core::iter::Iterator::filter(
                __TABLES.routes(),
                move |route| route.requirement().mentions(id),
            )
        }
        fn __named(
            name: &__core::primitive::str,
        ) -> __core::result::Result<Self, __scopes::UnknownScope> {
            let set = Scopes::from_names([name])?;
            match __core::iter::Iterator::next(&mut set.iter()) {
                __core::option::Option::Some(scope) => __core::result::Result::Ok(scope),
                __core::option::Option::None => {
                    __core::unreachable!("the set of one name is not empty")
                }
            }
        }
        /// Makes a set of these scopes, also in a constant.
        #[must_use]
        pub const fn set(scopes: &[Self]) -> Scopes {
            let _ = scopes;
            Scopes::EMPTY
        }
    }
    impl __scopes::Scope for Scope {
        type Words = [__core::primitive::u64; 0];
        fn id(self) -> __scopes::ScopeId {
            match self {}
        }
        fn from_id(id: __scopes::ScopeId) -> __core::option::Option<Self> {
            Self::ALL.get(id.index()).copied()
        }
        fn as_str(self) -> &'static __core::primitive::str {
            Self::as_str(self)
        }
        fn catalogue() -> &'static __scopes::UntypedCatalogue {
            &__TABLES
        }
    }
    impl __core::fmt::Display for Scope {
        fn fmt(
            &self,
            formatter: &mut __core::fmt::Formatter<'_>,
        ) -> __core::fmt::Result {
            formatter.pad(Self::as_str(*self))
        }
    }
    impl __core::ops::BitOr for Scope {
        type Output = Scopes;
        fn bitor(self, other: Self) -> Scopes {
            <Scopes as __core::convert::From<Self>>::from(self) | other
        }
    }
    impl __core::ops::BitOr<Scopes> for Scope {
        type Output = Scopes;
        fn bitor(self, others: Scopes) -> Scopes {
            others | self
        }
    }
    impl __core::str::FromStr for Scope {
        type Err = __scopes::UnknownScope;
        fn from_str(
            name: &__core::primitive::str,
        ) -> __core::result::Result<Self, __scopes::UnknownScope> {
            Self::__named(name)
        }
    }
    impl __core::convert::TryFrom<&__core::primitive::str> for Scope {
        type Error = __scopes::UnknownScope;
        fn try_from(
            name: &__core::primitive::str,
        ) -> __core::result::Result<Self, __scopes::UnknownScope> {
            Self::__named(name)
        }
    }
    __scopes::__if_serde! {
        impl __scopes::__private::serde::Serialize for Scope { fn serialize < Output > (&
        self, serializer : Output) -> __core::result::Result < Output::Ok, Output::Error
        > where Output : __scopes::__private::serde::Serializer, { serializer
        .serialize_str(Self::as_str(* self)) } } impl < 'de >
        __scopes::__private::serde::Deserialize < 'de > for Scope { fn deserialize <
        Input > (deserializer : Input) -> __core::result::Result < Self, Input::Error >
        where Input : __scopes::__private::serde::Deserializer < 'de >, { let name :
        __scopes::__private::alloc::string::String =
        __scopes::__private::serde::Deserialize::deserialize(deserializer) ?;
        Self::__named(& name).map_err(< Input::Error as
        __scopes::__private::serde::de::Error > ::custom) } }
    }
    __scopes::__if_axum! {
        #[doc =
        "Puts the whole catalogue `api` in front of a router: what it does not declare is refused."]
        pub fn gate < Ungated : __scopes::axum::Ungated > (router : Ungated) ->
        __scopes::axum::Gated < Scope > { __scopes::axum::gate(router) }
    }
    __scopes::__if_no_axum! {
        #[doc(hidden)] pub fn gate < Ungated : __scopes::__private::NeedsAxum > (router :
        Ungated) -> Ungated::Gated { router.gated() }
    }
    /// A type for each scope, for `Permit<permits::UsersRead>`. It has no values.
    pub mod permits {
        use super::Scope as __Scope;
        use super::__scopes::ScopeId as __ScopeId;
        use super::__scopes::__private::ScopeMarker as __ScopeMarker;
        pub(crate) use super::__check;
        #[doc(hidden)]
        pub use super::__scopes;
    }
}
#[doc(hidden)]
#[allow(
    deprecated,
    unreachable_pub,
    unused_imports,
    clippy::pub_use,
    reason = "for names that are written wrong"
)]
pub(crate) use api::__check as api;
