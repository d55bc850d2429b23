use scopes::axum::{Partial, handler};

scopes::scopes! {
    pub mod api;
    routes;
    users.read { GET "/users" as list_users; }
}

fn users() -> Partial<api::users::Routes> {
    api::users::Routes { list_users: handler(|| async { "[]" }) }.partial()
}

fn main() {
    users();
}
