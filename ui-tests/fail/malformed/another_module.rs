scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    pub mod admin;
}

fn main() {}
