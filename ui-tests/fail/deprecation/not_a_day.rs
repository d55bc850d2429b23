scopes::scopes! {
    mod api;
    #[deprecated(since = "2026-02-30")]
    users.list { GET "/users"; }
}

fn main() {}
