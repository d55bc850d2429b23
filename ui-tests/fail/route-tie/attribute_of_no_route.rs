scopes::scopes! {
    pub mod api;
    users.read { GET "/v1/users/:userId"; }
}

#[scopes::requires(api::users.read)]
#[rust_analyzer::get("/user/{id}")]
fn show() {}

fn main() {}
