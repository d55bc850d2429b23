#[allow(unexpected_cfgs, reason = "only an IDE sees what is inside")]
const _: () = {
    #[cfg(rust_analyzer)]
    {
        use api::{__items, __methods, __names, __words};
        __words::items::base;
        __words::items::tenant;
        __methods::GET;
        __words::attributes::deprecated;
        __words::attributes::unbound;
        __methods::GET;
        __methods::__;
        __names::users;
        __words::items::all;
        __names::users::read;
        __names::users::r#type;
        __methods::POST;
        __methods::__;
        __words::items::public;
        __methods::GET;
        __methods::__;
        __words::after_name::includes;
        __names::users::r#type;
    }
};
/// Permissions.
#[cfg_attr(
    all(doc, not(doctest)),
    doc = "\n\n3 scopes, 4 routes below `/api`. The parameter `environment` of a path names the tenant.\n\n# Scopes\n\n| Scope | Purpose | Routes |\n|---|---|---|\n| <a id=\"scope-users.read\"></a>[`users.read`](const@api::users::read) | Read users: | 3 |\n| <a id=\"scope-users.type\"></a>[`users.type`](const@api::users::type) |  | 1 |\n| <a id=\"scope-write\"></a>[`write`](api::Scope::Write) | Includes `users.type`: 1 scope. | 0 of its own |\n\n# Routes outside of groups\n\n**Public**, without credentials: probe.\n\n- <a id=\"GET-/api/health\"></a>`GET /api/health`"
)]
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
pub mod api {
    #[cfg(rust_analyzer)]
    pub use __scopes::__private::words::{self as __words, methods as __methods};
    #[cfg(rust_analyzer)]
    pub mod __names {
        pub use super::{users, write};
    }
    #[cfg(rust_analyzer)]
    pub mod __items {
        pub use super::{users, write};
        pub use super::__words::items::*;
    }
    #[doc(hidden)]
    pub use ::scopes as __scopes;
    use __scopes::__private::core as __core;
    #[doc(hidden)]
    #[macro_export]
    macro_rules! __scopes_api_HASH {
        (@ same $($tokens:tt)*) => {
            $($tokens)*
        };
        (@ names { $($callback:tt)* } $($rest:tt)*) => {
            $($callback)* ! { "api -\nusers.read t\nusers.type t\nwrite t" $($rest)* }
        };
        (@ routes { $($callback:tt)* } $($rest:tt)*) => {
            $($callback)* ! { "api -\nusers.read t\nusers.type t\nwrite t"
            "base /api\nGET /api/environments/{environment}/users 0\nGET /api/users/{user} 0\nPOST /api/environments/{environment}/users 0,1\nGET /api/health public"
            $($rest)* }
        };
    }
    #[doc(hidden)]
    pub use __scopes_api_HASH as __check;
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
    #[repr(u16)]
    #[non_exhaustive]
    pub enum Scope {
        #[cfg_attr(
            not(doctest),
            doc = "Read users:\n\n```text\ncurl -H 'Authorization: Bearer token' https://example.com/users\n```\n\n```text\nGET /users HTTP/1.1\n```\n\nScope `users.read`.\n\nWhere the path has `environment`, the grant must cover that tenant.\n\n- `GET /api/environments/{environment}/users`: All of them.\n- `GET /api/users/{user}`: **Unbound**, the handler compares the tenant: compared. **Deprecated:** use the other.\n- `POST /api/environments/{environment}/users`: Needs [`users.read`](const@users::read) and [`users.type`](const@users::type)."
        )]
        UsersRead,
        #[cfg_attr(
            not(doctest),
            doc = "Scope `users.type`.\n\nIncluded in [`write`](Scope::Write).\n\nWhere the path has `environment`, the grant must cover that tenant.\n\n- `POST /api/environments/{environment}/users`: Needs [`users.read`](const@users::read) and [`users.type`](const@users::type)."
        )]
        UsersType,
        #[cfg_attr(
            not(doctest),
            doc = "Scope `write`.\n\nIncludes [`users.type`](const@users::type)."
        )]
        Write,
    }
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
        pub const ALL: &'static [Self] = &[
            Self::UsersRead,
            Self::UsersType,
            Self::Write,
        ];
        /// The wire name, as tokens carry it.
        #[must_use]
        pub const fn as_str(self) -> &'static __core::primitive::str {
            match self {
                Self::UsersRead => "users.read",
                Self::UsersType => "users.type",
                Self::Write => "write",
            }
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
            let mut words = [0; 1];
            let mut at = 0;
            while at < scopes.len() {
                let id = scopes[at] as __core::primitive::usize;
                words[id / 64] |= 1 << (id % 64);
                at += 1;
            }
            Scopes::from_words(words)
        }
    }
    impl __scopes::Scope for Scope {
        type Words = [__core::primitive::u64; 1];
        fn id(self) -> __scopes::ScopeId {
            __scopes::ScopeId::new(self as __core::primitive::u16)
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
        #[doc(hidden)]
        pub use super::{__check, __scopes};
        #[cfg_attr(not(doctest), doc = "Read users:\n\nScope `users.read`.")]
        pub enum UsersRead {}
        impl __ScopeMarker for UsersRead {
            type Scope = __Scope;
            const ID: __ScopeId = __ScopeId::new(0u16);
        }
        #[cfg_attr(not(doctest), doc = "Scope `users.type`.")]
        pub enum UsersType {}
        impl __ScopeMarker for UsersType {
            type Scope = __Scope;
            const ID: __ScopeId = __ScopeId::new(1u16);
        }
        #[cfg_attr(not(doctest), doc = "Scope `write`.")]
        pub enum Write {}
        impl __ScopeMarker for Write {
            type Scope = __Scope;
            const ID: __ScopeId = __ScopeId::new(2u16);
        }
    }
    ///2 scopes under `users`: 3 routes.
    #[cfg_attr(
        all(doc, not(doctest)),
        doc = "\n\n# Scopes\n\n| Scope | Purpose | Routes |\n|---|---|---|\n| <a id=\"scope-users.read\"></a>[`users.read`](const@users::read) | Read users: | 3 |\n| <a id=\"scope-users.type\"></a>[`users.type`](const@users::type) |  | 1 |\n\n# Routes\n\nWhere the path has `environment`, the grant must cover that tenant.\n\nNeeds [`users.read`](const@users::read).\n\n- <a id=\"GET-/api/environments/%7Benvironment%7D/users\"></a>`GET /api/environments/{environment}/users`: All of them.\n- <a id=\"GET-/api/users/%7Buser%7D\"></a>`GET /api/users/{user}`: **Unbound**, the handler compares the tenant: compared. **Deprecated:** use the other.\n\nNeeds [`users.read`](const@users::read) and [`users.type`](const@users::type).\n\n- <a id=\"POST-/api/environments/%7Benvironment%7D/users\"></a>`POST /api/environments/{environment}/users`"
    )]
    pub mod users {
        #[doc(hidden)]
        pub use super::{__check, __scopes};
        #[cfg_attr(
            not(doctest),
            doc = "Scope `users.type`.\n\nIncluded in [`write`](super::Scope::Write).\n\nWhere the path has `environment`, the grant must cover that tenant.\n\n- `POST /api/environments/{environment}/users`: Needs [`users.read`](const@super::users::read) and [`users.type`](const@super::users::type)."
        )]
        pub const r#type: super::Scope = super::Scope::UsersType;
        #[doc(hidden)]
        pub mod r#type {
            pub use super::{__check, __scopes};
            pub type __Marker = super::super::permits::UsersType;
        }
        #[cfg_attr(
            not(doctest),
            doc = "Read users:\n\nScope `users.read`.\n\nWhere the path has `environment`, the grant must cover that tenant.\n\n- `GET /api/environments/{environment}/users`: All of them.\n- `GET /api/users/{user}`: **Unbound**, the handler compares the tenant: compared. **Deprecated:** use the other.\n- `POST /api/environments/{environment}/users`: Needs [`users.read`](const@super::users::read) and [`users.type`](const@super::users::type)."
        )]
        pub const read: super::Scope = super::Scope::UsersRead;
        #[doc(hidden)]
        pub mod read {
            pub use super::{__check, __scopes};
            pub type __Marker = super::super::permits::UsersRead;
        }
    }
    #[doc(hidden)]
    pub use __scopes_api_HASH as users;
    #[doc(hidden)]
    pub mod write {
        pub use super::{__check, __scopes};
        pub type __Marker = super::permits::Write;
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
pub use api::__check as api;
