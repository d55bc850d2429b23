scopes::scopes! {
    pub mod api;
    users.read { GET, HEAD "/users"; }
}

fn main() {}
