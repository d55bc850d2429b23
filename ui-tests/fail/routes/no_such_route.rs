use scopes::axum::{Partial, handler};
use scopes::requires;

scopes::scopes! {
    pub mod api;
    routes;
    users.read { GET "/users" as list_users; }
}

#[requires(api::users.read)]
async fn list_users() {}

fn users() -> Partial<api::users::Routes> {
    api::users::Routes { list_users: handler(list_users), list_user: handler(list_users) }.partial()
}

fn main() {
    users();
}
