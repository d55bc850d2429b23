scopes::scopes! {
    pub mod api;
    CATALOGUE.read { GET "/users"; }
}

fn main() {}
