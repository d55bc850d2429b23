scopes::scopes! {
    pub mod api;
    users.read { GET "/users;version=1"; }
}

fn main() {}
