scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

fn forged() -> scopes::Permit<api::permits::UsersRead> {
    Default::default()
}

fn main() {}
