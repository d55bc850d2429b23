scopes::scopes! {
    pub mod api;
    users.read {
        GET "/users/:userId";
        GET "/users/:name";
    }
}

fn main() {}
