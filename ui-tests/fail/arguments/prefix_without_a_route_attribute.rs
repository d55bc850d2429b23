scopes::scopes! {
    pub mod api;
    users.read { GET "/v1/users"; }
}

#[scopes::requires(api::users.read, prefix = "/v1")]
fn list() {}

fn main() {}
