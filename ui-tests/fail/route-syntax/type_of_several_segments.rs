scopes::scopes! {
    pub mod api;
    users.read { GET "/files/{name:path}"; }
}

fn main() {}
