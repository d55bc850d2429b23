scopes::scopes! {
    mod api;
    #[was("users.read")]
    users.read { GET "/users"; }
}

fn main() {}
