scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(api::users.reed)]
async fn list() -> &'static str {
    "users"
}

fn main() {
    let _: axum::Router = axum::Router::new().route("/users", axum::routing::get(list));
}
