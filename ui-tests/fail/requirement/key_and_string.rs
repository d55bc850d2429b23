scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(scope = "users.read")]
fn list() {}

fn main() {}
