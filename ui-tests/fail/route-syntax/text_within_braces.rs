scopes::scopes! {
    pub mod api;
    users.read { GET "/users{.ext}"; }
}

fn main() {}
