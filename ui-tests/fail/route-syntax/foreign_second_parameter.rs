scopes::scopes! {
    pub mod api;
    users.read { GET "/files/{name}{.ext}"; }
}

fn main() {}
