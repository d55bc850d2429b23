scopes::scopes! {
    pub mod api;
    users.read {
        under "/v1" {
            under "/environments" { GET "/users"; }
        }
    }
}

fn main() {}
