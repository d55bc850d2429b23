scopes::scopes! {
    pub mod api;
    users.0.read { GET "/users"; }
    users.write;
}

#[scopes::requires(api::users.read, GET "/users")]
fn list() {}

fn main() {}
