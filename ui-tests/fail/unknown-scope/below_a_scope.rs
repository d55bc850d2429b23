scopes::scopes! {
    pub mod api;
    environment.users.read { GET "/users"; }
}

#[scopes::requires(api::environment.users.read.all)]
fn list() {}

fn main() {}
