scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(api::users.read, POST "/users")]
fn list() {}

fn main() {}
