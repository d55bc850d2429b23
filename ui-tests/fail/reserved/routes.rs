scopes::scopes! {
    pub mod api;
    Routes.read { GET "/users"; }
}

fn main() {}
