scopes::scopes! {
    pub mod api;
    users.read { GET "/users/{id<int>}"; }
}

fn main() {}
