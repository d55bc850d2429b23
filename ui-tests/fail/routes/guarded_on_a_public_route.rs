use scopes::axum::{Partial, guarded};

scopes::scopes! {
    pub mod api;
    routes;
    public("liveness probe") { GET "/health" as health; }
}

fn others() -> Partial<api::Routes> {
    api::Routes { health: guarded(|| async { "ok" }) }.partial()
}

fn main() {
    others();
}
