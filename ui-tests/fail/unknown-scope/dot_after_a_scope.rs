scopes::scopes! {
    pub mod api;
    environment.users.read { GET "/users"; }
}

#[scopes::requires(api::environment.users.read.)]
fn list() {}

fn main() {}
