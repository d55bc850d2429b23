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
                        self.list_users.into_entry(), self.get_users_by_id.into_entry(),
                        self.r#move.into_entry(), self.post_users.into_entry(),
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
                    self.get_status.into_entry(), self.get_health.into_entry(), self.me
                    .into_entry(),
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
        use super::__core::primitive::{bool as __Bool, u16 as __U16};
        use super::__scopes::routes::{Authenticated, Endpoint, Open, Scoped};
        use super::{Grant, Scope, permits as __Permits};
        pub enum get_status {}
        impl Endpoint for get_status {
            type Scope = Scope;
            type Access = Scoped;
            type Demand = __Permits::Status;
            const INDEX: __U16 = 3;
        }
        pub enum get_health {}
        impl Endpoint for get_health {
            type Scope = Scope;
            type Access = Open;
            type Demand = Scope;
            const INDEX: __U16 = 5;
        }
        pub enum me {}
        impl Endpoint for me {
            type Scope = Scope;
            type Access = Authenticated;
            type Demand = Grant;
            const INDEX: __U16 = 6;
        }
        pub enum list_users {}
        impl Endpoint for list_users {
            type Scope = Scope;
            type Access = Scoped;
            type Demand = __Permits::UsersRead;
            const INDEX: __U16 = 0;
        }
        pub enum get_users_by_id {}
        impl Endpoint for get_users_by_id {
            type Scope = Scope;
            type Access = Scoped;
            type Demand = __Permits::UsersRead;
            const INDEX: __U16 = 1;
        }
        pub enum r#move {}
        impl Endpoint for r#move {
            type Scope = Scope;
            type Access = Scoped;
            type Demand = __Permits::UsersWrite;
            const INDEX: __U16 = 2;
            const TEXT_BESIDE_PARAMETER: __Bool = true;
            const HIDDEN_WITHOUT_TEXT: __Bool = false;
            const SIGN_IN_TEXT: __Bool = true;
            const ASTERISK_AT_THE_END: __Bool = false;
        }
        pub enum post_users {}
        impl Endpoint for post_users {
            type Scope = Scope;
            type Access = Scoped;
            type Demand = super::__scopes::Any<
                __Permits::EventsRead,
                super::__scopes::All<__Permits::UsersRead, __Permits::UsersWrite>,
            >;
            const INDEX: __U16 = 4;
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
