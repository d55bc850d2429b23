scopes::scopes! {
    pub mod api;
    users.read { GET "/files/*.json"; }
}

fn main() {}
