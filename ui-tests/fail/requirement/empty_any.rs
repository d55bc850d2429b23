scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(any())]
fn list() {}

fn main() {}
