scopes::scopes! {
    pub mod api;
    Routes;
    users.read { GET "/users"; }
}

fn main() {}
