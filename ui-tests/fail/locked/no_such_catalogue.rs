scopes::scopes! {
    pub mod api;
    users.read { GET "/users"; }
}

fn main() {
    scopes::assert_locked!("apis.scopes.json");
}
