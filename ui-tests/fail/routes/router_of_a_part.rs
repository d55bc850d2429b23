use scopes::axum::{guard, handler, router};

scopes::scopes! {
    pub mod api;
    routes;
    users.read { GET "/users" as list_users; }
    events.read { GET "/events" as list_events; }
}

fn app() -> axum::Router {
    let list_users = handler(guard::<api::permits::UsersRead, _>(async || "[]"));
    router(api::users::Routes { list_users }.partial())
}

fn main() {
    app();
}
