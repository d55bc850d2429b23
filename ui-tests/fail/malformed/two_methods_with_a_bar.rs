scopes::scopes! {
    pub mod api;
    users.read { GET|POST "/users"; }
}

fn main() {}
