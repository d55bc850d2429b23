scopes::scopes! {
    pub mod api;
    users.read: { GET "/users"; }
}

#[scopes::requires(api::users.read, GET "/users")]
fn list() {}

fn main() {}
