scopes::scopes! {
    #[strict]
    pub mod api;
    users.read { GET "/users"; }
}

fn main() {}
