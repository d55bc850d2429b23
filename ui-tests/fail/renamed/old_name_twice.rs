scopes::scopes! {
    mod api;
    #[was("users.view")]
    #[was("users.view")]
    users.read { GET "/users"; }
}

fn main() {}
