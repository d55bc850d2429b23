scopes::scopes! {
    pub mod api;
    users.read { GET "/v1/{name=shelves/*/books/*}:get"; }
}

fn main() {}
