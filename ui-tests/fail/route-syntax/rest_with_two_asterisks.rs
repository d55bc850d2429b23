scopes::scopes! {
    pub mod api;
    users.read { GET "/files/{**path}"; }
}

fn main() {}
