scopes::scopes! {
    pub mod api;
    users.read { under { GET "/users"; } }
}

fn main() {}
