scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(api::users.reed, stricter)]
fn list() {}

fn main() {}
