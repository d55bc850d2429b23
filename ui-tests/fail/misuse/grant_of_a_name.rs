scopes::scopes! { pub mod api; users.read { GET "/users"; } }

fn grant() -> api::Grant { api::Grant::new("users.read") }

fn main() {}
