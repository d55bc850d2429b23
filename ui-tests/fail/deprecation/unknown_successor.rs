scopes::scopes! {
    mod api;
    users.read { GET "/users"; }
    #[deprecated(use = users.raed)]
    users.list;
}

fn main() {}
