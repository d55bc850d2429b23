scopes::scopes! {
    pub mod api;
    files.read { GET "/files/v{*path}"; }
}

fn main() {}
