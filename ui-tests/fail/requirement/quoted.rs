scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires("users.read")]
fn list() {}

fn main() {}
