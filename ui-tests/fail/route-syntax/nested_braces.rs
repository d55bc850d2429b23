scopes::scopes! {
    pub mod api;
    users.read { GET "/users/{{userId}}"; }
}

fn main() {}
