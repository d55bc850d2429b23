scopes::scopes! {
    pub mod api;
    users.read { "*" "/users"; }
}

fn main() {}
