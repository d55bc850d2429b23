scopes::scopes! {
    pub mod api;
    users.read {
        GET "/users" as users;
        GET "/people" as users;
    }
}

fn main() {}
