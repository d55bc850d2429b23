scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; GET "/users/:userId"; }
}

#[scopes::requires(api::users.read, GET "/users", GET "/users/:userId")]
fn list() {}

fn main() {}
