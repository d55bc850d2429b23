use scopes::axum::{guarded, router};

scopes::scopes! {
    pub mod api;
    routes;
    users.read { GET "/users" as list_users; }
    events.read { GET "/events" as list_events; }
}

fn app() -> axum::Router {
    let list_users = guarded(async || "[]");
    router(api::users::Routes { list_users }.partial())
}

fn main() {
    app();
}
