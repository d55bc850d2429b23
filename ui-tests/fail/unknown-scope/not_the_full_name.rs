scopes::scopes! {
    pub mod api;
    environment.users.read { GET "/users"; }
}

use api::environment::users;

#[scopes::requires(users.read)]
fn list() {}

fn main() {}
