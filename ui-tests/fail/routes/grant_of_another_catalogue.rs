use scopes::axum::{Partial, handler};

scopes::scopes! {
    pub mod api;
    routes;
    authenticated("who am I") { GET "/me" as me; }
}

scopes::scopes! {
    pub mod billing;
    invoices.read { GET "/invoices"; }
}

async fn me(_: billing::Grant) {}

fn rest() -> Partial<api::Routes> {
    api::Routes { me: handler(me) }.partial()
}

fn main() {
    rest();
}
