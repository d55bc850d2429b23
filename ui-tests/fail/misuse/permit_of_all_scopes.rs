scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

fn list(_: scopes::Permit<api::Scope>) {}

fn main() {}
