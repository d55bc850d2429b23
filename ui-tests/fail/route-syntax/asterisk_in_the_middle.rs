scopes::scopes! {
    pub mod api;
    users.read { GET "/users/*/keys"; }
}

fn main() {}
