scopes::scopes! {
    pub mod api;
    users.read { GET "/users\n/settings"; }
}

fn main() {}
