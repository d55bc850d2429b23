scopes::scopes! {
    mod api;
    #[deprecated]
    users.find { GET "/users/:user"; }
    #[deprecated(use = users.find)]
    users.list { GET "/users"; }
}

fn main() {}
