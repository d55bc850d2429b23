scopes::scopes! {
    pub mod api;
    users.read { GET "/v1/users"; }
}

#[scopes::requires(api::users.read, prefix = "/v2")]
#[rust_analyzer::get("/users")]
fn list() {}

fn main() {}
