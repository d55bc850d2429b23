scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    users.write { POST "/users"; }
}

#[scopes::requires(if admin)]
fn handler() {}

fn main() {}
