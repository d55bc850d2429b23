scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; GET "/people"; }
}

#[scopes::requires(api::users.read, GET "/users")]
#[rust_analyzer::get("/people")]
fn list() {}

fn main() {}
