scopes::scopes! {
    pub mod api;
    routes {}
    users.read { GET "/users"; }
}

fn main() {}
