scopes::scopes! {
    pub mod api;
    users.read {
        GET "/users"
        GET "/users/:userId";
    }
}

fn main() {}
