use axum::{Router, routing::get};

scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

fn main() {
    let _ = api::gate(Router::new()).route("/debug", get(async || "unguarded"));
}
