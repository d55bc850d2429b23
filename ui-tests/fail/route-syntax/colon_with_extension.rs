scopes::scopes! {
    pub mod api;
    users.read { GET "/users/:id.json"; }
}

fn main() {}
