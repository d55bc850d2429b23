scopes::scopes! {
    pub mod api;
    use std::fmt;
    users.read { GET "/users"; }
}

fn main() {}
