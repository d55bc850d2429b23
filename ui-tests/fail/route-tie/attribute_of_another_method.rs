scopes::scopes! {
    pub mod api;
    users.read { GET "/v1/users"; }
}

#[scopes::requires(api::users.read)]
#[rust_analyzer::path(put, path = "/v1/users")]
fn list() {}

fn main() {}
