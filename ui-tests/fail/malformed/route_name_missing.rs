scopes::scopes! {
    pub mod api;
    users.read { GET "/users" as; }
}

fn main() {}
