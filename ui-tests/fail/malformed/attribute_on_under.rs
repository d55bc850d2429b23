scopes::scopes! {
    pub mod api;
    users.read {
        #[deprecated = "use /v2"]
        under "/v1" { GET "/users"; }
    }
}

fn main() {}
