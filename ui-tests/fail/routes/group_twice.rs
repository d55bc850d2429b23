use scopes::axum::{Partial, handler, router};
use scopes::requires;

scopes::scopes! {
    pub mod api;
    routes;
    users.read { GET "/users" as list_users; }
}

#[requires(api::users.read)]
async fn list_users() {}

fn users() -> Partial<api::users::Routes> {
    api::users::Routes { list_users: handler(list_users) }.partial()
}

fn main() {
    api::gate(router(api::assert_covered!(users(), users())));
}
