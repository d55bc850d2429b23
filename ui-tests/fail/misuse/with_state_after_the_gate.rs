scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

fn app(router: axum::Router) -> scopes::axum::Gated<api::Scope> {
    api::gate(router).with_state(7)
}

fn main() {}
