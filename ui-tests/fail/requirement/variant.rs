scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(api::Scope::UsersRead)]
fn list() {}

fn main() {}
