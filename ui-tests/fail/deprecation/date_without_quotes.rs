scopes::scopes! {
    mod api;
    #[deprecated(since = 2026)]
    users.list { GET "/users"; }
}

fn main() {}
