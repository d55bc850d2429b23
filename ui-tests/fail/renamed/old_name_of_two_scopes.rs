scopes::scopes! {
    mod api;
    #[was("users.view")]
    users.read { GET "/users"; }
    #[was("users.view")]
    people.read { GET "/people"; }
}

fn main() {}
