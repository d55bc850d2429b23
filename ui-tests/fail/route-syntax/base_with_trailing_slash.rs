scopes::scopes! {
    pub mod api;
    base "/api/";
    users.read { GET "/users"; }
}

fn main() {}
