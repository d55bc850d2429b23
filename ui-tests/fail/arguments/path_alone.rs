scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    users.write { POST "/users"; }
}

#[scopes::requires(api::users.read, "/users")]
fn handler() {}

fn main() {}
