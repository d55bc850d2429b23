scopes::scopes! {
    pub mod api;
    #[raw(file)]
    files.read { GET "/files/{file}"; }
}

fn main() {}
