scopes::scopes! { pub mod api; users.read { GET "/users"; } }

fn grant() -> api::Grant { api::Grant::new([api::Scope::UsersRead]) }

fn main() {}
