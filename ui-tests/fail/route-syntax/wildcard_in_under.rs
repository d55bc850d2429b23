scopes::scopes! {
    pub mod api;
    users.read {
        under "/tenants/<tenant>" {
            GET "/users/{id:int}";
        }
    }
}

fn main() {}
