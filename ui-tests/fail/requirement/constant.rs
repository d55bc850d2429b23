scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    users.write { POST "/users"; }
}

const READ: api::Scope = api::Scope::UsersRead;

#[scopes::requires(READ)]
fn list() {}

fn main() {}
