scopes::scopes! {
    pub mod api;
    environment.users.read { GET "/users"; }
}

use api::environment;

#[scopes::requires(environment::users::read)]
fn list() {}

fn main() {}
