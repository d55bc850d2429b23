scopes::scopes! {
    pub mod api;
    users.read { GET "/users(/:id)"; }
}

fn main() {}
