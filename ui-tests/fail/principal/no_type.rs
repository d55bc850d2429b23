scopes::scopes! {
    pub mod api;
    principal = 7;
    users.read { GET "/users"; }
}

fn main() {}
