scopes::scopes! {
    mod api;
    #[deprecated(since = "2026.11.01")]
    users.list { GET "/users"; }
}

fn main() {}
