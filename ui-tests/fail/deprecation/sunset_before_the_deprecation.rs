scopes::scopes! {
    mod api;
    #[deprecated(since = "2026-11-01", sunset = "2026-10-31")]
    users.list { GET "/users"; }
}

fn main() {}
