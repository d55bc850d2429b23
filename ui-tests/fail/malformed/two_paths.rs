scopes::scopes! {
    pub mod api;
    users.read { GET "/a", "/b"; }
}

fn main() {}
