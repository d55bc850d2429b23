use axum::Router;

scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

fn main() {
    let _ = api::gate(Router::new()).merge(Router::new());
}
