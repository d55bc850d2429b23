scopes::scopes! { pub mod api; users.read { GET "/users"; } }

#[scopes::requires(api::users.*)]
async fn list() {}

fn main() {}
