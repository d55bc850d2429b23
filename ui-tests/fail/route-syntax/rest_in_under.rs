scopes::scopes! {
    pub mod api;
    files.read { under "/files/{*path}" { GET "/preview"; } }
}

fn main() {}
