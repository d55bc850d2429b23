scopes::scopes! { pub mod api; users.read { GET "/users/{id}"; } }

#[scopes::requires(api::users.read, second = true)]
async fn show(_: axum::extract::Path<u32>) {}

fn main() {}
