scopes::scopes! {
    pub mod api;
    users.read {
        under "/v1" { GET "/users"; }
        GET "/v1/users";
    }
}

fn main() {}
