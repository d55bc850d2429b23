use scopes::axum::Partial;
use scopes::requires;

scopes::scopes! {
    pub mod api;
    routes;
    users.read { GET "/users" as list_users; }
}

#[requires(api::users.read)]
async fn list_users() {}

fn users() -> Partial<api::users::Routes> {
    api::users::Routes { list_users }.partial()
}

fn main() {
    users();
}
