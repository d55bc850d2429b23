scopes::scopes! {
    pub mod api;
    super.read { GET "/users"; }
}

fn main() {}
