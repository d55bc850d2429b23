scopes::scopes! {
    pub mod api;
    base /api/v0;
    users.read { GET "/users"; }
}

fn main() {}
