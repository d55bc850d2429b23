scopes::scopes! {
    pub mod api;
    users.read, users.write { GET "/users"; }
}

fn main() {}
