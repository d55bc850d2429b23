scopes::scopes! {
    pub mod api;
    base "/v1";
    base "/v2";
    users.read { GET "/users"; }
}

fn main() {}
