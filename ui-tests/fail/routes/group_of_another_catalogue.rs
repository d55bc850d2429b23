use scopes::axum::{Partial, handler, router};
use scopes::requires;

scopes::scopes! {
    pub mod api;
    routes;
    users.read { GET "/users" as list_users; }
}

scopes::scopes! {
    pub mod billing;
    routes;
    invoices.read { GET "/invoices" as list_invoices; }
}

#[requires(api::users.read)]
async fn list_users() {}

fn users() -> Partial<api::users::Routes> {
    api::users::Routes { list_users: handler(list_users) }.partial()
}

fn main() {
    router(billing::assert_covered!(users()));
}
