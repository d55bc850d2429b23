scopes::scopes! {
    pub mod api;
    users.read { GET "/users/<int:id>"; }
}

fn main() {}
