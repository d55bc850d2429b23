scopes::scopes! {
    pub mod api;
    users.read { GET "/users" as listUsers; }
}

fn main() {}
