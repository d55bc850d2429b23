        __words::items::routes;
        ///The handlers of the routes of the group `users`.
        ///
        /// Each field takes the handler of one route, within the framework's `handler(..)`:
        /// `scopes::axum::handler(f)` on axum. A router needs all of them.
        #[must_use = "routes serve nothing until a router is built from them"]
        pub struct Routes<__T = ()> {
            #[cfg_attr(
                not(doctest),
                doc = "`GET /api/users`\n\nAll of them.\n\nNeeds [`users.read`](const@super::users::read)."
            )]
            pub list_users: __scopes::routes::Handler<
                super::__routes::__Scoped<
                    super::__routes::list_users,
                    super::permits::UsersRead,
                    0,
                >,
                __T,
            >,
            #[cfg_attr(
                not(doctest),
                doc = "`GET /api/users/{id}`\n\nNeeds [`users.read`](const@super::users::read)."
            )]
            pub get_users_by_id: __scopes::routes::Handler<
                super::__routes::__Scoped<
                    super::__routes::get_users_by_id,
                    super::permits::UsersRead,
                    1,
                >,
                __T,
            >,
            #[cfg_attr(
                not(doctest),
                doc = "`POST /api/users/{id}:cancel`\n\nNeeds [`users.write`](const@super::users::write)."
            )]
            pub r#move: __scopes::routes::Handler<
                super::__routes::__Scoped<
                    super::__routes::r#move,
                    super::permits::UsersWrite,
                    2,
                    5,
                >,
                __T,
            >,
            #[cfg_attr(
                not(doctest),
                doc = "`POST /api/users`\n\nNeeds [`events.read`](const@super::events::read), or [`users.read`](const@super::users::read) and [`users.write`](const@super::users::write)."
            )]
            pub post_users: __scopes::routes::Handler<
                super::__routes::__Scoped<
                    super::__routes::post_users,
                    __scopes::Any<
                        super::permits::EventsRead,
                        __scopes::All<
                            super::permits::UsersRead,
                            super::permits::UsersWrite,
                        >,
                    >,
                    4,
                >,
                __T,
            >,
        }
        impl __scopes::routes::Group for Routes {
            type Scope = super::Scope;
        }
        impl<__T> Routes<__T> {
            /// These routes as a part of the API's, to be merged with the others.
            pub fn partial(self) -> __scopes::routes::Partial<Routes, __T> {
                __scopes::routes::Partial::__new([
                    self.list_users.into_entry(),
                    self.get_users_by_id.into_entry(),
                    self.r#move.into_entry(),
                    self.post_users.into_entry(),
                ])
            }
        }
    ///The handlers of the routes of the catalogue `api` that belong to no group.
    ///
    /// Each field takes the handler of one route, within the framework's `handler(..)`:
    /// `scopes::axum::handler(f)` on axum. A router needs all of them.
    #[must_use = "routes serve nothing until a router is built from them"]
    pub struct Routes<__T = ()> {
        #[cfg_attr(
            not(doctest),
            doc = "`GET /api/status`\n\nNeeds [`status`](Scope::Status)."
        )]
        pub get_status: __scopes::routes::Handler<
            __routes::__Scoped<__routes::get_status, permits::Status, 3>,
            __T,
        >,
        #[cfg_attr(
            not(doctest),
            doc = "`GET /api/health`\n\n**Public**, without credentials: probe."
        )]
        pub get_health: __scopes::routes::Handler<
            __routes::__Open<__routes::get_health, 5>,
            __T,
        >,
        #[cfg_attr(
            not(doctest),
            doc = "`GET /api/me`\n\n**Authenticated**, any valid grant, no scope: who am I."
        )]
        pub me: __scopes::routes::Handler<
            __routes::__Authenticated<__routes::me, 6>,
            __T,
        >,
    }
    impl __scopes::routes::Group for Routes {
        type Scope = Scope;
    }
    impl<__T> Routes<__T> {
        /// These routes as a part of the API's, to be merged with the others.
        pub fn partial(self) -> __scopes::routes::Partial<Routes, __T> {
            __scopes::routes::Partial::__new([
                self.get_status.into_entry(),
                self.get_health.into_entry(),
                self.me.into_entry(),
            ])
        }
    }
    #[doc(hidden)]
    #[allow(non_camel_case_types, reason = "they have the names of the fields")]
    pub mod __routes {
        pub enum get_status {}
        pub enum get_health {}
        pub enum me {}
        pub enum list_users {}
        pub enum get_users_by_id {}
        pub enum r#move {}
        pub enum post_users {}
        pub type __Scoped<
            __N,
            __D,
            const I: super::__core::primitive::u16,
            const T: super::__core::primitive::u8 = 0,
        > = super::__scopes::routes::Declared<
            __N,
            super::Scope,
            super::__scopes::routes::Scoped,
            __D,
            I,
            T,
        >;
        pub type __Authenticated<
            __N,
            const I: super::__core::primitive::u16,
            const T: super::__core::primitive::u8 = 0,
        > = super::__scopes::routes::Declared<
            __N,
            super::Scope,
            super::__scopes::routes::Authenticated,
            super::Grant,
            I,
            T,
        >;
        pub type __Open<
            __N,
            const I: super::__core::primitive::u16,
            const T: super::__core::primitive::u8 = 0,
        > = super::__scopes::routes::Declared<
            __N,
            super::Scope,
            super::__scopes::routes::Open,
            super::Scope,
            I,
            T,
        >;
    }
    impl<
        __Groups,
        __Place0,
        __Place1,
    > __scopes::routes::Covers<__Groups, (__Place0, __Place1)> for Scope
    where
        __Groups: __scopes::routes::Has<Routes, __Place0>,
        __Groups: __scopes::routes::Has<users::Routes, __Place1>,
    {}
    impl __scopes::routes::Catalogued<NUMBER, for Scope {}
    #[doc(hidden)]
    #[macro_export]
    macro_rules! __scopes_api_HASH_covered {
        ($first:expr $(, $more:expr)* $(,)?) => {
            $first .partial() $(.merge($more .partial()))* .__covered:: <
            NUMBER, _ > ()
        };
    }
    ///Merges parts of the API's routes (each a `Routes`, or a part that was merged before) to the whole. It does not compile unless every group of the catalogue is among them, once.
    pub use __scopes_api_HASH_covered as assert_covered;
