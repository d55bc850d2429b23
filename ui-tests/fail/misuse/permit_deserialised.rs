scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

fn forged(text: &str) -> serde_json::Result<scopes::Permit<api::permits::UsersRead>> {
    serde_json::from_str(text)
}

fn main() {}
