scopes::scopes! {
    pub mod api;
    users.read { under "/environments/" { GET "/users"; } }
}

fn main() {}
