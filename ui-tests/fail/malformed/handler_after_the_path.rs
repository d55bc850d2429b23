scopes::scopes! {
    pub mod api;
    users.read { GET "/users" => list_users; }
}

fn main() {}
