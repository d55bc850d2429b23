scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    all.read { GET "/users"; }
}

#[scopes::requires(api::users.read, api::all.read)]
fn list() {}

fn main() {}
