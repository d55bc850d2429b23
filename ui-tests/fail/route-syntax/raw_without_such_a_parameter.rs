scopes::scopes! {
    pub mod api;
    files.read {
        #[raw(pth)]
        GET "/files/{path}";
    }
}

fn main() {}
