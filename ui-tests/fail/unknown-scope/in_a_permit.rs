scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

fn list(_: scopes::Permit<api::permits::UsersReed>) {}

fn main() {}
