scopes::scopes! {
    mod api;
    #[was]
    users.read { GET "/users"; }
}

fn main() {}
