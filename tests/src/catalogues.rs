//! The catalogues that the servers under test serve, and their requirements as types.

use scopes::{All, Any, Required, Route, Scope};

/// A catalogue of the suite.
pub trait Served: Scope {
    /// Gives the route's requirement to the visitor as a type.
    ///
    /// # Panics
    /// If the route's requirement is missing in the list of its catalogue here.
    fn visit<V: Visitor<Self>>(route: Route<'static>, visitor: V) -> V::Output;
}

/// An operation on a requirement that is given as a type.
pub trait Visitor<S: Scope> {
    /// The result of the operation.
    type Output;

    /// Runs the operation with the requirement `R`.
    fn visit<R: Required<Scope = S>>(self) -> Self::Output;
}

macro_rules! served {
    ($scope:ty: $($requirement:ty),+ $(,)?) => {
        impl Served for $scope {
            fn visit<V: Visitor<Self>>(route: Route<'static>, visitor: V) -> V::Output {
                $(if <$requirement>::is_requirement_of(route) {
                    return visitor.visit::<$requirement>();
                })+
                panic!("no type is listed for the requirement of {route}")
            }
        }
    };
}

/// The catalogue of the dashboard example: 128 routes, and two for another kind of caller.
#[path = "../../examples/dashboard/src/catalogue.rs"]
pub mod dashboard;

mod dashboard_requirements {
    use super::*;
    use dashboard::api::{Scope, permits::*};

    served! { Scope:
        WaasAuthenticate, WaasDelegatedAccessSignMessage, EnvironmentBalancesRead, EnvironmentApiTokensRead,
        EnvironmentApiTokensWrite, EnvironmentEventsRead, EnvironmentWebhooksRead, EnvironmentWebhooksWrite,
        EnvironmentAnalyticsRead, EnvironmentUsersRead, EnvironmentUsersWrite, EnvironmentSettingsRead,
        EnvironmentSettingsWrite,
    }
}

/// A small catalogue with every kind of route.
pub mod kinds {
    scopes::scopes! {
        /// A small API with every kind of route.
        pub mod api;

        base "/v1";
        tenant environment;

        /// Read items.
        items.read {
            under "/environments/:environment" {
                GET "/items" as list_items;
                GET "/items/:item" as get_item;
                GET "/summary" as get_summary;
                GET "/probe" as get_probe;
                GET "/files/{*path}" as get_file;
            }
            #[unbound("an item knows its environment, which the handler compares")]
            GET "/items/:item" as get_item_anywhere;
        }
        /// Change items.
        items.write {
            under "/environments/:environment" {
                POST "/items" as create_item;
                PUT "/items/:item" as update_item;
                DELETE "/items/:item" as delete_item;
            }
        }
        /// Take all items away: a literal beside a parameter of another scope.
        items.export {
            GET "/environments/:environment/items/export" as export_items;
            #[global("the formats are the same for all users")]
            GET "/formats" as list_formats;
        }
        /// Look whether it is there.
        items.probe { HEAD "/environments/:environment/probe" as head_probe; }
        /// Read reports.
        reports.read {
            GET "/environments/:environment/summary" as get_summary;
            GET "/environments/:environment/reports/:report" as get_report;
        }
        /// Everything that can be read.
        all.read includes *.read;

        all(items.write, reports.read) {
            POST "/environments/{environment}/items/{item}:replay" as replay_item;
            POST "/environments/{environment}/copies" as copy_items;
        }
        public("liveness probe") { GET "/health"; }
        authenticated("who am I") { GET "/me"; }
        external("a webhook with a signature of its own") { POST "/hooks"; }
    }
}

mod kinds_requirements {
    use super::*;
    use kinds::api::{Scope, permits::*};

    served! { Scope:
        ItemsRead, ItemsWrite, ItemsExport, ItemsProbe, ReportsRead, Any<ItemsRead, ReportsRead>,
        All<ItemsWrite, ReportsRead>,
    }
}

/// Deprecated routes and scopes, and a scope that had another name.
pub mod retiring {
    scopes::scopes! {
        /// An API that changes.
        pub mod api;

        base "/v1";
        tenant environment;

        #[was("users.view")]
        #[title = "Read users"]
        users.read {
            under "/environments/:environment" {
                GET "/users" as list_users;
                #[deprecated(since = "2026-11-01", sunset = "2027-05-01", use = users.read)]
                GET "/people" as list_people;
                #[deprecated = "a reason without a date"]
                GET "/folk" as list_folk;
            }
            #[deprecated(sunset = "2027-05-01")]
            #[unbound("the handler compares")]
            GET "/people/:person" as get_person;
        }
        #[deprecated(since = "2026-10-01", use = users.read)]
        users.list {
            GET "/environments/:environment/users" as list_users;
            GET "/environments/:environment/names" as list_names;
        }
        public("status pages") {
            #[deprecated(since = "1970-01-01")]
            GET "/status" as get_old_status;
            GET "/health" as get_health;
        }
        authenticated("who am I") {
            #[deprecated(use = users.read)]
            GET "/who" as get_who;
            GET "/me" as get_me;
        }
    }
}

mod retiring_requirements {
    use super::*;
    use retiring::api::{Scope, permits::*};

    served! { Scope: UsersRead, UsersList, Any<UsersList, UsersRead> }
}

/// The catalogue that the attack corpus is written for, as [`crate::attacks::declaration`] makes it
/// at run time.
pub mod attacked {
    scopes::scopes! {
        /// The catalogue of the attack corpus.
        pub mod api;

        tenant environmentId;

        environment.users.read {
            under "/environments/:environmentId" {
                GET "/users";
                GET "/users/:userId";
            }
        }
        environment.users.write { DELETE "/environments/:environmentId/users/:userId"; }
        environment.balances.read { POST "/environments/:environmentId/users/:userId/balances"; }
        environment.apiTokens.read { GET "/environments/:environmentId/tokens"; }
        environment.apiTokens.write {
            under "/environments/:environmentId" {
                POST "/tokens";
                DELETE "/tokens/:tokenId";
            }
        }
        environment.events.read {
            #[unbound("event types belong to no tenant")]
            GET "/eventTypes";
            GET "/environments/:environmentId/events";
        }
        waas.authenticate { POST "/environments/:environmentId/waas/authenticate"; }
        waas.delegatedAccess.signMessage {
            POST "/environments/:environmentId/waas/:walletId/delegatedAccess/signMessage";
        }
    }
}

mod attacked_requirements {
    use super::*;
    use attacked::api::{Scope, permits::*};

    served! { Scope:
        EnvironmentUsersRead, EnvironmentUsersWrite, EnvironmentBalancesRead, EnvironmentApiTokensRead,
        EnvironmentApiTokensWrite, EnvironmentEventsRead, WaasAuthenticate, WaasDelegatedAccessSignMessage,
    }
}

/// Secrets and literals beside parameters at the root, without a tenant: the escalations that
/// deceive guards that compare paths.
pub mod escalation {
    scopes::scopes! {
        /// Literals of one scope beside parameters of another.
        pub mod api;

        users.read {
            GET "/users";
            GET "/users/:user";
        }
        users.export { GET "/users/export"; }
        secret.read { GET "/secret"; }
        secret.write { POST "/secret"; }
    }
}

/// Routes whose paths other routes match too: text beside a parameter, a literal beside a parameter
/// or in the tenant's place, a catch-all within a catch-all. Every framework can serve them. A
/// router that does not support text beside parameters has one handler for two of them.
pub mod shapes {
    scopes::scopes! {
        /// Routes within routes.
        pub mod api;

        tenant environment;

        users.read {
            #[global("users are of no environment")]
            GET "/users/:user" as get_user;
        }
        users.write {
            #[global("users are of no environment")]
            POST "/users/:user" as update_user;
        }
        users.cancel {
            #[global("users are of no environment")]
            POST "/users/{user}:cancel" as cancel_user;
        }
        users.export {
            #[global("users are of no environment")]
            GET "/users/export" as export_users;
        }
        files.read {
            #[global("files are of no environment")]
            GET "/files/{*path}" as get_file;
        }
        secrets.read {
            #[global("files are of no environment")]
            GET "/files/secret/{*path}" as get_secret;
        }
        items.read { GET "/environments/:environment/items" as list_items; }
        items.all {
            #[global("those of all environments")]
            GET "/environments/all/items" as list_all_items;
        }
        authenticated("who am I") {
            #[global("the caller")]
            GET "/users/me" as get_me;
        }
    }
}

/// Routes whose paths public routes match too. If requests for public handlers are not judged, such
/// a handler gets these paths.
pub mod open_shapes {
    scopes::scopes! {
        /// Routes within public routes.
        pub mod api;

        originals.read { GET "/avatars/{name}.orig" as get_original; }
        reports.read { GET "/pages/reports/{*file}" as get_report; }
        public("avatars are shown to all users") { GET "/avatars/{name}" as get_avatar; }
        public("the site") { GET "/pages/{*page}" as get_page; }
    }
}

mod shapes_requirements {
    use super::*;
    use shapes::api::{Scope, permits::*};

    served! { Scope:
        UsersRead, UsersWrite, UsersCancel, UsersExport, FilesRead, SecretsRead, ItemsRead, ItemsAll,
    }
}

mod open_shapes_requirements {
    use super::*;
    use open_shapes::api::{Scope, permits::*};

    served! { Scope: OriginalsRead, ReportsRead }
}

/// The catalogue of the in-process tests of actix-web and rocket. Each serves the routes that it
/// needs.
pub mod people {
    scopes::scopes! {
        /// Users of environments.
        pub mod api;

        base "/api";
        tenant environment;

        users.read {
            under "/environments/:environment" {
                GET "/users";
                GET "/users/:user" as get_user;
                GET "/files/{*path}";
                GET "/v{version}/users";
                GET "/probe";
            }
            #[unbound("the handler compares")]
            GET "/users/:user" as any_user;
        }
        users.export { GET "/environments/:environment/users/export"; }
        users.write {
            under "/environments/:environment" {
                POST "/users";
                POST "/users/{user}:cancel";
                DELETE "/users/:user";
            }
        }
        users.probe { HEAD "/environments/:environment/probe"; }
        authenticated("who am I") { GET "/me"; }
        public("liveness probe") { GET "/health"; }
    }
}

mod escalation_requirements {
    use super::*;
    use escalation::api::{Scope, permits::*};

    served! { Scope: UsersRead, UsersExport, SecretRead, SecretWrite }
}
