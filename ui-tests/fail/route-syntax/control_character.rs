scopes::scopes! {
    pub mod api;
    users.read { GET "/users\0"; }
}

fn main() {}
