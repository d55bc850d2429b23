scopes::scopes! {
    pub mod api;
    environment.users.read { GET "/users"; }
}

#[scopes::requires(api::environment.users.)]
fn list() {}

fn main() {}
