//! The handlers of the example.

use axum::extract::Path;
use catalogue::api;
use catalogue::api::environment;
use scopes::axum::{Partial, handler, router};
use scopes::{Permit, requires};

#[requires(api::environment.users.read)]
pub async fn list_users() -> &'static str {
    "[]"
}

#[requires(environment.users.read, GET "/api/environments/:environmentId/users/:userId")]
pub async fn get_user(Path((env, user)): Path<(String, String)>) -> String {
    format!("{env} {user}")
}

#[requires(catalogue::api::environment.users.write as permit)]
pub async fn create_user(body: String) -> String {
    let who = permit.subject().unwrap_or("unknown").to_owned();
    who + &body
}

#[requires(any(api::environment.events.read, api::all.read))]
pub async fn either() -> &'static str {
    "events"
}

#[requires(all(api::environment.users.write, api::environment.events.read))]
pub async fn replay() {}

#[requires(api::environment.events.read)]
pub async fn event_types() -> &'static str {
    "[]"
}

#[requires(api::reports.export, GET "/api/reports")]
pub async fn export_reports() -> &'static str {
    "[]"
}

pub async fn create_note(permit: Permit<api::permits::NotesWrite>) -> String {
    let other = permit.tenant().is_some();
    other.to_string()
}

#[requires(api::environment.users.read, from = grant, tenant = account)]
pub fn export(grant: &api::Grant, account: &str) -> Result<String, scopes::Denied> {
    let upper = account.to_uppercase();
    Ok(upper)
}

pub fn constants() -> (api::Scope, api::Scope, api::Scopes) {
    (api::Scope::EnvironmentUsersRead, api::environment::users::write, api::Scope::set(&[api::notes::write]))
}

pub fn environment_part() -> Partial<api::environment::users::Routes> {
    api::environment::users::Routes {
        list_users: handler(list_users),
        get_user: handler(get_user),
        create_user: handler(create_user),
        replay: handler(replay),
    }
    .partial()
}

pub fn app() -> scopes::axum::Gated<api::Scope> {
    let events = api::environment::events::Routes { event_types: handler(event_types) };
    let notes = api::notes::Routes { create_note: handler(create_note) };
    let reports = api::reports::Routes { export_reports: handler(export_reports) };
    let rest = api::Routes { health: handler(async || "ok") };
    api::gate(router(api::assert_covered!(environment_part(), events, notes, reports, rest)))
}
