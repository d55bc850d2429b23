scopes::scopes! {
    pub mod api;
    users.read { GET "/users/{user id}"; }
}

fn main() {}
