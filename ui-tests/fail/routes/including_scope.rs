use scopes::axum::{Partial, handler};
use scopes::requires;

scopes::scopes! {
    pub mod api;
    routes;
    users.read { GET "/users" as list_users; }
    all.read includes *.read;
}

#[requires(api::all.read)]
async fn list_users() {}

fn users() -> Partial<api::users::Routes> {
    api::users::Routes { list_users: handler(list_users) }.partial()
}

fn main() {
    users();
}
