use scopes::axum::{Partial, guarded};

scopes::scopes! {
    pub mod api;
    routes;
    authenticated("who am I") { GET "/me" as me; }
}

fn others() -> Partial<api::Routes> {
    api::Routes { me: guarded(|| async { "myself" }) }.partial()
}

fn main() {
    others();
}
