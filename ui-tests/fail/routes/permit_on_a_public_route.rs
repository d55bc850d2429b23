use scopes::axum::{Partial, handler};

scopes::scopes! {
    pub mod api;
    routes;
    users.read { GET "/users" as users; }
    public("liveness probe") { GET "/health" as health; }
}

#[scopes::requires(api::users.read)]
async fn health() {}

fn routes() -> Partial<api::Routes> {
    api::Routes { health: handler(health) }.partial()
}

fn main() {}
