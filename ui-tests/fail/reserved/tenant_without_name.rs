scopes::scopes! {
    pub mod api;
    tenant;
    users.read { GET "/users"; }
}

fn main() {}
