scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    users.write { POST "/users"; }
}

#[scopes::requires(not api::users.read)]
fn handler() {}

fn main() {}
