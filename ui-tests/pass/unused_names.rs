#![deny(warnings)]

scopes::scopes! {
    mod api;
    users.read { GET "/users"; }
}

use api::users;

// The only use of the import is in the attribute.
#[scopes::requires(users.read)]
fn list() {}

fn main() {
    list(scopes::test::permit(None));
}
