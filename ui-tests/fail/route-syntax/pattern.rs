scopes::scopes! {
    pub mod api;
    users.read { GET "/users/{userId:[0-9]+}"; }
}

fn main() {}
