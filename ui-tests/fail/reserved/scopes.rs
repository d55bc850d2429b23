scopes::scopes! {
    pub mod api;
    Scopes.read { GET "/users"; }
}

fn main() {}
