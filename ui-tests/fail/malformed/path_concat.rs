scopes::scopes! {
    pub mod api;
    users.read { GET concat!("/users", "/x"); }
}

fn main() {}
