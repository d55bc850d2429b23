scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(scopes = ["users.read"])]
fn list() {}

fn main() {}
