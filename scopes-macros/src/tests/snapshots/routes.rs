        ///The handlers of the routes of the group `users`.
        ///
        /// Each field takes the handler of one route. A router needs all of them.
        #[must_use = "routes serve nothing until a router is built from them"]
        pub struct Routes<__T = ()> {
            #[cfg_attr(
                not(doctest),
                doc = "`GET /api/users`\n\nAll of them.\n\nNeeds `users.read`."
            )]
            pub list_users: __scopes::routes::Handler<super::__routes::list_users, __T>,
            #[cfg_attr(
                not(doctest),
                doc = "`GET /api/users/{id}`\n\nNeeds `users.read`."
            )]
            pub get_users_by_id: __scopes::routes::Handler<
                super::__routes::get_users_by_id,
                __T,
            >,
            #[cfg_attr(
                not(doctest),
                doc = "`POST /api/users/{id}:cancel`\n\nNeeds `users.write`."
            )]
            pub r#move: __scopes::routes::Handler<super::__routes::r#move, __T>,
            #[cfg_attr(
                not(doctest),
                doc = "`POST /api/users`\n\nNeeds `events.read`, or `users.read` and `users.write`."
            )]
            pub post_users: __scopes::routes::Handler<super::__routes::post_users, __T>,
        }
        impl __scopes::routes::Group for Routes {
            type Scope = super::Scope;
        }
        impl<__T> Routes<__T> {
            /// These routes as a part of the API's, to be merged with the others.
            pub fn partial(self) -> __scopes::routes::Partial<Routes, __T> {
                __scopes::routes::Partial::__new(
                    __scopes::__private::alloc::vec![
                        __scopes::routes::Handler::into_entry(self.list_users),
                        __scopes::routes::Handler::into_entry(self.get_users_by_id),
                        __scopes::routes::Handler::into_entry(self.r#move),
                        __scopes::routes::Handler::into_entry(self.post_users),
                    ],
                )
            }
        }
        impl<__T> __scopes::routes::IntoEntries for Routes<__T> {
            type Handler = __T;
            fn into_entries(
                self,
            ) -> __scopes::__private::alloc::vec::Vec<__scopes::routes::Entry<__T>> {
                __scopes::routes::IntoEntries::into_entries(self.partial())
            }
        }
    ///The handlers of the routes of the catalogue `api` that belong to no group.
    ///
    /// Each field takes the handler of one route. A router needs all of them.
    #[must_use = "routes serve nothing until a router is built from them"]
    pub struct Routes<__T = ()> {
        #[cfg_attr(not(doctest), doc = "`GET /api/status`\n\nNeeds `status`.")]
        pub get_status: __scopes::routes::Handler<__routes::get_status, __T>,
        #[cfg_attr(not(doctest), doc = "`GET /api/health`\n\nOpen to everybody: probe.")]
        pub get_health: __scopes::routes::Handler<__routes::get_health, __T>,
        #[cfg_attr(
            not(doctest),
            doc = "`GET /api/me`\n\nNeeds a grant, no scope: who am I."
        )]
        pub me: __scopes::routes::Handler<__routes::me, __T>,
    }
    impl __scopes::routes::Group for Routes {
        type Scope = Scope;
    }
    impl<__T> Routes<__T> {
        /// These routes as a part of the API's, to be merged with the others.
        pub fn partial(self) -> __scopes::routes::Partial<Routes, __T> {
            __scopes::routes::Partial::__new(
                __scopes::__private::alloc::vec![
                    __scopes::routes::Handler::into_entry(self.get_status),
                    __scopes::routes::Handler::into_entry(self.get_health),
                    __scopes::routes::Handler::into_entry(self.me),
                ],
            )
        }
    }
    impl<__T> __scopes::routes::IntoEntries for Routes<__T> {
        type Handler = __T;
        fn into_entries(
            self,
        ) -> __scopes::__private::alloc::vec::Vec<__scopes::routes::Entry<__T>> {
            __scopes::routes::IntoEntries::into_entries(self.partial())
        }
    }
    #[doc(hidden)]
    #[allow(non_camel_case_types, reason = "they have the names of the fields")]
    pub mod __routes {
        pub enum get_status {}
        impl super::__scopes::routes::Endpoint for get_status {
            type Scope = super::Scope;
            type Access = super::__scopes::routes::Scoped;
            type Demand = super::permits::Status;
            const ID: super::__scopes::__private::RouteId = super::__scopes::__private::RouteId::new(
                3u16,
            );
        }
        pub enum get_health {}
        impl super::__scopes::routes::Endpoint for get_health {
            type Scope = super::Scope;
            type Access = super::__scopes::routes::Open;
            type Demand = super::Scope;
            const ID: super::__scopes::__private::RouteId = super::__scopes::__private::RouteId::new(
                5u16,
            );
        }
        pub enum me {}
        impl super::__scopes::routes::Endpoint for me {
            type Scope = super::Scope;
            type Access = super::__scopes::routes::Authenticated;
            type Demand = super::Grant;
            const ID: super::__scopes::__private::RouteId = super::__scopes::__private::RouteId::new(
                6u16,
            );
        }
        pub enum list_users {}
        impl super::__scopes::routes::Endpoint for list_users {
            type Scope = super::Scope;
            type Access = super::__scopes::routes::Scoped;
            type Demand = super::permits::UsersRead;
            const ID: super::__scopes::__private::RouteId = super::__scopes::__private::RouteId::new(
                0u16,
            );
        }
        pub enum get_users_by_id {}
        impl super::__scopes::routes::Endpoint for get_users_by_id {
            type Scope = super::Scope;
            type Access = super::__scopes::routes::Scoped;
            type Demand = super::permits::UsersRead;
            const ID: super::__scopes::__private::RouteId = super::__scopes::__private::RouteId::new(
                1u16,
            );
        }
        pub enum r#move {}
        impl super::__scopes::routes::Endpoint for r#move {
            type Scope = super::Scope;
            type Access = super::__scopes::routes::Scoped;
            type Demand = super::permits::UsersWrite;
            const ID: super::__scopes::__private::RouteId = super::__scopes::__private::RouteId::new(
                2u16,
            );
            const TEXT_BESIDE_PARAMETER: super::__core::primitive::bool = true;
            const HIDDEN_WITHOUT_TEXT: super::__core::primitive::bool = false;
            const SIGN_IN_TEXT: super::__core::primitive::bool = true;
            const ASTERISK_AT_THE_END: super::__core::primitive::bool = false;
        }
        pub enum post_users {}
        impl super::__scopes::routes::Endpoint for post_users {
            type Scope = super::Scope;
            type Access = super::__scopes::routes::Scoped;
            type Demand = super::__scopes::Any<
                super::permits::EventsRead,
                super::__scopes::All<
                    super::permits::UsersRead,
                    super::permits::UsersWrite,
                >,
            >;
            const ID: super::__scopes::__private::RouteId = super::__scopes::__private::RouteId::new(
                4u16,
            );
        }
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
    ///Merges parts of the API's routes (each a `Routes` or what was merged of them) to the whole. It does not compile unless every group of the catalogue is among them, once.
    pub use __scopes_api_HASH_covered as assert_covered;
