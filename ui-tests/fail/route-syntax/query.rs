scopes::scopes! {
    pub mod api;
    users.read { GET "/users?page=1"; }
}

fn main() {}
