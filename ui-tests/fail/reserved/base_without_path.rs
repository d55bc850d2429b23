scopes::scopes! {
    pub mod api;
    base { GET "/users"; }
}

fn main() {}
