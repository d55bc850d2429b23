scopes::scopes! {
    pub mod api;
    users.read { GET "/users/{from}-{to}"; }
}

fn main() {}
