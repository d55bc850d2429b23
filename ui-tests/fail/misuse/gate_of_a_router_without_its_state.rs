use axum::{Router, extract::State, routing::get};

scopes::scopes! {
    pub mod api;
    public("liveness probe") { GET "/health"; }
}

async fn health(State(name): State<String>) -> String {
    name
}

fn main() {
    let router: Router<String> = Router::new().route("/health", get(health));
    let _ = api::gate(router);
}
