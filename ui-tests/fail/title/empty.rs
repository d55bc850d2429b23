scopes::scopes! {
    mod api;
    #[title = ""]
    users.read { GET "/users"; }
}

fn main() {}
