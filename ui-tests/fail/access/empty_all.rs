scopes::scopes! {
    pub mod api;
    users.read;
    all() { GET "/users"; }
}

fn main() {}
