scopes::scopes! {
    mod api;
    #[deprecated(use = users.list)]
    users.list { GET "/users"; }
}

fn main() {}
