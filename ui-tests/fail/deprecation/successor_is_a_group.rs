scopes::scopes! {
    mod api;
    users.read { GET "/users"; }
    #[deprecated(use = users)]
    people.read;
}

fn main() {}
