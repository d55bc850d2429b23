scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    users.write { POST "/users"; }
}

fn list(_: scopes::Permit<(api::permits::UsersRead, api::permits::UsersWrite)>) {}

fn main() {}
