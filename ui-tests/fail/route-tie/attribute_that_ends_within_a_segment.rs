scopes::scopes! {
    pub mod api;
    users.read { GET "/v1/all-users"; }
}

#[scopes::requires(api::users.read)]
#[rust_analyzer::get("users")]
fn list() {}

fn main() {}
