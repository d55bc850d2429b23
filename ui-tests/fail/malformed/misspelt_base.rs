scopes::scopes! {
    pub mod api;
    bas "/api";
    users.read { GET "/users"; }
}

fn main() {}
