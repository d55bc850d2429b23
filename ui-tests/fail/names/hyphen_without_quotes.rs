scopes::scopes! {
    pub mod api;
    api-tokens.read { GET "/tokens"; }
}

fn main() {}
