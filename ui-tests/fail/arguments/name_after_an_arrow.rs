scopes::scopes! { pub mod api; users.read { GET "/users"; } }

#[scopes::requires(api::users.read => permit)]
async fn list() {}

fn main() {}
