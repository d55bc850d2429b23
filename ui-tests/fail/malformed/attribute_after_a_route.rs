scopes::scopes! {
    pub mod api;
    users.read { GET "/users" #[deprecated]; }
}

fn main() {}
