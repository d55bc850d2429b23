scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(GET "/users", api::users.read)]
fn list() {}

fn main() {}
