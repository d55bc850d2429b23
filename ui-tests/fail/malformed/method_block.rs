scopes::scopes! {
    pub mod api;
    users.read { GET { "/users"; "/people"; } }
}

fn main() {}
