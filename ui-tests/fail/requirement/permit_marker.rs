scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

#[scopes::requires(api::permits::UsersRead)]
fn list() {}

fn main() {}
