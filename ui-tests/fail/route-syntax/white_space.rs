scopes::scopes! {
    pub mod api;
    users.read { GET "/all users"; }
}

fn main() {}
