scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(api::users.read, get "/users")]
fn list() {}

fn main() {}
