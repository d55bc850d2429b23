scopes::scopes! {
    pub mod api;
    routes = true;
    users.read { GET "/users"; }
}

fn main() {}
