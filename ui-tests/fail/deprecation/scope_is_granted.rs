#![deny(deprecated)]

scopes::scopes! {
    mod api;
    users.read { GET "/users"; }
    #[deprecated(since = "2026-11-01", sunset = "2027-05-01", use = users.read)]
    users.list;
}

fn main() {
    let _ = api::Scope::UsersList;
}
