scopes::scopes! {
    pub mod api;
    "users:read" as { GET "/users"; }
}

fn main() {}
