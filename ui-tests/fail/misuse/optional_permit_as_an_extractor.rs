use axum::{Router, routing::get};

scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

async fn list(_: Option<scopes::Permit<api::permits::UsersRead>>) {}

fn main() {
    let _: Router = Router::new().route("/users", get(list));
}
