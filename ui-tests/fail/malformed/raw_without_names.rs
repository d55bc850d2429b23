scopes::scopes! {
    pub mod api;
    files.read {
        #[raw]
        GET "/files/{file}";
    }
}

fn main() {}
