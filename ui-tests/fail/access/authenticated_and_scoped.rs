scopes::scopes! {
    pub mod api;
    authenticated("who am I") { GET "/users/me"; }
    users.read { GET "/users/me"; }
}

fn main() {}
