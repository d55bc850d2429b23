scopes::scopes! {
    pub mod api;
    users.read { GET "/v1/users"; }
    users.write { POST "/v1/users"; }
}

// Tool attributes stand for those of frameworks.
#[scopes::requires(api::users.read)]
#[rust_analyzer::post("/users")]
fn create() {}

fn main() {}
