use axum::extract::Path;
use scopes::axum::{Partial, handler};

scopes::scopes! {
    pub mod api;
    routes;
    users.read { GET "/users/{id}" as get_user; }
}

async fn get_user(_: Path<String>) {}

fn users() -> Partial<api::users::Routes> {
    api::users::Routes { get_user: handler(get_user) }.partial()
}

fn main() {
    users();
}
