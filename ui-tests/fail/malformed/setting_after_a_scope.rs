scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    base "/api/v0";
}

fn main() {}
