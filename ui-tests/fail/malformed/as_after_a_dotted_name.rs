scopes::scopes! {
    pub mod api;
    users.read as people.read { GET "/users"; }
}

fn main() {}
