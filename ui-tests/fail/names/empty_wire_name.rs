scopes::scopes! {
    pub mod api;
    "" { GET "/users"; }
}

fn main() {}
