scopes::scopes! {
    pub mod api;
    users.read { GET "/users" as users; }
    all.read { GET "/users" as all_users; }
}

fn main() {}
