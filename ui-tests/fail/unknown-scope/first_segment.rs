scopes::scopes! {
    pub mod api;
    environment.users.read { GET "/users"; }
}

#[scopes::requires(api::enviroment.users.read)]
fn list() {}

fn main() {}
