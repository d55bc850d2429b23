scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
    all.read implies users.read;
}

fn main() {}
