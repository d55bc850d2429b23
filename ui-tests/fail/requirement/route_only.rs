scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(GET "/users")]
fn list() {}

fn main() {}
