scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(api::users.read, unchecked_route)]
fn list() {}

fn main() {}
