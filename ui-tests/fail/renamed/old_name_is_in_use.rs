scopes::scopes! {
    mod api;
    users.read { GET "/users"; }
    #[was("users.read")]
    people.read { GET "/people"; }
}

fn main() {}
