scopes::scopes! {
    pub mod api;
    scope users.read { GET "/users"; }
}

fn main() {}
