//! The catalogue of the example.

/// What the application knows of a caller.
pub struct Account;

scopes::scopes! {
    /// What a token may do.
    pub mod api;

    base "/api";
    tenant environmentId;
    principal crate::Account;
    routes;

    /// Read users and their wallets.
    environment.users.read {
        /// Users of an environment.
        GET "/environments/:environmentId/users" as list_users;
        GET "/environments/:environmentId/users/:userId" as get_user;
    }
    /// Change users.
    environment.users.write {
        POST "/environments/:environmentId/users" as create_user;
    }
    /// Read events.
    environment.events.read {
        #[global("the same for every tenant")]
        GET "/eventTypes" as event_types;
    }
    /// Write notes.
    notes.write {
        #[global("notes belong to no tenant")]
        POST "/notes" as create_note;
    }
    /// Export reports. Other crates name this scope in attributes only.
    reports.export {
        #[global("reports are about all tenants")]
        GET "/reports" as export_reports;
    }
    /// Everything that can be read.
    all.read includes *.read;
    /// Users, all of it.
    users.admin includes environment.users.read, environment.users.write;
    /// Reports, all of it.
    reports.admin includes reports.export;

    all(environment.users.write, environment.events.read) {
        POST "/environments/{environmentId}/users/{userId}:replay" as replay;
    }
    public("liveness probe") {
        GET "/health" as health;
    }
}
