use scopes::axum::{Partial, guard, handler};

scopes::scopes! {
    pub mod api;
    routes;
    users.read { GET "/users" as list_users; }
    events.read;
}

fn users() -> Partial<api::users::Routes> {
    api::users::Routes { list_users: handler(guard::<api::permits::EventsRead, _>(|| async { "[]" })) }.partial()
}

fn main() {
    users();
}
