scopes::scopes! {
    pub mod api;
    users.read { GET "/users/:userId"; }
    all.read { GET "/users/:id"; }
}

fn main() {}
