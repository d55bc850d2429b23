use scopes::axum::{Partial, handler};
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

#[requires(billing::invoices.read)]
async fn list_invoices() {}

fn users() -> Partial<api::users::Routes> {
    api::users::Routes { list_users: handler(list_users) }.partial()
}

fn invoices() -> Partial<billing::invoices::Routes> {
    billing::invoices::Routes { list_invoices: handler(list_invoices) }.partial()
}

fn main() {
    users().merge(invoices());
}
