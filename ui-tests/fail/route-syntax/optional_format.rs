scopes::scopes! {
    pub mod api;
    users.read { GET "/users(.:format)"; }
}

fn main() {}
