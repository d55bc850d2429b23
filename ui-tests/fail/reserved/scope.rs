scopes::scopes! {
    pub mod api;
    Scope.read { GET "/users"; }
}

fn main() {}
