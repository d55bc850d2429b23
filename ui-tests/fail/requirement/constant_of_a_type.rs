scopes::scopes! { pub mod api; users.read { GET "/users"; } }

struct Needed;

impl Needed {
    const READ: api::Scope = api::Scope::UsersRead;
}

#[scopes::requires(Needed::READ)]
async fn list() {}

fn main() {}
