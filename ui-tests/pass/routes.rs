use axum::extract::{Path, State};
use scopes::axum::{Gated, Partial, handler, router};
use scopes::{All, Any, Permit, Stricter, requires};

scopes::scopes! {
    pub mod api;
    routes;
    base "/api/v0";
    tenant env;

    users.read {
        under "/environments/:env" {
            GET "/users" as list_users;
            GET "/users/{user}" as get_user;
        }
    }
    users.write {
        POST "/environments/:env/users" as create_user;
        "PURGE" "/environments/:env/users" as purge_users;
    }
    events.read { GET "/environments/:env/either" as either; }
    events.export { GET "/environments/:env/either"; }
    reports.read { GET "/environments/:env/either"; }
    all(users.write, events.read, reports.read) { POST "/environments/:env/users/{user}:replay" as replay; }
    all(users.write, reports.read) { POST "/environments/:env/mixed" as mixed; }
    users.mixed { POST "/environments/:env/mixed"; }
    authenticated("who am I") { GET "/me" as me; GET "/you" as you; }
    public("liveness probe") { GET "/health" as health; }
    external("signed by the sender") { POST "/hook" as hook; }
}

use api::permits::{EventsExport, EventsRead, ReportsRead, UsersMixed, UsersRead, UsersWrite};

#[derive(Clone)]
struct App;

#[requires(api::users.read)]
async fn list_users(State(_): State<App>, _: Path<String>) {}

// Sixteen arguments with the permit.
#[rustfmt::skip]
#[requires(api::users.read)]
#[allow(clippy::too_many_arguments, reason = "as many as a handler may have")]
async fn get_user(
    _: State<App>, _: State<App>, _: State<App>, _: State<App>, _: State<App>, _: State<App>, _: State<App>,
    _: State<App>, _: State<App>, _: State<App>, _: State<App>, _: State<App>, _: State<App>, _: State<App>,
    body: String,
) -> String {
    body
}

// Equal requirements in another order, in the attribute and by hand.
#[requires(any(api::reports.read, api::events.export, api::events.read))]
async fn either() {}

async fn replay(_: Permit<All<EventsRead, All<UsersWrite, ReportsRead>>>) {}

async fn mixed(_: Permit<Any<All<UsersWrite, ReportsRead>, UsersMixed>>) {}

// A stricter requirement than the route's.
async fn create_user(_: Permit<Stricter<All<UsersWrite, Any<EventsExport, UsersRead>>>>) {}

struct Service;

impl Service {
    #[requires(api::users.write as permit)]
    async fn purge_users() -> String {
        format!("{permit:?}")
    }
}

async fn me(_: api::Grant, _: String) {}

async fn you(_: Permit<Stricter<UsersRead>>) {}

fn users() -> Partial<api::users::Routes, App> {
    let routes = api::users::Routes {
        list_users: handler(list_users),
        get_user: handler(get_user),
        create_user: handler(create_user),
        purge_users: handler(Service::purge_users),
        replay: handler(replay),
        mixed: handler(mixed),
    };
    routes.partial()
}

fn rest() -> Partial<(api::events::Routes, api::Routes), App> {
    let events = api::events::Routes { either: handler(either) };
    let rest = api::Routes {
        me: handler(me),
        you: handler(you),
        health: handler("ok"),
        hook: handler(async |_: State<App>| "hooked"),
    };
    events.partial().merge(rest.partial())
}

// The parts may stand in any order, and some may be merged before.
fn gated() -> Gated<api::Scope> {
    api::gate(router(api::assert_covered!(rest(), users())).with_state(App))
}

fn main() {
    let _ = gated();
    let _ = api::gate(router(users().merge(rest()).covered()).with_state(App));
    let _ = api::assert_covered!(users().merge(rest()));
}
