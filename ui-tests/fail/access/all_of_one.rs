scopes::scopes! {
    pub mod api;
    users.read;
    all(users.read) { GET "/users"; }
}

fn main() {}
