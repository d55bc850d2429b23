scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(crate.api.users.read)]
fn list() {}

fn main() {}
