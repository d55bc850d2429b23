// `Stricter` inside of another requirement would stand for any scope.
use scopes::axum::{Partial, handler};
use scopes::{All, Permit, Stricter};

scopes::scopes! {
    pub mod api;
    routes;
    users.read;
    users.write;
    events.read;
    all(users.write, events.read) { POST "/users" as create_user; }
}

use api::permits::{EventsRead, UsersRead};

async fn create_user(_: Permit<All<EventsRead, Stricter<UsersRead>>>) {}

fn users() -> Partial<api::users::Routes> {
    api::users::Routes { create_user: handler(create_user) }.partial()
}

fn main() {
    users();
}
