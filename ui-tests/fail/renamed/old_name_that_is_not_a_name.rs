scopes::scopes! {
    mod api;
    #[was("users view")]
    users.read { GET "/users"; }
}

fn main() {}
