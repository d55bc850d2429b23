scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    all.read includs users.read;
}

fn main() {}
