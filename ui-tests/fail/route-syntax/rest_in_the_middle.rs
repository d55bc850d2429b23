scopes::scopes! {
    pub mod api;
    files.read { GET "/files/{*path}/preview"; }
}

fn main() {}
