scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    users.write { POST "/users"; }
}

#[scopes::requires(public)]
fn handler() {}

fn main() {}
