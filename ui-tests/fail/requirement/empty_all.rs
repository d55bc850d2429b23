scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(any(api::users.read, all()))]
fn list() {}

fn main() {}
