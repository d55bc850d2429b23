mod declared {
    scopes::scopes! { pub mod api; users.read { GET "/users"; } }
}

#[scopes::requires(api::users.read)]
async fn list() {}

fn main() {
    let _ = declared::api::Scope::ALL;
}
