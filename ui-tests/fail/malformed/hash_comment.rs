scopes::scopes! {
    pub mod api;
    # comment
    users.read { GET "/users"; }
}

fn main() {}
