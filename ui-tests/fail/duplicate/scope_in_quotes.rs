scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    "users.read" { GET "/people"; }
}

fn main() {}
