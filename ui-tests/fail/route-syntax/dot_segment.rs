scopes::scopes! {
    pub mod api;
    users.read { GET "/users/./settings"; }
}

fn main() {}
