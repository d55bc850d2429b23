scopes::scopes! {
    pub mod api;
    users.read { under "/environments/:id" { GET "/users/{id}"; } }
}

fn main() {}
