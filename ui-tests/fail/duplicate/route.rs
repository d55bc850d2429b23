scopes::scopes! {
    pub mod api;
    users.read {
        GET "/users";
        GET "/users";
    }
}

fn main() {}
