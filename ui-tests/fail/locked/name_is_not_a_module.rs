scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

fn main() {
    scopes::assert_locked!("locks/my-api.scopes.json");
}
