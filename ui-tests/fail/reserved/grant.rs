scopes::scopes! {
    pub mod api;
    Grant { GET "/users"; }
}

fn main() {}
