scopes::scopes! { pub mod api; users.read { GET "/users"; } }

mod constants {
    pub const READ: super::api::Scope = super::api::Scope::UsersRead;
}

#[scopes::requires(constants::READ)]
async fn list() {}

fn main() {}
