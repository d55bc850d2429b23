use scopes::axum::{Partial, handler};

scopes::scopes! {
    pub mod api;
    routes;
    authenticated("who am I") { GET "/me" as me; }
}

async fn me() {}

fn rest() -> Partial<api::Routes> {
    api::Routes { me: handler(me) }.partial()
}

fn main() {
    rest();
}
