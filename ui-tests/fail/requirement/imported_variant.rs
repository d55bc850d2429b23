scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

use api::Scope;

#[scopes::requires(Scope::UsersRead)]
fn list() {}

fn list_of(scope: Scope) -> bool {
    scope == Scope::UsersRead
}

fn main() {
    list_of(Scope::UsersRead);
}
