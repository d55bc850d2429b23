scopes::scopes! {
    pub mod api;
    users.read { GET "/users/:id/friends/:id"; }
}

fn main() {}
