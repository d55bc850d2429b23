scopes::scopes! { pub mod api; users.read { GET "/users"; } users.write { POST "/users"; } }

#[scopes::requires("users.read", "users.write")]
async fn list() {}

fn main() {}
