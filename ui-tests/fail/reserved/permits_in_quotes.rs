scopes::scopes! {
    pub mod api;
    "permits:read" { GET "/users"; }
}

fn main() {}
