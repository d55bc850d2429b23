use scopes::axum::handler;
use scopes::requires;

scopes::scopes! {
    pub mod api;
    routes;
    users.read { GET "/users" as list_users; }
    users.write { POST "/users" as create_user; }
}

#[requires(api::users.read)]
async fn list_users() {}

fn main() {
    let _: scopes::axum::Partial<_> = api::users::Routes { list_users: handler(list_users) }.partial();
}
